package io.newapi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {

    private static final String FORM = "SQL_DSN must have the form user:password@tcp(host:port)/database?parameters: ";
    private static final String POSTGRES_FORM =
            "SQL_DSN must have the form postgres://user:password@host:port/database?parameters: ";

    @ParameterizedTest
    @ValueSource(strings = {"local", "localhost", "local:anything"})
    void aTextThatStartsWithLocalIsSqlite(String dsn) {
        assertThat(Loading.loaded(Map.of("SQL_DSN", dsn, "LOG_SQL_DSN", dsn))
                        .config()
                        .store()
                        .sqliteQuery())
                .isEqualTo("_busy_timeout=30000");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    root:hunter2@tcp(db:3306)/newapi | db | 3306 | root | hunter2 | newapi
                    root:hunter2@tcp(db)/new-api?parseTime=true&loc=UTC&timeout=1m30s | db | 3306 | root | hunter2 | new-api
                    root:hunter2@tcp([::1]:3307)/newapi | ::1 | 3307 | root | hunter2 | newapi
                    root:hunter2@tcp([::1])/newapi | ::1 | 3306 | root | hunter2 | newapi
                    root:hunter2:@/#(tcp(db)@tcp(10.0.0.1:3306)/newapi | 10.0.0.1 | 3306 | root | hunter2:@/#(tcp(db) | newapi
                    root:hunter2@/newapi?charset=utf8mb4 | 127.0.0.1 | 3306 | root | hunter2 | newapi
                    root@tcp/newapi | 127.0.0.1 | 3306 | root | - | newapi
                    root:hunter2@tcp()/newapi | 127.0.0.1 | 3306 | root | hunter2 | newapi
                    root:hunter2@tcp(:3307)/newapi | 127.0.0.1 | 3307 | root | hunter2 | newapi
                    root:hunter2@tcp([fe80::1%eth0]:3307)/newapi | fe80::1%eth0 | 3307 | root | hunter2 | newapi
                    /newapi | 127.0.0.1 | 3306 | '' | - | newapi
                    @/newapi | 127.0.0.1 | 3306 | '' | - | newapi
                    root:hunter2%40@tcp(db)/new%2Dapi | db | 3306 | root | hunter2%40 | new%2Dapi
                    root:hunter2?x=1&@tcp(db)/newapi?parseTime=true | db | 3306 | root | hunter2?x=1& | newapi
                    root:hunter2?loc=a@tcp(db)/newapi | db | 3306 | root | hunter2?loc=a | newapi
                    root:hunter2@tcp(db)/newapi?charset=utf8mb4&parseTime=True&loc=Local | db | 3306 | root | hunter2 | newapi
                    root:hunter2@tcp(db)/newapi?parseTime=True&loc=Asia/Shanghai&tls=false | db | 3306 | root | hunter2 | newapi
                    """)
    void aMySqlAddressIsReadAsGosDriverReadsIt(
            String dsn, String host, int port, String user, String password, String database) {
        MySqlDsn read = mysql(dsn);

        assertThat(read.host()).isEqualTo(host);
        assertThat(read.port()).isEqualTo(port);
        assertThat(read.user()).isEqualTo(user);
        assertThat(read.password().map(Secret::reveal)).isEqualTo(Optional.ofNullable(password));
        assertThat(read.database()).isEqualTo(database);
        assertThat(read.toString()).doesNotContain("hunter2");
    }

    @Test
    void itsParametersAreTranslated() {
        MySqlDsn read = mysql("u:p@tcp(db)/d?tls=skip-verify&timeout=1m30s&readTimeout=1.5s&time_zone=%27%2B00:00%27"
                + "&sql_mode='STRICT_ALL_TABLES'&flag");

        assertThat(read.tls()).isEqualTo(MySqlDsn.Tls.UNVERIFIED);
        assertThat(read.connectTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(read.readTimeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(read.sessionVariables())
                .isEqualTo(Map.of("time_zone", "'+00:00'", "sql_mode", "'STRICT_ALL_TABLES'"));
    }

    @ParameterizedTest
    @CsvSource({
        "true, VERIFIED",
        "1, VERIFIED",
        "false, OFF",
        "0, OFF",
        "skip-verify, UNVERIFIED",
        "Skip-Verify, UNVERIFIED"
    })
    void tlsIsReadAsGosDriverReadsIt(String value, MySqlDsn.Tls tls) {
        assertThat(mysql("u:p@tcp(db)/d?tls=" + value).tls()).isEqualTo(tls);
    }

    @ParameterizedTest
    @CsvSource({"UTC, Z", "'', Z", "Asia/Shanghai, Asia/Shanghai", "Asia%2FShanghai, Asia/Shanghai"})
    void locIsTheZoneOfItsDates(String loc, String zone) {
        assertThat(mysql("u:p@tcp(db)/d?parseTime=true&loc=" + loc).zone()).isEqualTo(ZoneId.of(zone));
    }

    @Test
    void withoutLocTheZoneIsUtcAndLocalIsThatOfTheProcess() {
        assertThat(mysql("u:p@tcp(db)/d").zone()).isEqualTo(ZoneOffset.UTC);
        assertThat(mysql("u:p@tcp(db)/d?loc=Local").zone()).isEqualTo(ZoneId.systemDefault());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allowAllFiles=false",
                "allowCleartextPasswords=false",
                "allowFallbackToPlaintext=false",
                "allowNativePasswords=true",
                "allowOldPasswords=0",
                "charset=utf8mb4,utf8",
                "charset=utf8mb3",
                "checkConnLiveness=false",
                "clientFoundRows=true",
                "collation=utf8mb4_unicode_ci",
                "collation=utf8_general_ci",
                "columnsWithAlias=true",
                "compress=true",
                "connectionAttributes=program_name:newapi,team:a%20b",
                "interpolateParams=true",
                "maxAllowedPacket=0",
                "multiStatements=true",
                "parseTime=True",
                "rejectReadOnly=true",
                "timeTruncate=1ms",
                "writeTimeout=.5s"
            })
    void whatIsSoAnywayIsAcceptedWithoutEffect(String parameter) {
        assertThat(mysql("u:p@tcp(db)/d?" + parameter)).isEqualTo(mysql("u:p@tcp(db)/d"));
    }

    private static ServerDsn server(String dsn) {
        return Loading.loaded(Map.of("SQL_DSN", dsn)).config().store().server().orElseThrow();
    }

    private static MySqlDsn mysql(String dsn) {
        return (MySqlDsn) server(dsn);
    }

    private static PostgresDsn postgres(String dsn) {
        return (PostgresDsn) server(dsn);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    root:hunter2@tcp(db:3306) | there is no / before the database name
                    root:hunter2@tcp(db:3306)/ | there is no database name after the last /
                    root:hunter2@tcp(db:3306)/?charset=utf8 | there is no database name after the last /
                    root:hunter2@db:3306/newapi | the host must stand in brackets after @tcp, as in @tcp(db.example.com:3306)
                    root:hunter2/newapi | the host must stand in brackets after @tcp, as in @tcp(db.example.com:3306)
                    root:hunter2@tcp(db:3306/newapi | the bracket around the address is not closed before the /
                    root:hunter2tcp(db:3306)/newapi | before the bracket must stand @tcp
                    root:hunter2@udp(db:3306)/newapi | before the bracket must stand @tcp
                    root:hunter2@tcp(db:port)/newapi | the address in brackets must be host, host:port or [IPv6 address]:port
                    root:hunter2@tcp(db:70000)/newapi | the address in brackets must be host, host:port or [IPv6 address]:port
                    root:hunter2@tcp(db)/newapi?parseTime=yes | its parameter parseTime must be true or false
                    root:hunter2@tcp(db)/newapi?timeout=30 | its parameter timeout must be a time such as 30s
                    root:hunter2@tcp(db)/newapi?maxAllowedPacket=64M | its parameter maxAllowedPacket must be a number of bytes
                    root:hunter2@tcp(db)/newapi?loc=Asia%2FNowhere | its parameter loc must be UTC, Local or the name of a time zone, such as Asia%2FShanghai
                    root:hunter2@tcp(db)/newapi?loc=%2B08:00 | its parameter loc must be UTC, Local or the name of a time zone, such as Asia%2FShanghai
                    root:hunter2@tcp(db)/newapi?loc=Asia%Shanghai | its parameter loc has a % that no two hexadecimal digits follow
                    root:hunter2@tcp(db)/newapi?charset=gbk | its parameter charset must be utf8mb4 or utf8
                    root:hunter2@tcp(db)/newapi?collation=gbk_bin | its parameter collation must be one of utf8mb4 or utf8
                    root:hunter2@tcp(db)/newapi?tls=preferred | its parameter tls cannot be preferred, which anybody between the two can turn into no protection: say true, skip-verify or false
                    root:hunter2@tcp(db)/newapi?tls=custom | its parameter tls must be true, false or skip-verify: other names are those of settings that a Go program has registered
                    root:hunter2@tcp(db)/newapi?allowAllFiles=true | its parameter allowAllFiles cannot be true: the gateway never sends files to the server
                    root:hunter2@tcp(db)/newapi?allowCleartextPasswords=1 | its parameter allowCleartextPasswords cannot be true: the gateway never sends a password as it is
                    root:hunter2@tcp(db)/newapi?allowFallbackToPlaintext=true | its parameter allowFallbackToPlaintext cannot be true: a connection that is to be encrypted never falls back to plain text
                    root:hunter2@tcp(db)/newapi?allowOldPasswords=true | its parameter allowOldPasswords cannot be true: the passwords of MySQL 4.0 are no protection
                    root:hunter2@tcp(db)/newapi?allowNativePasswords=false | its parameter allowNativePasswords cannot be false: mysql_native_password cannot be switched off here
                    root:hunter2@tcp(db)/newapi?serverPubKey=key | its parameter serverPubKey is refused: it names a key that a Go program has registered; the gateway asks the server for its key
                    root:hunter2@tcp(db)/newapi?connectionAttributes=newapi | its parameter connectionAttributes must be a list such as name:value,name:value
                    root:hunter2@tcp(db:0)/newapi | the address in brackets must be host, host:port or [IPv6 address]:port
                    root:hunter2@unix/newapi | a socket (@unix) is not supported: name the host, as in @tcp(127.0.0.1:3306)
                    root:hunter2@tcp(db)/newapi?sql_mode=1;drop | its parameter sql_mode is neither one of the driver's nor a server variable with a value such as 1 or 'text'
                    root:hunter2@unix(/run/mysqld.sock)/newapi | a socket (@unix) is not supported: name the host, as in @tcp(127.0.0.1:3306)
                    """)
    void aMalformedMySqlAddressIsRefusedWithItsFault(String dsn, String fault) {
        assertThat(Loading.invalid(Map.of("SQL_DSN", dsn)).problems()).containsExactly(FORM + fault);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    postgres://ada:hunter2@db:5433/newapi | db:5433 | ada | hunter2 | newapi
                    postgresql://ada:hunter2@db/new-api?sslmode=disable | db:5432 | ada | hunter2 | new-api
                    POSTGRES://ada:hunter2@db/newapi | db:5432 | ada | hunter2 | newapi
                    postgres://ada:hunter2%40%3A%2F%23%3F+@db/new%2Fapi | db:5432 | ada | hunter2@:/#?+ | new/api
                    postgres://a%40da:hunter2:2@[::1]:5433/newapi | ::1:5433 | a@da | hunter2:2 | newapi
                    postgres://ada:hunter2@x@db/newapi | db:5432 | ada | hunter2@x | newapi
                    postgres://ada:hunter2@db | db:5432 | ada | hunter2 | ada
                    postgres://ada@/newapi | 127.0.0.1:5432 | ada | - | newapi
                    postgres://ada@one:5433,two/newapi | one:5433 two:5432 | ada | - | newapi
                    """)
    void aPostgresUrlIsRead(String dsn, String hosts, String user, String password, String database) {
        PostgresDsn read = postgres(dsn);

        assertThat(read.hosts().stream().map(host -> host.name() + ":" + host.port()))
                .containsExactly(hosts.split(" "));
        assertThat(read.user()).isEqualTo(user);
        assertThat(read.password().map(Secret::reveal)).isEqualTo(Optional.ofNullable(password));
        assertThat(read.database()).isEqualTo(database);
        assertThat(read.toString()).doesNotContain("hunter2");
    }

    @Test
    void theParametersOfAPostgresUrlAreTranslated() {
        PostgresDsn read = postgres("postgres://u:p@db/d?sslmode=verify-full&sslrootcert=/etc/ca.pem&connect_timeout=3"
                + "&search_path=gateway&target_session_attrs=read-write&statement_timeout=30s&jit=off");

        assertThat(read.tls()).isEqualTo(PostgresDsn.Tls.VERIFY_FULL);
        assertThat(read.rootCertificate()).contains("/etc/ca.pem");
        assertThat(read.connectTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(read.schema()).contains("gateway");
        assertThat(read.primaryOnly()).isTrue();
        assertThat(read.parameters()).isEqualTo(Map.of("statement_timeout", "30s", "jit", "off"));
    }

    @Test
    void ofSeveralServersThePrimaryIsMeantUnlessTheUrlSaysOtherwise() {
        assertThat(postgres("postgres://u:p@a,b/d").primaryOnly()).isTrue();
        assertThat(postgres("postgres://u:p@a,b/d?target_session_attrs=any").primaryOnly())
                .isFalse();
        assertThat(postgres("postgres://u:p@a/d").primaryOnly()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TimeZone=Asia/Shanghai",
                "application_name=new-api",
                "default_query_exec_mode=simple_protocol",
                "sslsni=1",
                "sslmode=prefer"
            })
    void whatIsSoAnywayHasNoEffectOnPostgresEither(String parameter) {
        assertThat(postgres("postgres://u:p@db/d?" + parameter)).isEqualTo(postgres("postgres://u:p@db/d"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    postgres://db/newapi | there is no user before the host
                    postgres://ada:hunter2/x@db/newapi | a / in the user or password must be written %2F
                    postgres://ada:hunter2?x@db/newapi | a ? in the user or password must be written %3F
                    postgres://ada:hunter2#x@db/newapi | a # must be written %23
                    postgres://ada:hunter2%4@db/newapi | the password has a % that no two hexadecimal digits follow
                    postgres://ada:hunter2@db:70000/newapi | the port must be from 1 to 65535
                    postgres://ada:hunter2@db one/newapi | behind the user must stand host, host:port or [IPv6 address]:port; what is special in the password must be percent-encoded, such as @ as %40
                    postgres://ada:hunter2@db/new/api | there is more than one / behind the host
                    postgres://ada:hunter2@db/newapi?sslmode=yes | its parameter sslmode must be disable, allow, prefer, require, verify-ca or verify-full
                    postgres://ada:hunter2@db/newapi?sslcert=c.pem | its parameter sslcert is refused: logging in by certificate is not supported
                    postgres://ada:hunter2@db/newapi?host=/run | its parameter host is refused: the host stands before the database name
                    postgres://ada:hunter2@db/newapi?connect_timeout=3s | its parameter connect_timeout must be whole seconds
                    postgres://ada:hunter2@db/newapi?search_path=a,b | its parameter search_path must be the name of one schema
                    postgres://ada:hunter2@db/newapi?target_session_attrs=standby | its parameter target_session_attrs must be any, read-write or primary: the gateway writes
                    postgres://ada:hunter2@db/newapi?sslmode | a parameter has no value
                    postgres://ada:hunter2@db/newapi?x;y=1 | its parameter x;y is neither one of PostgreSQL's programs nor a setting of the server
                    """)
    void aMalformedPostgresUrlIsRefusedWithItsFault(String dsn, String fault) {
        assertThat(Loading.invalid(Map.of("SQL_DSN", dsn)).problems()).containsExactly(POSTGRES_FORM + fault);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host=db user=root password=hunter2 dbname=newapi",
                "jdbc:postgresql://db/newapi?user=root&password=hunter2"
            })
    void otherFormsForPostgresAreToldFromItsUrl(String dsn) {
        assertThat(Loading.invalid(Map.of("SQL_DSN", dsn)).problems())
                .containsExactly("SQL_DSN must have the form postgres://user:password@host:port/database?parameters"
                        + " for PostgreSQL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"clickhouse://root:hunter2@db/newapi", "https://root:hunter2@db/newapi"})
    void clickHouseIsRefusedByName(String dsn) {
        assertThat(Loading.invalid(Map.of("SQL_DSN", dsn)).problems())
                .containsExactly(
                        "SQL_DSN must be empty for SQLite (the file is SQLITE_PATH) or name a MySQL, MariaDB or"
                                + " PostgreSQL database: ClickHouse is not part of this version");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql://root:hunter2@db:3306/newapi", "jdbc:mysql://db/newapi?user=root&password=hunter2"})
    void aUrlForMySqlIsToldFromItsOwnForm(String dsn) {
        assertThat(Loading.invalid(Map.of("SQL_DSN", dsn)).problems())
                .containsExactly("SQL_DSN must not be a URL: MySQL is named in the form"
                        + " user:password@tcp(host:port)/database?parameters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "root:hunter2@tcp(db:3306)/", "clickhouse://root:hunter2@db/logs"})
    void theLogDatabaseIsJudgedAlikeAndNeverQuoted(String dsn) {
        assertThat(Loading.invalid(Map.of("LOG_SQL_DSN", dsn)).text())
                .startsWith("error: LOG_SQL_DSN must ")
                .doesNotContain("hunter2");
    }

    private static StoreConfig.LogPlace logs(String main, String logs) {
        return Loading.loaded(Map.of("SQL_DSN", main, "LOG_SQL_DSN", logs))
                .config()
                .store()
                .logs();
    }

    @Test
    void logsMayHaveAServerOfTheirOwnWhereverTheRestIs() {
        StoreConfig.LogPlace own = new StoreConfig.LogPlace.OnServer(mysql("u:hunter2@tcp(db:3306)/logs"));

        assertThat(logs("", "u:hunter2@tcp(db:3306)/logs")).isEqualTo(own);
        assertThat(logs("u:p@tcp(db:3306)/newapi", "u:hunter2@tcp(db:3306)/logs"))
                .isEqualTo(own);
        assertThat(logs("postgres://u:p@db/newapi", "u:hunter2@tcp(db:3306)/logs"))
                .isEqualTo(own);
        assertThat(logs("u:p@tcp(db:3306)/newapi", "postgres://u:hunter2@db/newapi"))
                .isEqualTo(new StoreConfig.LogPlace.OnServer(postgres("postgres://u:hunter2@db/newapi")));
        assertThat(own.toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|''",
                "''|local",
                "u:p@tcp(db)/d|''",
                "u:p@tcp(db)/d|other:x@tcp(DB:3306)/d",
                "postgres://u:p@db/d|postgresql://other:x@db:5432/d?sslmode=require"
            })
    void anEmptyTextOrTheSameDatabaseIsTheMainOne(String main, String logs) {
        assertThat(logs(main, logs)).isEqualTo(new StoreConfig.LogPlace.Main());
    }

    @Test
    void logsMayBeInTheFileWhileTheRestIsOnAServer() {
        assertThat(logs("u:p@tcp(db)/d", "local")).isEqualTo(new StoreConfig.LogPlace.InFile());
    }
}

package io.newapi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {

    private static final String FORM = "SQL_DSN must have the form user:password@tcp(host:port)/database?parameters: ";
    private static final String NO_OTHERS =
            "SQL_DSN must be empty for SQLite (the file is SQLITE_PATH) or name a MySQL or" + " MariaDB database: ";

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
        MySqlDsn read = mysql("u:p@tcp(db)/d?tls=skip-verify&timeout=1m30s&readTimeout=1.5s&time_zone=%27UTC%27"
                + "&sql_mode='STRICT_ALL_TABLES'&flag");

        assertThat(read.tls()).isEqualTo(MySqlDsn.Tls.UNVERIFIED);
        assertThat(read.connectTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(read.readTimeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(read.sessionVariables()).isEqualTo(Map.of("time_zone", "'UTC'", "sql_mode", "'STRICT_ALL_TABLES'"));
    }

    private static MySqlDsn mysql(String dsn) {
        return Loading.loaded(Map.of("SQL_DSN", dsn)).config().store().mysql().orElseThrow();
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
                    root:hunter2@tcp(db)/newapi?loc=Asia%2FShanghai | its parameter loc must be UTC: dates are stored in UTC, which is the default
                    root:hunter2@tcp(db)/newapi?charset=gbk | its parameter charset must be utf8mb4
                    root:hunter2@tcp(db)/newapi?collation=gbk_bin | its parameter collation must be one of utf8mb4
                    root:hunter2@tcp(db)/newapi?tls=preferred | its parameter tls must be true, false or skip-verify
                    root:hunter2@tcp(db)/newapi?allowAllFiles=true | its parameter allowAllFiles is not supported: leave it out
                    root:hunter2@tcp(db)/newapi?sql_mode=1;drop | its parameter sql_mode is neither one of the driver's nor a server variable with a value such as 1 or 'text'
                    root:hunter2@unix(/run/mysqld.sock)/newapi | a socket (@unix) is not supported: name the host, as in @tcp(127.0.0.1:3306)
                    """)
    void aMalformedMySqlAddressIsRefusedWithItsFault(String dsn, String fault) {
        assertThat(Loading.invalid(Map.of("SQL_DSN", dsn)).problems()).containsExactly(FORM + fault);
    }

    @ParameterizedTest
    @CsvSource({
        "postgres://root:hunter2@db/newapi, PostgreSQL",
        "postgresql://root:hunter2@db/newapi, PostgreSQL",
        "clickhouse://root:hunter2@db/newapi, ClickHouse",
        "https://root:hunter2@db/newapi, ClickHouse"
    })
    void otherDatabasesAreRefusedByName(String dsn, String database) {
        assertThat(Loading.invalid(Map.of("SQL_DSN", dsn)).problems())
                .containsExactly(NO_OTHERS + database + " is not part of this version");
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
        assertThat(own.toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''|''", "''|local", "u:p@tcp(db)/d|''", "u:p@tcp(db)/d|other:x@tcp(DB:3306)/d"})
    void anEmptyTextOrTheSameDatabaseIsTheMainOne(String main, String logs) {
        assertThat(logs(main, logs)).isEqualTo(new StoreConfig.LogPlace.Main());
    }

    @Test
    void logsMayBeInTheFileWhileTheRestIsOnAServer() {
        assertThat(logs("u:p@tcp(db)/d", "local")).isEqualTo(new StoreConfig.LogPlace.InFile());
    }
}

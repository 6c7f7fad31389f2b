package io.newapi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {

    private static final String FORM = "SQL_DSN must have the form user:password@tcp(host:port)/database?parameters: ";
    private static final String SQLITE_ONLY =
            "SQL_DSN must be empty: this version stores in SQLite (the file is SQLITE_PATH), and ";

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
    @ValueSource(
            strings = {
                "root:hunter2@tcp(db:3306)/newapi",
                "root:hunter2@tcp(db)/newapi?parseTime=true&tls=skip-verify&loc=Asia%2FShanghai&timeout=1m30s",
                "root:hunter2@tcp([::1]:3306)/newapi",
                "root:hunter2@unix(/run/mysqld/mysqld.sock)/newapi?charset=utf8mb4",
                "root:hunter2:@/#(tcp(db)@tcp(10.0.0.1:3306)/newapi",
                "root:hunter2@/newapi",
                "/newapi?loc=Asia/Shanghai",
                "root:hunter2@tcp/newapi?sql_mode='STRICT_ALL_TABLES'&flag"
            })
    void aMySqlAddressIsUnderstoodAndRefused(String dsn) {
        assertThat(Loading.invalid(Map.of("SQL_DSN", dsn)).problems())
                .containsExactly(SQLITE_ONLY + "MySQL is not part of it");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    root:hunter2@tcp(db:3306) | there is no / before the database name
                    root:hunter2@tcp(db:3306)/ | there is no database name after the last /
                    root:hunter2@tcp(db:3306)/?charset=utf8 | there is no database name after the last /
                    root:hunter2@db:3306/newapi | the host must stand in brackets after @tcp, as in @tcp(db.example.com:3306)
                    root:hunter2/newapi | the host must stand in brackets after @tcp, as in @tcp(db.example.com:3306)
                    root:hunter2@tcp(db:3306/newapi | the bracket around the address is not closed before the /
                    root:hunter2tcp(db:3306)/newapi | before the bracket must stand @tcp for a host or @unix for a socket
                    root:hunter2@udp(db:3306)/newapi | before the bracket must stand @tcp for a host or @unix for a socket
                    root:hunter2@tcp(db:port)/newapi | the address in brackets must be host, host:port or [IPv6 address]:port
                    root:hunter2@tcp(db:70000)/newapi | the address in brackets must be host, host:port or [IPv6 address]:port
                    root:hunter2@tcp(db)/newapi?parseTime=yes | its parameter parseTime must be true or false
                    root:hunter2@tcp(db)/newapi?timeout=30 | its parameter timeout must be a time such as 30s
                    root:hunter2@tcp(db)/newapi?maxAllowedPacket=64M | its parameter maxAllowedPacket must be a number of bytes
                    root:hunter2@tcp(db)/newapi?loc=Atlantis | its parameter loc must be a time zone such as UTC, Local or Asia%2FShanghai
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
                .containsExactly(SQLITE_ONLY + database + " is not part of it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql://root:hunter2@db:3306/newapi", "jdbc:mysql://db/newapi?user=root&password=hunter2"})
    void aUrlForMySqlIsToldFromItsOwnForm(String dsn) {
        assertThat(Loading.invalid(Map.of("SQL_DSN", dsn)).problems())
                .containsExactly("SQL_DSN must not be a URL: MySQL is named in the form"
                        + " user:password@tcp(host:port)/database?parameters, and this version stores in SQLite (leave it"
                        + " empty; the file is SQLITE_PATH)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"root:hunter2@tcp(db:3306)/logs", "hunter2"})
    void theLogDatabaseIsJudgedAlikeAndNeverQuoted(String dsn) {
        assertThat(Loading.invalid(Map.of("LOG_SQL_DSN", dsn)).text())
                .startsWith("error: LOG_SQL_DSN must ")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://redis:6379",
                "rediss://:hunter2@redis:6379/1",
                "unix:///run/redis.sock",
                "redis:6379",
                "a:26379,b:26379"
            })
    void aRedisAddressIsRefusedBecauseOneNodeRuns(String address) {
        assertThat(Loading.invalid(Map.of("REDIS_CONN_STRING", address)).problems())
                .containsExactly(
                        "REDIS_CONN_STRING must not be set: clustering is not part of this version, and one node"
                                + " needs no Redis");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "http://redis", "redis:port"})
    void whatIsNoRedisAddressIsSaidToBeNone(String address) {
        assertThat(Loading.invalid(Map.of("REDIS_CONN_STRING", address)).text())
                .contains("it is not a Redis address such as redis://:password@host:6379/0")
                .doesNotContain("hunter2");
    }
}

package io.newapi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemsTest {

    private static final String SECRET = "a secret of sufficient length";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    PORT | http | PORT must be a whole number from 0 to 65535, but is 'http'
                    PORT | 65536 | PORT must be a whole number from 0 to 65535, but is '65536'
                    PORT | "8 0" | PORT must be a whole number from 0 to 65535, but is '8 0'
                    FRONTEND_BASE_URL | gateway.example.com | FRONTEND_BASE_URL must be an address such as https://gateway.example.com, but is 'gateway.example.com'
                    FRONTEND_BASE_URL | "https://a b" | FRONTEND_BASE_URL must be an address such as
                    FRONTEND_BASE_URL | ftp://a | FRONTEND_BASE_URL must be an address such as
                    FRONTEND_BASE_URL | https://user@a | FRONTEND_BASE_URL must be an address such as
                    FRONTEND_BASE_URL | https://a/?b=c | FRONTEND_BASE_URL must be an address such as
                    CRYPTO_SECRET | random_string | CRYPTO_SECRET must be a secret of your own
                    PORT | 99999999999999999999 | PORT must be a whole number from 0 to 65535, but is '99999999999999999999'
                    STREAMING_TIMEOUT | 0 | STREAMING_TIMEOUT must be whole seconds from 1 to 86400, but is '0'
                    RELAY_TIMEOUT | -1 | RELAY_TIMEOUT must be whole seconds from 0 to 86400, but is '-1'
                    SYNC_FREQUENCY | 1m | SYNC_FREQUENCY must be whole seconds, at most 86400, but is '1m'
                    MAX_REQUEST_BODY_MB | 0 | MAX_REQUEST_BODY_MB must be whole megabytes from 1 to 1024, but is '0'
                    GLOBAL_API_RATE_LIMIT | -5 | GLOBAL_API_RATE_LIMIT must be a whole number from 1 to 1000000, but is '-5'
                    FORCE_STREAM_OPTION | yes | FORCE_STREAM_OPTION must be true or false (1, t, T, TRUE, True and 0, f, F, FALSE, False are understood), but is 'yes'
                    NEWAPI_ON_CLIENT_GONE | wait | NEWAPI_ON_CLIENT_GONE must be one of cut, drain, but is 'wait'
                    NEWAPI_LOG_FORMAT | xml | NEWAPI_LOG_FORMAT must be one of text, json, but is 'xml'
                    TZ | Asia/Atlantis | TZ must be the name of a time zone, such as Asia/Shanghai or UTC, but is 'Asia/Atlantis'
                    TRUSTED_PROXIES | 10.0.0.0/33 | TRUSTED_PROXIES must be none, or addresses and CIDR ranges such as 10.0.0.0/8, separated by commas, but is '10.0.0.0/33'
                    TRUSTED_PROXIES | none,10.0.0.1 | TRUSTED_PROXIES must not list anything beside none, but is 'none,10.0.0.1'
                    SQLITE_PATH | :memory: | SQLITE_PATH must name a file; a database in memory would end with the process, but is ':memory:'
                    SQLITE_PATH | x.db?_busy_timeout=abc | SQLITE_PATH: _busy_timeout must be milliseconds from 0 to 600000: abc
                    SESSION_SECRET | random_string | SESSION_SECRET must be a secret of your own, not the random_string of the sample file (openssl rand -hex 32 makes one)
                    NEWAPI_LOGFORMAT | json | NEWAPI_LOG_FORMAT is the nearest name
                    NEWAPI_DRAIN_SECS | 5 | NEWAPI_DRAIN_SECS is not known; NEWAPI_DRAIN_SECONDS is the nearest name that is
                    """)
    void aBadValueIsNamedWithWhatWouldBeRight(String name, String value, String message) {
        assertThat(Loading.invalid(Map.of(name, value)).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem).contains(message));
    }

    @Test
    void allProblemsAreReportedTogether() {
        LoadResult.Invalid invalid = Loading.invalid(
                Map.of("PORT", "x", "NEWAPI_LOG_FORMAT", "y", "NEWAPI_ON_CLIENT_GOES", "z", "SESSION_SECRET", SECRET));

        assertThat(invalid.exitCode()).isEqualTo(1);
        assertThat(invalid.text()).isEqualTo("""
                        error: PORT must be a whole number from 0 to 65535, but is 'x'
                        error: NEWAPI_LOG_FORMAT must be one of text, json, but is 'y'
                        error: NEWAPI_ON_CLIENT_GOES is not known; NEWAPI_ON_CLIENT_GONE is the nearest name that is
                        """);
    }

    @Test
    void aLongValueIsCutAndStaysOnOneLine() {
        String value = "x\n" + "y".repeat(100);

        assertThat(Loading.invalid(Map.of("PORT", value)).problems())
                .containsExactly("PORT must be a whole number from 0 to 65535, but is 'x?" + "y".repeat(58) + "...'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    SYNC_FREQUENCY | 0 | SYNC_FREQUENCY is 0, which is taken as 1 second
                    BATCH_UPDATE_INTERVAL | -3 | BATCH_UPDATE_INTERVAL is -3, which is taken as 1 second
                    BATCH_UPDATE_ENABLED | 1 | BATCH_UPDATE_ENABLED is on only when it is exactly true; it stays off
                    DEBUG | yes | DEBUG is on only when it is exactly true; it stays off
                    SQLITE_PATH | x.db?cache=shared | SQLITE_PATH: the parameter 'cache' is not known and has no effect
                    TLS_INSECURE_SKIP_VERIFY | true | TLS_INSECURE_SKIP_VERIFY is on: certificates of upstreams are not checked
                    SQLDSN | x | SQLDSN is not known; SQL_DSN may be meant
                    Port | 80 | Port is not known; PORT may be meant
                    relay_timeout | 5 | relay_timeout is not known; RELAY_TIMEOUT may be meant
                    SESSION_SERCET | x | SESSION_SERCET is not known; SESSION_SECRET may be meant
                    UPDATE_TASK | false | set, but without effect in this version: UPDATE_TASK
                    NODE_TYPE | slav | NODE_TYPE is none of master, auto and slave: the node is a candidate for the master
                    REDIS_POOL_SIZE | 10 | REDIS_POOL_SIZE has no effect: REDIS_CONN_STRING is not set
                    CRYPTO_SECRET | hunter2 | CRYPTO_SECRET is shorter than 16 characters and can be guessed
                    CRYPTO_SECRET | your_unique_crypto_secret | CRYPTO_SECRET is the one of a sample file, which everybody knows (openssl rand -hex 32 makes another)
                    ERROR_LOG_ENABLED | true | set, but without effect in this version: ERROR_LOG_ENABLED
                    GIN_MODE | release | set, but without effect in this version: GIN_MODE
                    """)
    void aDoubtfulValueIsWarnedOf(String name, String value, String warning) {
        assertThat(Loading.loaded(Map.of(name, value, "SESSION_SECRET", SECRET)).warnings())
                .containsExactly(warning);
    }

    @Test
    void clampedPeriodsAreOneSecond() {
        ServerConfig config = Loading.loaded(Map.of("SYNC_FREQUENCY", "0", "BATCH_UPDATE_INTERVAL", "-3"))
                .config();

        assertThat(config.node().syncFrequency()).hasSeconds(1);
        assertThat(config.ledger().batchInterval()).hasSeconds(1);
    }

    @Test
    void variablesWithoutEffectShareOneWarning() {
        assertThat(Loading.loaded(Map.of(
                                "SESSION_SECRET", SECRET, "SQL_MAX_OPEN_CONNS", "many", "MEMORY_CACHE_ENABLED", "true"))
                        .warnings())
                .containsExactly("set, but without effect in this version: SQL_MAX_OPEN_CONNS, MEMORY_CACHE_ENABLED");
    }

    @Test
    void theSecretOfTheClusterGuideIsWarnedOf() {
        assertThat(Loading.loaded(Map.of("SESSION_SECRET", "your_unique_session_secret"))
                        .warnings())
                .containsExactly(
                        "SESSION_SECRET is the one of a sample file, which everybody knows (openssl rand -hex 32 makes another)");
    }

    @Test
    void aMissingSessionSecretIsWarnedOf() {
        String warning = "SESSION_SECRET is not set: a random one is used, so every restart ends all logins";

        assertThat(Loading.loaded(Map.of()).warnings()).containsExactly(warning);
    }

    @ParameterizedTest
    @CsvSource({
        "NEWAPI_URL",
        "NEWAPI_TOKEN",
        "NEWAPI_USER_ID",
        "NEWAPI_CONFIG",
        "NEWAPI_PROFILE",
        "NEWAPI_USERNAME",
        "NEWAPI_PASSWORD",
        "NEWAPI_2FA_CODE",
        "NEWAPI_DEBUG",
        "NEWAPI_SANDBOX_JAR",
        "NEWAPI_CLI_JAR",
        "NEWAPI_JAVA_OPTS",
        "NEWAPI_TEST_MARIADB",
        "NEWAPI_SERVICE_HOST",
        "NEWAPI_SERVICE_PORT_HTTP",
        "NEWAPI_PORT",
        "NEWAPI_PORT_3000_TCP_ADDR",
        "NEWAPI_WEB_SERVICE_PORT",
        "KUBERNETES_SERVICE_HOST",
        "container",
        "PATH",
        "HOME",
        "http_proxy"
    })
    void namesOfOthersAreLeftAlone(String name) {
        assertThat(Loading.loaded(Map.of(name, "x", "SESSION_SECRET", SECRET)).warnings())
                .isEmpty();
    }

    @Test
    void theFileIsCheckedLikeTheEnvironment(@TempDir Path dir) throws Exception {
        Files.writeString(dir.resolve(".env"), "PORT=x\nNEWAPI_DRIAN_MAX=1\nwhat is this\n");

        assertThat(Loading.invalid(Loading.load(Map.of("SESSION_SECRET", SECRET), dir))
                        .problems())
                .containsExactly(
                        ".env line 3 is not of the form NAME=value",
                        "PORT must be a whole number from 0 to 65535, but is 'x'",
                        "NEWAPI_DRIAN_MAX is not known; NEWAPI_DRAIN_MAX is the nearest name that is");
    }

    @Test
    void everyUnknownNameInTheFileIsWarnedOf(@TempDir Path dir) throws Exception {
        Files.writeString(dir.resolve(".env"), "MYSQL_HOST=db\nSQLDSN=x\nNEWAPI_URL=http://here\nPORT=1\n");

        LoadResult.Loaded loaded =
                Loading.loaded(Loading.load(Map.of("SESSION_SECRET", SECRET, "SOMETHING_OF_THE_SHELL", "x"), dir));

        assertThat(loaded.warnings())
                .containsExactly(
                        "MYSQL_HOST in .env is not known and has no effect",
                        "SQLDSN is not known; SQL_DSN may be meant");
    }

    @Test
    void whatTheManualOfTheCommandLineNamesIsLeftAlone() throws Exception {
        String manual = Files.readString(Path.of("..", "docs", "cli.md"));

        assertThat(Pattern.compile("NEWAPI_[A-Z0-9_]+")
                        .matcher(manual)
                        .results()
                        .map(MatchResult::group))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(Loading.loaded(Map.of(name, "x", "SESSION_SECRET", SECRET))
                                .warnings())
                        .isEmpty());
    }
}

package io.newapi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.quota.FsyncMode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServerConfigTest {

    private static final String OWN_SECRET = "a secret of sufficient length";
    private static final long MEGABYTE = 1024 * 1024;

    /** A value other than the default for every variable that acts, except those that only refuse. */
    private static final Map<String, String> EVERYTHING = Map.ofEntries(
            Map.entry("PORT", "8080"),
            Map.entry("FRONTEND_BASE_URL", "https://gateway.example.com/"),
            Map.entry("NEWAPI_SESSION_SECRET_PREVIOUS", "the secret before this"),
            Map.entry("NODE_NAME", "tokyo-1"),
            Map.entry("NODE_TYPE", "Slave"),
            Map.entry("HOSTNAME", "c0ffee"),
            Map.entry("SHUTDOWN_TIMEOUT_SECONDS", "30"),
            Map.entry("SYNC_FREQUENCY", "15"),
            Map.entry("NEWAPI_DRAIN_DELAY_SECONDS", "3"),
            Map.entry("NEWAPI_DATABASE_WAIT_SECONDS", "120"),
            Map.entry("NEWAPI_METRICS_TOKEN", "a token of sufficient length"),
            Map.entry("TRUSTED_PROXIES", "203.0.113.0/24, 2001:db8::1"),
            Map.entry("VERSION", "v9.9.9"),
            Map.entry("TZ", "Asia/Tokyo"),
            Map.entry("SESSION_SECRET", OWN_SECRET),
            Map.entry("SESSION_COOKIE_SECURE", "true"),
            Map.entry("CRYPTO_SECRET", "a secret that all nodes know"),
            Map.entry("SQLITE_PATH", "/var/lib/newapi/gateway.db?_busy_timeout=5000"),
            Map.entry("SQL_MAX_LIFETIME", "240"),
            Map.entry("NEWAPI_SQL_PIPELINING", "false"),
            Map.entry("BATCH_UPDATE_ENABLED", "true"),
            Map.entry("BATCH_UPDATE_INTERVAL", "2"),
            Map.entry("NEWAPI_DATA_DIR", "/var/lib/newapi/journal"),
            Map.entry("NEWAPI_LEDGER_FSYNC", "always"),
            Map.entry("NEWAPI_LEDGER_JOURNAL_MB", "512"),
            Map.entry("NEWAPI_LEDGER_RECLAIM_SECONDS", "60"),
            Map.entry("STREAMING_TIMEOUT", "120"),
            Map.entry("RELAY_TIMEOUT", "900"),
            Map.entry("NEWAPI_CONNECT_TIMEOUT_SECONDS", "3"),
            Map.entry("NEWAPI_FIRST_BYTE_TIMEOUT_SECONDS", "45"),
            Map.entry("RELAY_IDLE_CONN_TIMEOUT", "33"),
            Map.entry("MAX_REQUEST_BODY_MB", "16"),
            Map.entry("NEWAPI_SPOOL_THRESHOLD_MB", "3"),
            Map.entry("NEWAPI_SPOOL_MAX_MB", "300"),
            Map.entry("NEWAPI_SPOOL_DIR", "/var/tmp/newapi"),
            Map.entry("NEWAPI_ON_CLIENT_GONE", "drain"),
            Map.entry("NEWAPI_DRAIN_SECONDS", "20"),
            Map.entry("NEWAPI_DRAIN_MAX", "7"),
            Map.entry("FORCE_STREAM_OPTION", "false"),
            Map.entry("AZURE_DEFAULT_API_VERSION", "2026-02-01"),
            Map.entry("TLS_INSECURE_SKIP_VERIFY", "T"),
            Map.entry("GLOBAL_API_RATE_LIMIT_ENABLE", "false"),
            Map.entry("GLOBAL_API_RATE_LIMIT", "11"),
            Map.entry("GLOBAL_API_RATE_LIMIT_DURATION", "12"),
            Map.entry("CRITICAL_RATE_LIMIT_ENABLE", "False"),
            Map.entry("CRITICAL_RATE_LIMIT", "31"),
            Map.entry("CRITICAL_RATE_LIMIT_DURATION", "32"),
            Map.entry("CHANNEL_TEST_FREQUENCY", "7"),
            Map.entry("POLLING_INTERVAL", "3"),
            Map.entry("NOTIFY_LIMIT_COUNT", "9"),
            Map.entry("NOTIFICATION_LIMIT_DURATION_MINUTE", "20"),
            Map.entry("NEWAPI_LOG_FORMAT", "json"),
            Map.entry("DEBUG", "true"));

    @Test
    void unsetVariablesHoldTheirDefaults() {
        ServerConfig config = Loading.loaded(Map.of("HOSTNAME", "c0ffee")).config();

        assertThat(config.http()).isEqualTo(new HttpConfig(3000, Optional.empty()));
        assertThat(config.node())
                .isEqualTo(new NodeConfig(
                        "c0ffee",
                        NodeType.AUTO,
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(60),
                        TrustedProxies.privateRanges(),
                        "",
                        ZoneId.systemDefault()));
        assertThat(config.operation())
                .isEqualTo(new OperationConfig(Duration.ZERO, OperationConfig.WITHOUT_END, Optional.empty()));
        assertThat(config.secrets().cookieSecure()).isFalse();
        assertThat(config.store())
                .isEqualTo(new StoreConfig(
                        Optional.empty(),
                        new StoreConfig.LogPlace.Main(),
                        Duration.ofSeconds(60),
                        true,
                        Path.of("/nowhere/one-api.db"),
                        "_busy_timeout=30000"));
        assertThat(config.ledger())
                .isEqualTo(new LedgerConfig(
                        false,
                        Duration.ofSeconds(5),
                        Path.of("/nowhere"),
                        FsyncMode.INTERVAL,
                        8192 * MEGABYTE,
                        Duration.ofSeconds(120)));
        assertThat(config.relay())
                .isEqualTo(new RelayConfig(
                        Duration.ofSeconds(300),
                        Duration.ZERO,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(600),
                        Duration.ofSeconds(90),
                        128 * MEGABYTE,
                        OnClientGone.CUT,
                        Duration.ofSeconds(60),
                        100,
                        true,
                        "2025-04-01-preview",
                        false));
        assertThat(config.spool())
                .isEqualTo(new SpoolConfig(Path.of("/nowhere/newapi-spool"), 10 * MEGABYTE, 4096 * MEGABYTE));
        assertThat(config.limits()).isEqualTo(new LimitConfig(limit(true, 180, 180), limit(true, 20, 1200)));
        assertThat(config.duties())
                .isEqualTo(new DutiesConfig(Optional.empty(), Duration.ZERO, 2, Duration.ofMinutes(10)));
        assertThat(config.log()).isEqualTo(new LogConfig(LogFormat.TEXT, false, Path.of("/nowhere/logs")));
    }

    @Test
    void everyVariableFillsItsPlace() {
        ServerConfig config =
                Loading.loaded(EVERYTHING, "--log-dir", "/var/log/newapi").config();

        assertThat(config)
                .isEqualTo(new ServerConfig(
                        new HttpConfig(8080, Optional.of(URI.create("https://gateway.example.com"))),
                        new NodeConfig(
                                "tokyo-1",
                                NodeType.SLAVE,
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(15),
                                TrustedProxies.parse("203.0.113.0/24,2001:db8::1"),
                                "v9.9.9",
                                ZoneId.of("Asia/Tokyo")),
                        new OperationConfig(
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(120),
                                Optional.of(Secret.of("a token of sufficient length"))),
                        new SecretsConfig(
                                Secret.of(OWN_SECRET), Optional.of(Secret.of("the secret before this")), true),
                        new StoreConfig(
                                Optional.empty(),
                                new StoreConfig.LogPlace.Main(),
                                Duration.ofSeconds(240),
                                false,
                                Path.of("/var/lib/newapi/gateway.db"),
                                "_busy_timeout=5000"),
                        new ClusterConfig(Optional.empty(), Secret.of("a secret that all nodes know"), true),
                        new LedgerConfig(
                                true,
                                Duration.ofSeconds(2),
                                Path.of("/var/lib/newapi/journal"),
                                FsyncMode.ALWAYS,
                                512 * MEGABYTE,
                                Duration.ofSeconds(60)),
                        new RelayConfig(
                                Duration.ofMinutes(2),
                                Duration.ofSeconds(900),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(45),
                                Duration.ofSeconds(33),
                                16 * MEGABYTE,
                                OnClientGone.DRAIN,
                                Duration.ofSeconds(20),
                                7,
                                false,
                                "2026-02-01",
                                true),
                        new SpoolConfig(Path.of("/var/tmp/newapi"), 3 * MEGABYTE, 300 * MEGABYTE),
                        new LimitConfig(limit(false, 11, 12), limit(false, 31, 32)),
                        new DutiesConfig(
                                Optional.of(Duration.ofMinutes(7)), Duration.ofSeconds(3), 9, Duration.ofMinutes(20)),
                        new LogConfig(LogFormat.JSON, true, Path.of("/var/log/newapi"))));
    }

    @Test
    void theTestAboveSetsEveryVariableThatActs() {
        List<String> testedElsewhere = elsewhere();

        assertThat(acting()).containsExactlyInAnyOrderElementsOf(EVERYTHING.keySet());
        assertThat(Catalog.all().filter(v -> v.effect().acts()).map(Variable::name))
                .containsAll(testedElsewhere)
                .hasSize(EVERYTHING.size() + testedElsewhere.size());
    }

    private static List<String> elsewhere() {
        return List.of(
                "SQL_DSN",
                "LOG_SQL_DSN",
                "REDIS_CONN_STRING",
                "REDIS_PASSWORD",
                "REDIS_MASTER_NAME",
                "NEWAPI_REDIS_SENTINEL_PASSWORD",
                "NEWAPI_REDIS_CLUSTER",
                "REDIS_POOL_SIZE",
                "REDIS_CONN_POOL_SIZE",
                "NEWAPI_BESIDE_ORIGINAL");
    }

    static List<String> acting() {
        return Catalog.all()
                .filter(variable -> variable.effect().acts())
                .map(Variable::name)
                .filter(name -> !elsewhere().contains(name))
                .collect(Collectors.toList());
    }

    @ParameterizedTest
    @MethodSource("acting")
    void everyVariableActsAlone(String name) {
        Map<String, String> plain = Map.of("HOSTNAME", "before", "SESSION_SECRET", "the secret that is always there");
        Map<String, String> changed = new LinkedHashMap<>(plain);
        changed.put(name, EVERYTHING.get(name));

        assertThat(Loading.loaded(changed).config())
                .isNotEqualTo(Loading.loaded(plain).config());
    }

    @Test
    void theTimeForLoadBalancersIsAPartOfTheTimeForStopping() {
        assertThat(Loading.invalid(Map.of("NEWAPI_DRAIN_DELAY_SECONDS", "8")).problems())
                .containsExactly(
                        "NEWAPI_DRAIN_DELAY_SECONDS must be less than SHUTDOWN_TIMEOUT_SECONDS, which is 8, but is"
                                + " '8'");
        assertThat(Loading.loaded(Map.of("NEWAPI_DRAIN_DELAY_SECONDS", "8", "SHUTDOWN_TIMEOUT_SECONDS", "9"))
                        .config()
                        .operation()
                        .drainDelay())
                .isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void anEmptyValueIsUnset() {
        Map<String, String> empty = EVERYTHING.keySet().stream().collect(Collectors.toMap(name -> name, name -> ""));

        assertThat(Loading.loaded(empty).config().relay())
                .isEqualTo(Loading.loaded(Map.of()).config().relay());
    }

    @Test
    void theFileFillsInWhatTheEnvironmentDoesNotHave(@TempDir Path dir) throws Exception {
        Files.writeString(dir.resolve(".env"), "PORT=4000\nSTREAMING_TIMEOUT=77\nRELAY_TIMEOUT=5\n");
        Map<String, String> environment = Map.of("STREAMING_TIMEOUT", "88", "RELAY_TIMEOUT", "");

        ServerConfig config = Loading.loaded(Loading.load(environment, dir)).config();

        assertThat(config.http().port()).isEqualTo(4000);
        assertThat(config.relay().streamingTimeout()).isEqualTo(Duration.ofSeconds(88));
        // Set, though empty: so the file does not count, and empty means unset.
        assertThat(config.relay().relayTimeout()).isEqualTo(Duration.ZERO);
    }

    @Test
    void thePortOfTheEnvironmentWinsOverTheFlag() {
        assertThat(Loading.loaded(Map.of("PORT", "4000"), "--port", "5000")
                        .config()
                        .http()
                        .port())
                .isEqualTo(4000);
        assertThat(Loading.loaded(Map.of("PORT", ""), "--port", "5000")
                        .config()
                        .http()
                        .port())
                .isEqualTo(5000);
    }

    @Test
    void logFilesGoWhereAContainerWantsThemIfItDoes(@TempDir Path dir) throws Exception {
        Path file = Files.createFile(dir.resolve("file"));
        Path wanted = Files.createDirectory(dir.resolve("wanted"));

        assertThat(new Directories(dir, dir.resolve("missing")).logs()).isEqualTo(dir.resolve("logs"));
        assertThat(new Directories(dir, file).logs()).isEqualTo(dir.resolve("logs"));
        assertThat(new Directories(dir, wanted).logs()).isEqualTo(wanted);
    }

    @Test
    void blanksAroundAValueDoNotCountExceptInTexts() {
        ServerConfig config = Loading.loaded(Map.of(
                        "SYNC_FREQUENCY", "30 ", "TZ", " Asia/Shanghai", "RELAY_TIMEOUT", "  ", "NODE_NAME", " a "))
                .config();

        assertThat(config.node().syncFrequency()).hasSeconds(30);
        assertThat(config.node().tz()).isEqualTo(ZoneId.of("Asia/Shanghai"));
        assertThat(config.relay().relayTimeout()).isZero();
        assertThat(config.node().nodeName()).isEqualTo(" a ");
    }

    @Test
    void anEmptyLogDirectoryMeansNoFile() {
        assertThat(Loading.loaded(Map.of(), "--log-dir=").config().log().dir()).isNull();
    }

    @Test
    void withoutASessionSecretEveryProcessHasAnother() {
        SecretsConfig one = config(ServerConfig.load(Map.of(), Path.of("/nowhere"), List.of()));
        SecretsConfig other = config(ServerConfig.load(Map.of(), Path.of("/nowhere"), List.of()));

        assertThat(one.sessionSecret()).isNotEqualTo(other.sessionSecret());
        assertThat(one.sessionSecret().reveal()).hasSize(64);
    }

    @Test
    void noSecretIsInTheTextOfTheConfiguration() {
        assertThat(Loading.loaded(EVERYTHING).toString()).doesNotContain("of sufficient length");
    }

    @Test
    void theStorePathKeepsTheDriversParameters() {
        assertThat(Loading.loaded(Map.of("SQLITE_PATH", "data/a.db?_busy_timeout=1"))
                        .config()
                        .store()
                        .sqlitePath())
                .isEqualTo("/nowhere/data/a.db?_busy_timeout=1");
        assertThat(Loading.loaded(Map.of("SQLITE_PATH", "file:a.db"))
                        .config()
                        .store()
                        .sqlitePath())
                .isEqualTo("/nowhere/a.db");
    }

    private static SecretsConfig config(LoadResult result) {
        return Loading.loaded(result).config().secrets();
    }

    private static LimitConfig.RequestLimit limit(boolean enabled, int requests, int seconds) {
        return new LimitConfig.RequestLimit(enabled, requests, Duration.ofSeconds(seconds));
    }
}

package io.newapi.server.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What joins nodes.
 *
 * @param redis carries what they tell each other; empty for a node that has nobody to talk to
 * @param cryptoSecret the root of the keys that protect it
 * @param besideOriginal whether nodes of the original may share the Redis, whose caches then follow what is changed here
 */
public record ClusterConfig(Optional<RedisConfig> redis, Secret cryptoSecret, boolean besideOriginal) {

    private static final int REDIS_PORT = 6379;
    private static final int SENTINEL_PORT = 26_379;

    static final Variable<Optional<RedisAddresses>> REDIS_CONN_STRING = Variable.of(
                    "REDIS_CONN_STRING",
                    new Kind<>(
                            "URLs", "", "", ClusterConfig::addresses, addresses -> addresses.isPresent() ? "***" : ""),
                    "",
                    "Redis through which nodes tell each other of changes: " + RedisAddresses.FORM
                            + ", rediss:// for TLS, or host[:port]. Several, separated by commas, are of a Redis Cluster, or"
                            + " Sentinels where REDIS_MASTER_NAME is set.")
            .hidden();

    static final Variable<String> REDIS_PASSWORD = Variable.of(
                    "REDIS_PASSWORD", Kind.text(), "", "Password of Redis where REDIS_CONN_STRING has none.")
            .hidden();

    static final Variable<String> REDIS_MASTER_NAME = Variable.of(
            "REDIS_MASTER_NAME",
            Kind.text(),
            "",
            "Name of the master to be used; REDIS_CONN_STRING then names the Sentinels that watch it (port "
                    + SENTINEL_PORT + " unless it says another).");

    static final Variable<String> SENTINEL_PASSWORD = Variable.of(
                    "NEWAPI_REDIS_SENTINEL_PASSWORD",
                    Kind.text(),
                    "",
                    "Password of the Sentinels themselves, where they have one.")
            .hidden();

    static final Variable<Boolean> REDIS_CLUSTER = Variable.of(
            "NEWAPI_REDIS_CLUSTER",
            Kind.bool(),
            "false",
            "The one server that REDIS_CONN_STRING names is of a Redis Cluster; without this a node sees that when it"
                    + " has reached it.");

    static final Variable<Integer> REDIS_POOL_SIZE = Variable.of(
            "REDIS_POOL_SIZE",
            Kind.wholeNumber(1, 1_000),
            "10",
            "Connections to Redis for commands, at most. Checked, but this version needs only one for them: a node has two"
                    + " more for what it tells and hears, and two to Sentinels.");

    static final Variable<Integer> REDIS_CONN_POOL_SIZE = Variable.of(
            "REDIS_CONN_POOL_SIZE",
            Kind.wholeNumber(1, 1_000),
            "10",
            "The same under another name; REDIS_POOL_SIZE wins where both are set.");

    static final Variable<Optional<Secret>> CRYPTO_SECRET = Variable.of(
                    "CRYPTO_SECRET",
                    new Kind<>("secret", "", "", ClusterConfig::secret, secret -> secret.isPresent() ? "***" : ""),
                    "",
                    "Root of the keys that protect what nodes tell each other; the same on all. Unset, SESSION_SECRET is.")
            .hidden();

    static final Variable<Boolean> BESIDE_ORIGINAL = Variable.of(
            "NEWAPI_BESIDE_ORIGINAL",
            Kind.bool(),
            "true",
            "Nodes of New API itself may share this database and Redis: what they keep there of users and tokens is removed"
                    + " when it is changed here. false spares Redis a command a second where there are none.");

    static final Section SECTION = Section.of(
            "Cluster",
            REDIS_CONN_STRING,
            REDIS_PASSWORD,
            REDIS_MASTER_NAME,
            SENTINEL_PASSWORD,
            REDIS_CLUSTER,
            REDIS_POOL_SIZE,
            REDIS_CONN_POOL_SIZE,
            CRYPTO_SECRET,
            BESIDE_ORIGINAL);

    private static Optional<RedisAddresses> addresses(String text, Consumer<String> warn) throws BadValueException {
        return text.isEmpty() ? Optional.empty() : Optional.of(RedisAddresses.parse(text, warn));
    }

    private static Optional<Secret> secret(String text, Consumer<String> warn) throws BadValueException {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        SecretsConfig.judge(text, warn);
        return Optional.of(Secret.of(text));
    }

    /** @param sessionSecret the one that signs login cookies */
    static ClusterConfig read(Settings settings, Secret sessionSecret) {
        Optional<RedisConfig> redis = redis(settings);
        if (redis.isPresent() && !settings.isSet(CRYPTO_SECRET) && !settings.isSet(SecretsConfig.SESSION_SECRET)) {
            settings.problem("CRYPTO_SECRET or SESSION_SECRET must be set, and be the same on all nodes, where"
                    + " REDIS_CONN_STRING is (openssl rand -hex 32 makes one)");
        }
        if (redis.isEmpty()) {
            withoutEffect(settings, BESIDE_ORIGINAL, "REDIS_CONN_STRING is not set");
        }
        return new ClusterConfig(
                redis, settings.get(CRYPTO_SECRET).orElse(sessionSecret), settings.get(BESIDE_ORIGINAL));
    }

    private static Optional<RedisConfig> redis(Settings settings) {
        Optional<RedisAddresses> addresses = settings.get(REDIS_CONN_STRING);
        String password = settings.get(REDIS_PASSWORD);
        String master = settings.get(REDIS_MASTER_NAME);
        String sentinelPassword = settings.get(SENTINEL_PASSWORD);
        boolean cluster = settings.get(REDIS_CLUSTER);
        int poolSize = poolSize(settings);
        if (addresses.isEmpty()) {
            List.of(
                            REDIS_PASSWORD,
                            REDIS_MASTER_NAME,
                            SENTINEL_PASSWORD,
                            REDIS_CLUSTER,
                            REDIS_POOL_SIZE,
                            REDIS_CONN_POOL_SIZE)
                    .forEach(variable -> withoutEffect(settings, variable, "REDIS_CONN_STRING is not set"));
            return Optional.empty();
        }
        RedisLogin login = login(settings, addresses.get().login(), password);
        if (!master.isEmpty()) {
            if (cluster) {
                settings.problem(
                        "REDIS_MASTER_NAME and NEWAPI_REDIS_CLUSTER must not both be set: Sentinels do not watch a"
                                + " Redis Cluster");
            }
            return Optional.of(new RedisConfig.Sentinels(
                    master, addresses.get().hosts(SENTINEL_PORT), maybe(sentinelPassword), login, poolSize));
        }
        withoutEffect(settings, SENTINEL_PASSWORD, "REDIS_MASTER_NAME is not set");
        List<RedisHost> hosts = addresses.get().hosts(REDIS_PORT);
        if (!cluster && hosts.size() == 1) {
            return Optional.of(new RedisConfig.Single(hosts.get(0), login, poolSize));
        }
        if (!cluster && settings.isSet(REDIS_CLUSTER)) {
            settings.problem("NEWAPI_REDIS_CLUSTER must not be false where REDIS_CONN_STRING names several servers and"
                    + " REDIS_MASTER_NAME no master of Sentinels");
        }
        if (login.database() != 0) {
            settings.problem(
                    "REDIS_CONN_STRING must name no database but 0 where it names a Redis Cluster, which has no"
                            + " other");
        }
        return Optional.of(new RedisConfig.Cluster(hosts, login, poolSize));
    }

    private static RedisLogin login(Settings settings, RedisLogin given, String password) {
        if (!password.isEmpty()
                && given.password().isPresent()
                && !given.password().equals(maybe(password))) {
            settings.warn("REDIS_PASSWORD has no effect: REDIS_CONN_STRING has another password");
        }
        RedisLogin login = given.withPasswordOrElse(password);
        if (!login.user().isEmpty() && login.password().isEmpty()) {
            settings.problem(
                    "REDIS_CONN_STRING must have a password for the user that it names, or REDIS_PASSWORD must");
        }
        return login;
    }

    private static int poolSize(Settings settings) {
        int size = settings.get(REDIS_POOL_SIZE);
        int alias = settings.get(REDIS_CONN_POOL_SIZE);
        if (!settings.isSet(REDIS_POOL_SIZE)) {
            return alias;
        }
        if (settings.isSet(REDIS_CONN_POOL_SIZE) && size != alias) {
            settings.warn("REDIS_CONN_POOL_SIZE is " + alias + ", which has no effect: REDIS_POOL_SIZE is " + size);
        }
        return size;
    }

    private static void withoutEffect(Settings settings, Variable<?> variable, String reason) {
        if (settings.isSet(variable)) {
            settings.warn(variable.name() + " has no effect: " + reason);
        }
    }

    private static Optional<Secret> maybe(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(Secret.of(text));
    }
}

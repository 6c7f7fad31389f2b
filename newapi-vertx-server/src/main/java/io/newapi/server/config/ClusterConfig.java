package io.newapi.server.config;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * What joins nodes.
 *
 * @param redis carries what they tell each other; empty for a node that has nobody to talk to
 * @param cryptoSecret the root of the keys that protect it
 */
public record ClusterConfig(Optional<RedisAddress> redis, Secret cryptoSecret) {

    static final Variable<Optional<RedisAddress>> REDIS_CONN_STRING = Variable.of(
                    "REDIS_CONN_STRING",
                    new Kind<>("URL", "", "", ClusterConfig::address, address -> address.isPresent() ? "***" : ""),
                    "",
                    "Redis through which nodes tell each other of changes, in the form " + RedisAddress.FORM
                            + "; rediss:// for TLS. Nodes also need the same SQL_DSN and CRYPTO_SECRET.")
            .hidden();

    static final Variable<String> REDIS_PASSWORD = Variable.of(
                    "REDIS_PASSWORD", Kind.text(), "", "Password of Redis where REDIS_CONN_STRING has none.")
            .hidden();

    static final Variable<String> REDIS_MASTER_NAME = Variable.of(
            "REDIS_MASTER_NAME",
            Kind.text(),
            "",
            "Name of the master that Sentinels watch. Refused together with REDIS_CONN_STRING: this version speaks to one"
                    + " server.");

    static final Variable<Optional<Secret>> CRYPTO_SECRET = Variable.of(
                    "CRYPTO_SECRET",
                    new Kind<>("secret", "", "", ClusterConfig::secret, secret -> secret.isPresent() ? "***" : ""),
                    "",
                    "Root of the keys that protect what nodes tell each other; the same on all. Unset, SESSION_SECRET is.")
            .hidden();

    static final Section SECTION =
            Section.of("Cluster", REDIS_CONN_STRING, REDIS_PASSWORD, REDIS_MASTER_NAME, CRYPTO_SECRET);

    private static Optional<RedisAddress> address(String text, Consumer<String> warn) throws BadValueException {
        return text.isEmpty() ? Optional.empty() : Optional.of(RedisAddress.parse(text, warn));
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
        String password = settings.get(REDIS_PASSWORD);
        String master = settings.get(REDIS_MASTER_NAME);
        Optional<RedisAddress> redis =
                settings.get(REDIS_CONN_STRING).map(address -> address.withPasswordOrElse(password));
        if (redis.isPresent()) {
            if (!master.isEmpty()) {
                settings.problem(REDIS_MASTER_NAME, master, "must not be set: Sentinels are not part of this version");
            }
            if (!settings.isSet(CRYPTO_SECRET) && !settings.isSet(SecretsConfig.SESSION_SECRET)) {
                settings.problem("CRYPTO_SECRET or SESSION_SECRET must be set, and be the same on all nodes, where"
                        + " REDIS_CONN_STRING is (openssl rand -hex 32 makes one)");
            }
        }
        return new ClusterConfig(redis, settings.get(CRYPTO_SECRET).orElse(sessionSecret));
    }
}

package io.newapi.server.config;

import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The keys of this installation.
 *
 * @param sessionSecret signs login cookies
 * @param previousSessionSecret signed those that are still accepted; empty if the secret was not changed
 * @param cookieSecure whether login cookies are sent over HTTPS only
 */
public record SecretsConfig(Secret sessionSecret, Optional<Secret> previousSessionSecret, boolean cookieSecure) {

    /** What sample files show in place of a secret; as well known as no secret. */
    private static final String PLACEHOLDER = "random_string";

    /** Further ones. Nodes have been running with them: that is no reason not to start. */
    private static final Set<String> SAMPLES = Set.of("your_unique_session_secret", "your_unique_crypto_secret");

    private static final int RANDOM_BYTES = 32;
    private static final int SHORT = 16;

    private static final Kind<Secret> SECRET = new Kind<>(
            "secret",
            "",
            "",
            (text, warn) -> {
                judge(text, warn);
                return Secret.of(text);
            },
            Secret::reveal);

    static final Variable<Secret> SESSION_SECRET = Variable.computed(
                    "SESSION_SECRET",
                    SECRET,
                    "random per process",
                    "Signs login cookies. Unset, every restart ends all logins.")
            .hidden();

    static final Variable<Optional<Secret>> PREVIOUS_SESSION_SECRET = Variable.of(
                    "NEWAPI_SESSION_SECRET_PREVIOUS",
                    new Kind<>("secret", "", "", SecretsConfig::previous, secret -> secret.isPresent() ? "***" : ""),
                    "",
                    "The SESSION_SECRET before this one, while it is changed on one node after the other: logins that were signed"
                            + " with it still hold. Take it away after 30 days, when they have ended.")
            .hidden();

    static final Variable<Boolean> COOKIE_SECURE = Variable.of(
            "SESSION_COOKIE_SECURE",
            Kind.bool(),
            "false",
            "Send login cookies over HTTPS only. Unset, those are that are given out over HTTPS, as a trusted proxy says in"
                    + " X-Forwarded-Proto, and all where option ServerAddress begins with https.");

    static final Section SECTION = Section.of("Secrets", SESSION_SECRET, PREVIOUS_SESSION_SECRET, COOKIE_SECURE);

    static SecretsConfig read(Settings settings, RandomGenerator random) {
        if (!settings.isSet(SESSION_SECRET)) {
            settings.warn("SESSION_SECRET is not set: a random one is used, so every restart ends all logins");
        }
        Secret session = settings.get(SESSION_SECRET, () -> random(random));
        return new SecretsConfig(session, settings.get(PREVIOUS_SESSION_SECRET), settings.get(COOKIE_SECURE));
    }

    private static Optional<Secret> previous(String text, Consumer<String> warn) {
        return text.isEmpty() ? Optional.empty() : Optional.of(Secret.of(text));
    }

    /** Refuses or warns of a secret that others know. */
    static void judge(String text, Consumer<String> warn) throws BadValueException {
        if (text.equals(PLACEHOLDER)) {
            throw new BadValueException("must be a secret of your own, not the " + PLACEHOLDER
                    + " of the sample file (openssl rand -hex 32 makes one)");
        }
        if (SAMPLES.contains(text)) {
            warn.accept("is the one of a sample file, which everybody knows (openssl rand -hex 32 makes another)");
        } else if (text.length() < SHORT) {
            warn.accept("is shorter than " + SHORT + " characters and can be guessed");
        }
    }

    private static Secret random(RandomGenerator random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Secret.of(HexFormat.of().formatHex(bytes));
    }
}

package io.newapi.core.channel;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which failures speak for disabling a channel, or one of its keys. One of them disables nothing yet: see
 * {@link FailureStreaks}. Immutable.
 *
 * <p>Only what the upstream itself has said counts, by its own status, whatever the channel's status mapping makes of it.
 * That it could not be reached or was silent, a client's mistake that we have found ourselves, and a misconfigured channel
 * are no grounds: they yield to {@link ChannelHealth}, and mostly pass.
 *
 * @param enabled whether anything is disabled (option {@code AutomaticDisableChannelEnabled})
 * @param statuses the upstream's statuses that are a ground (option {@code AutomaticDisableStatusCodes})
 * @param keywords what in its message, type or code is one, in lower case (option {@code AutomaticDisableKeywords})
 */
public record DisablePolicy(boolean enabled, StatusRanges statuses, List<String> keywords) {

    /** Disables nothing. */
    public static final DisablePolicy NEVER = new DisablePolicy(false, new StatusRanges(List.of()), List.of());

    /** Codes and types by which upstreams say that an account is exhausted or closed. */
    private static final Set<String> ACCOUNT_WORDS =
            Set.of("account_deactivated", "arrearage", "billing_not_active", "insufficient_quota");

    /**
     * Those by which they refuse a key. Gateways of this kind refuse with the last two also a single call that is too large
     * for what is left, so these must be seen more often.
     */
    private static final Set<String> REFUSING_WORDS =
            Set.of("invalid_api_key", "insufficient_user_quota", "pre_consume_token_quota_failed");

    /** Keywords are stripped; empty ones, which every message would contain, are left out. */
    public DisablePolicy {
        keywords = keywords.stream()
                .map(keyword -> lower(keyword.strip()))
                .filter(keyword -> !keyword.isEmpty())
                .distinct()
                .toList();
    }

    /** The ground that a failure of {@code channel} gives; empty if it gives none, or the channel may not be disabled. */
    public Optional<DisableGround> ground(Channel channel, FailureReport report) {
        if (!enabled || !channel.autoBan() || !report.isTheUpstreams()) {
            return Optional.empty();
        }
        String type = lower(report.type());
        String code = lower(report.code());
        if (ACCOUNT_WORDS.contains(type)
                || ACCOUNT_WORDS.contains(code)
                || keyword(type).isPresent()
                || keyword(code).isPresent()) {
            return Optional.of(DisableGround.of(DisableGround.Kind.ACCOUNT));
        }
        if (statuses.contains(report.failure().upstreamStatus())
                || REFUSING_WORDS.contains(type)
                || REFUSING_WORDS.contains(code)) {
            return Optional.of(DisableGround.of(DisableGround.Kind.REFUSED));
        }
        return keyword(lower(report.message())).map(keyword -> new DisableGround(DisableGround.Kind.KEYWORD, keyword));
    }

    private Optional<String> keyword(String text) {
        return keywords.stream().filter(text::contains).findFirst();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}

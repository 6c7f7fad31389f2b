package io.newapi.core.quota;

import java.util.function.Function;

/** How an attempt to reserve quota ended. */
public sealed interface ReserveOutcome {

    /** The quota is held until the reservation is settled or released. */
    record Reserved(Reservation reservation) implements ReserveOutcome {}

    /**
     * The quota is provably not there. Repeating the request helps only after calls in flight have ended or the
     * account was credited.
     *
     * @param account which balance falls short: the user's or the token's
     * @param wanted the amount that was to be reserved
     */
    record Insufficient(Account account, Quota wanted) implements ReserveOutcome {}

    /**
     * The account takes no more charges: disabled or deleted.
     *
     * @param account which account
     */
    record Closed(Account account) implements ReserveOutcome {}

    /**
     * It cannot be known now whether the quota is there; nothing was held.
     *
     * @param reason what is missing, for the operator; never secret
     * @param retryAfterSeconds when a repetition makes sense, at least 1
     */
    record Unavailable(String reason, int retryAfterSeconds) implements ReserveOutcome {}

    /** Applies the function of the variant that this is. */
    default <T> T match(
            Function<Reserved, T> reserved,
            Function<Insufficient, T> insufficient,
            Function<Closed, T> closed,
            Function<Unavailable, T> unavailable) {
        if (this instanceof Reserved it) {
            return reserved.apply(it);
        }
        if (this instanceof Insufficient it) {
            return insufficient.apply(it);
        }
        if (this instanceof Closed it) {
            return closed.apply(it);
        }
        return unavailable.apply((Unavailable) this);
    }
}

package io.newapi.core.access;

import io.newapi.core.quota.QuotaBalance;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A token's own allowance, beside that of its user.
 *
 * <p>It is what the caller believes: where a quota ledger holds the balances, only the ledger knows what is left now, and
 * {@link AccessPolicy#trustingLedger()} leaves the refusal to it.
 */
public sealed interface TokenQuota {

    /** Whether, as far as this value knows, nothing is left to spend. */
    boolean spent();

    /** One result for either kind. */
    <T> T match(Supplier<T> unlimited, Function<QuotaBalance, T> limited);

    /** Only the user's balance limits the token. */
    static TokenQuota unlimited() {
        return Unlimited.INSTANCE;
    }

    /** At most {@code remaining} more. */
    static TokenQuota limited(QuotaBalance remaining) {
        return new Limited(remaining);
    }

    /** Only the user's balance limits the token. */
    record Unlimited() implements TokenQuota {
        private static final Unlimited INSTANCE = new Unlimited();

        @Override
        public boolean spent() {
            return false;
        }

        @Override
        public <T> T match(Supplier<T> unlimited, Function<QuotaBalance, T> limited) {
            return unlimited.get();
        }
    }

    /**
     * The token has an allowance of its own.
     *
     * @param remaining what is left; below zero when one call settled above its reservation
     */
    record Limited(QuotaBalance remaining) implements TokenQuota {
        @Override
        public boolean spent() {
            return remaining.units() <= 0;
        }

        @Override
        public <T> T match(Supplier<T> unlimited, Function<QuotaBalance, T> limited) {
            return limited.apply(remaining);
        }
    }
}

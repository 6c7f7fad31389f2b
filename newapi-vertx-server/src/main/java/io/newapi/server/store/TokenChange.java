package io.newapi.server.store;

import io.newapi.server.store.Tables.Tokens;
import java.util.OptionalLong;

/**
 * Columns of a token to be changed; the others stay untouched. Built by the methods, each of which names one column; not
 * safe for use by several threads.
 */
public final class TokenChange {

    private final ColumnValues columns = new ColumnValues();
    private OptionalLong total = OptionalLong.empty();

    /** Changes nothing yet. */
    public static TokenChange none() {
        return new TokenChange();
    }

    private TokenChange() {}

    /** The name that its owner gave it. */
    public TokenChange name(String value) {
        columns.put(Tokens.NAME, value);
        return this;
    }

    /** 1 enabled, 2 disabled, 3 expired, 4 exhausted. */
    public TokenChange status(int value) {
        columns.put(Tokens.STATUS, value);
        return this;
    }

    /** Unix seconds, -1 for never. */
    public TokenChange expiredTime(long value) {
        columns.put(Tokens.EXPIRED_TIME, value);
        return this;
    }

    /** The total that is to be left, leases of nodes included; written as a difference. */
    public TokenChange remainQuota(long units) {
        total = OptionalLong.of(units);
        return this;
    }

    /** Whether the token has no limit of its own. */
    public TokenChange unlimitedQuota(boolean value) {
        columns.put(Tokens.UNLIMITED_QUOTA, value);
        return this;
    }

    /** Whether only the models of {@link #modelLimits} may be called. */
    public TokenChange modelLimitsEnabled(boolean value) {
        columns.put(Tokens.MODEL_LIMITS_ENABLED, value);
        return this;
    }

    /** Model names, separated by commas. */
    public TokenChange modelLimits(String value) {
        columns.put(Tokens.MODEL_LIMITS, value);
        return this;
    }

    /** Addresses or CIDR blocks, one a line. */
    public TokenChange allowIps(String value) {
        columns.put(Tokens.ALLOW_IPS, value);
        return this;
    }

    /** Empty for the user's own, or {@code auto}. */
    public TokenChange group(String value) {
        columns.put(Tokens.GROUP, value);
        return this;
    }

    /** Whether a retry may go to another group. */
    public TokenChange crossGroupRetry(boolean value) {
        columns.put(Tokens.CROSS_GROUP_RETRY, value);
        return this;
    }

    ColumnValues columns() {
        return columns;
    }

    OptionalLong total() {
        return total;
    }

    @Override
    public String toString() {
        return "TokenChange" + columns;
    }
}

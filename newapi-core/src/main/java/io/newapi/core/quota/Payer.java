package io.newapi.core.quota;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who pays for a call: always a user, and the token that was used, if any.
 *
 * @param userId the paying user, positive
 * @param tokenId the token, or 0 when none was used
 * @param share how the token takes part
 */
public record Payer(long userId, long tokenId, TokenShare share) {

    /** How a token takes part in paying. */
    public enum TokenShare {
        /** No token was used. */
        NONE(0),
        /** The token has a limit: a reservation takes from it and from the user, both or neither. */
        LIMITED(1),
        /** The token has no limit: nothing is reserved on it; what it used is only counted. */
        UNLIMITED(2);

        private final int code;

        TokenShare(int code) {
            this.code = code;
        }

        /** The code under which it is stored, 0 to 2. */
        int code() {
            return code;
        }

        static TokenShare fromCode(int code) {
            for (TokenShare share : values()) {
                if (share.code == code) {
                    return share;
                }
            }
            throw new IllegalArgumentException("no token share has the code " + code);
        }
    }

    /** @throws IllegalArgumentException if an id is out of range, or the share does not fit the token */
    public Payer {
        if (userId <= 0) {
            throw new IllegalArgumentException("user id must be positive: " + userId);
        }
        if (tokenId < 0 || (tokenId == 0) != (share == TokenShare.NONE)) {
            throw new IllegalArgumentException("token " + tokenId + " cannot have the share " + share);
        }
    }

    /** The user alone pays. */
    public static Payer user(long userId) {
        return new Payer(userId, 0, TokenShare.NONE);
    }

    /** The user pays, within the limit of a token. */
    public static Payer limitedToken(long userId, long tokenId) {
        return new Payer(userId, tokenId, TokenShare.LIMITED);
    }

    /** The user pays; the token's use is counted. */
    public static Payer unlimitedToken(long userId, long tokenId) {
        return new Payer(userId, tokenId, TokenShare.UNLIMITED);
    }

    /** The user's balance. */
    public Account userAccount() {
        return Account.user(userId);
    }

    /** The token's limit, if it has one. */
    public Optional<Account> limitAccount() {
        return Optional.ofNullable(limit());
    }

    /** The same without the wrapping, for the path of every call. */
    @Nullable
    Account limit() {
        return share == TokenShare.LIMITED ? Account.token(tokenId) : null;
    }
}

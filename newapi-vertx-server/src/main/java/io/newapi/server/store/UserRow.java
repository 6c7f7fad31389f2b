package io.newapi.server.store;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code users}; NULL has become 0 or an empty text. The user's access token is not part of it, so that no list
 * can ever show one. Secrets (password hash, setting) stay out of {@link #toString}.
 *
 * @param passwordHash bcrypt, or empty for a user without a password
 * @param role 1 common, 10 admin, 100 root
 * @param status 1 enabled, 2 disabled
 * @param balance what is in the column; less than {@link #quota} while nodes hold leases
 * @param leased what nodes hold of this user's balance
 * @param setting JSON text
 * @param deletionTime when it was deleted, or null for a live user
 */
public record UserRow(
        long id,
        String username,
        String passwordHash,
        String displayName,
        int role,
        int status,
        String email,
        String githubId,
        String discordId,
        String oidcId,
        String wechatId,
        String telegramId,
        long balance,
        long leased,
        long usedQuota,
        long requestCount,
        String group,
        String affCode,
        long affCount,
        long affQuota,
        long affHistory,
        long inviterId,
        @Nullable Instant deletionTime,
        String linuxDoId,
        String setting,
        String remark,
        String stripeCustomer) {

    /** The user's quota as it is to be shown and compared: the balance and what nodes hold of it. */
    public long quota() {
        return balance + leased;
    }

    /** When it was deleted. */
    public Optional<Instant> deletedAt() {
        return Optional.ofNullable(deletionTime);
    }

    @Override
    public String toString() {
        return "UserRow[id=" + id + ", username=" + username + ", role=" + role + ", status=" + status + ", group="
                + group + ", quota=" + quota() + "]";
    }
}

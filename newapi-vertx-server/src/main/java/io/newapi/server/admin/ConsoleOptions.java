package io.newapi.server.admin;

import io.newapi.core.access.Groups;
import io.newapi.core.channel.ChannelDirectory;
import io.newapi.core.pricing.PriceBook;
import java.math.BigDecimal;

/** What administrators can change while the node runs, as it is at this moment. Every call sees the newest state. */
interface ConsoleOptions {

    /** The effective value of an option: the stored one, else its default. */
    String text(String key);

    /** The effective value of a switch. */
    boolean flag(String key);

    /** The effective value of a number. */
    BigDecimal number(String key);

    /** Who may use which groups. */
    Groups groups();

    /** The prices. */
    PriceBook prices();

    /** The channels. */
    ChannelDirectory channels();

    /** Whether people may log in with a password. */
    default boolean passwordLogin() {
        return flag("PasswordLoginEnabled");
    }

    /** What a new user starts with, in quota units. */
    default long quotaForNewUser() {
        return number("QuotaForNewUser").longValue();
    }

    /** How many API tokens one user may have. */
    default int maxTokensPerUser() {
        return number("token_setting.max_user_tokens").intValue();
    }

    /** Whether a new token without a group uses {@code auto}. */
    default boolean newTokensUseAutoGroup() {
        return flag("DefaultUseAutoGroup");
    }

    /** The gateway's public address. */
    default String serverAddress() {
        String address = text("ServerAddress");
        return address.isEmpty() ? "http://localhost:3000" : address;
    }
}

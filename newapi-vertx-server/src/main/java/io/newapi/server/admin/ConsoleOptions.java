package io.newapi.server.admin;

import io.newapi.core.access.Groups;
import io.newapi.core.channel.ChannelDirectory;
import io.newapi.core.pricing.PriceBook;
import io.newapi.server.snapshot.Options;
import io.newapi.server.snapshot.Snapshots;
import java.math.BigDecimal;

/** What administrators can change while the node runs, as it is at this moment: every call sees the newest state. Thread-safe. */
final class ConsoleOptions {

    private final Snapshots snapshots;

    ConsoleOptions(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    Options current() {
        return snapshots.current().options();
    }

    String text(String key) {
        return current().text(key);
    }

    boolean flag(String key) {
        return current().flag(key);
    }

    BigDecimal number(String key) {
        return current().decimal(key);
    }

    Groups groups() {
        return snapshots.current().groups();
    }

    PriceBook prices() {
        return snapshots.current().prices();
    }

    ChannelDirectory channels() {
        return snapshots.current().channels();
    }

    boolean passwordLogin() {
        return flag("PasswordLoginEnabled");
    }

    /** What a new user starts with, in quota units. */
    long quotaForNewUser() {
        return current().wholeNumber("QuotaForNewUser");
    }

    int maxTokensPerUser() {
        return current().maxUserTokens();
    }

    boolean newTokensUseAutoGroup() {
        return flag("DefaultUseAutoGroup");
    }
}

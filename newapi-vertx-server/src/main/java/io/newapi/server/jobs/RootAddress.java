package io.newapi.server.jobs;

import io.newapi.server.store.UserRow;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * Where a root user wants to be told, and how. Neither a secret nor more of a web address than its host is in the text of one:
 * many receivers are known by a path that only their owner knows.
 */
sealed interface RootAddress permits RootWebhook, RootMailbox, RootBark, RootGotify {

    /**
     * Sends it once, and waits for it.
     *
     * @throws NotTold if it was not taken, or nobody knows
     */
    void send(Telling telling, RootPost post) throws NotTold;

    /** Whether it can be told with these means. */
    default boolean isReachable(RootPost post) {
        return true;
    }

    /** What this user has chosen, which is mail unless he says otherwise; empty if that leads nowhere. */
    static Optional<RootAddress> of(UserRow user) {
        NotifySetting setting = NotifySetting.of(user.setting());
        return switch (setting.text("notify_type")) {
            case "webhook" -> RootWebhook.of(setting);
            case "bark" -> RootBark.of(setting);
            case "gotify" -> RootGotify.of(setting);
            case "", "email" -> RootMailbox.of(setting, user.email());
            default -> Optional.empty();
        };
    }

    /** The host of a web address, as far as there is one. */
    static String host(String url) {
        try {
            URI uri = new URI(url);
            return uri.getHost() == null ? "an address without a host" : uri.getScheme() + "://" + uri.getHost();
        } catch (URISyntaxException e) {
            return "an address without a host";
        }
    }
}

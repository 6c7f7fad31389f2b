package io.newapi.server.relay.provider;

import io.newapi.core.channel.Channel;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The address of a channel. */
final class BaseUrl {

    private BaseUrl() {}

    /**
     * The channel's own or the provider's address, without a slash at the end.
     *
     * @param provider for complaints
     * @throws IllegalArgumentException if it is no address of the Web
     */
    static String of(Channel channel, String otherwise, String provider) {
        String base = channel.baseUrl().isEmpty() ? otherwise : channel.baseUrl();
        return checked(base.endsWith("/") ? base.substring(0, base.length() - 1) : base, channel, provider);
    }

    /** The same address, if it is one of the Web. */
    static String checked(String url, Channel channel, String provider) {
        URI parsed = URI.create(url);
        boolean web = "http".equalsIgnoreCase(parsed.getScheme()) || "https".equalsIgnoreCase(parsed.getScheme());
        if (!web || UpstreamCall.hostOf(parsed).isEmpty()) {
            throw new IllegalArgumentException("channel " + channel.id() + " of type " + provider
                    + " needs an address that begins with http:// or https://");
        }
        return url;
    }

    /** A name as one segment of a path. */
    static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

package io.newapi.server.relay.provider;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request to an upstream, without its body.
 *
 * @param url absolute, http or https
 * @param headers headers beyond those that every request has; may hold the key
 */
public record UpstreamCall(String url, Map<String, String> headers) {

    private static final Pattern AUTHORITY = Pattern.compile("(?:[^@]*@)?([A-Za-z0-9._-]+)(?::[0-9]{1,5})?");

    /** An immutable copy. */
    public UpstreamCall {
        headers = Map.copyOf(headers);
    }

    /**
     * What nobody but us may see of this call: the key, and of the address the host and what may stand before it. The
     * longer ones come first, so that none is hidden in part.
     */
    public List<String> secrets(String key) {
        URI address = URI.create(url);
        List<String> secrets = new ArrayList<>();
        secrets.add(key);
        String authority = String.valueOf(address.getRawAuthority());
        int at = authority.lastIndexOf('@');
        if (at >= 0) {
            addUserInfo(secrets, address.getUserInfo());
            addUserInfo(secrets, authority.substring(0, at));
        }
        secrets.add(hostOf(address).orElse(authority));
        secrets.sort((a, b) -> b.length() - a.length());
        return List.copyOf(secrets);
    }

    /**
     * The host of an address. Unlike {@link URI#getHost} it takes names with an underscore, which are none of the Internet
     * but which container networks use.
     */
    static Optional<String> hostOf(URI address) {
        if (address.getHost() != null) {
            return Optional.of(address.getHost());
        }
        String authority = address.getRawAuthority();
        if (authority == null) {
            return Optional.empty();
        }
        Matcher parts = AUTHORITY.matcher(authority);
        return parts.matches() ? Optional.of(parts.group(1)) : Optional.empty();
    }

    private static void addUserInfo(List<String> secrets, @Nullable String userInfo) {
        if (userInfo != null) {
            secrets.add(userInfo);
            secrets.addAll(List.of(userInfo.split(":", 2)));
        }
    }

    /** Without the headers: they hold the key. */
    @Override
    public String toString() {
        return "UpstreamCall[" + url + "]";
    }
}

package io.newapi.server.relay.provider;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to an upstream, without its body.
 *
 * @param url absolute, http or https
 * @param headers headers beyond those that every request has; may hold the key
 */
public record UpstreamCall(String url, Map<String, String> headers) {

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
        addUserInfo(secrets, address.getUserInfo());
        addUserInfo(secrets, address.getRawUserInfo());
        String host = address.getHost();
        if (host != null) {
            secrets.add(host);
        }
        secrets.sort((a, b) -> b.length() - a.length());
        return List.copyOf(secrets);
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

package io.newapi.cli.client;

import java.io.IOException;
import java.net.CookieHandler;
import java.net.HttpCookie;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The cookies of one server for the length of one command, sent back as browsers do: {@code name=value}. The JDK's own
 * cookie manager falls back to the quoted form of RFC 2965 as soon as a cookie has a {@code Max-Age}, which servers misread.
 */
final class PlainCookies extends CookieHandler {

    private final Map<String, String> values = new TreeMap<>();

    @Override
    public synchronized Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) throws IOException {
        if (values.isEmpty()) {
            return Map.of();
        }
        String line = values.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
        return Map.of("Cookie", List.of(line));
    }

    @Override
    public synchronized void put(URI uri, Map<String, List<String>> headers) throws IOException {
        headers.forEach((name, lines) -> {
            if ("set-cookie".equalsIgnoreCase(name)) {
                lines.forEach(this::keep);
            }
        });
    }

    private void keep(String line) {
        for (HttpCookie cookie : HttpCookie.parse(line)) {
            if (cookie.getMaxAge() == 0 || cookie.getValue().isEmpty()) {
                values.remove(cookie.getName());
            } else {
                values.put(cookie.getName(), cookie.getValue());
            }
        }
    }
}

package io.newapi.cli.client;

import java.net.CookieHandler;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Cookies of one server for the length of one command: names and values, sent back as they came. The JDK's own jar
 * takes a cookie with {@code Max-Age} for one of RFC 2965 and answers it in that form, which servers no longer read.
 * Thread-safe.
 */
final class SessionCookies extends CookieHandler {

    private static final int MOST_COOKIES = 50;

    private final Map<String, String> cookies = new LinkedHashMap<>();

    @Override
    public synchronized Map<String, List<String>> get(URI uri, Map<String, List<String>> requestHeaders) {
        if (cookies.isEmpty()) {
            return Map.of();
        }
        String line = cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
        return Map.of("Cookie", List.of(line));
    }

    @Override
    public synchronized void put(URI uri, Map<String, List<String>> responseHeaders) {
        responseHeaders.forEach((name, values) -> {
            if (name != null && name.toLowerCase(Locale.ROOT).equals("set-cookie")) {
                values.forEach(this::take);
            }
        });
    }

    private void take(String setCookie) {
        String cookie = setCookie.split(";", 2)[0];
        int equals = cookie.indexOf('=');
        if (equals <= 0) {
            return;
        }
        String name = cookie.substring(0, equals).strip();
        String value = cookie.substring(equals + 1).strip();
        if (value.isEmpty()) {
            cookies.remove(name);
        } else if (cookies.size() < MOST_COOKIES || cookies.containsKey(name)) {
            cookies.put(name, value);
        }
    }
}

package io.newapi.server.relay.provider;

import java.util.HashMap;
import java.util.Map;

/** What Anthropic's clients say about the version that they speak; passed on, so that new ones need no new gateway. */
final class AnthropicHeaders {

    private static final String VERSION = "anthropic-version";
    private static final String BETA = "anthropic-beta";
    private static final String OLDEST = "2023-06-01";
    private static final int MAX_CHARS = 1000;

    private AnthropicHeaders() {}

    static Map<String, String> of(Target target) {
        Map<String, String> headers = new HashMap<>();
        headers.put(VERSION, header(target, VERSION, OLDEST));
        String beta = header(target, BETA, "");
        if (!beta.isEmpty()) {
            headers.put(BETA, beta);
        }
        return headers;
    }

    private static String header(Target target, String name, String otherwise) {
        return target.clientHeader()
                .apply(name)
                .filter(value -> !value.isBlank() && value.length() <= MAX_CHARS)
                .orElse(otherwise);
    }
}

package io.newapi.server.relay.provider;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which of the two forms of its live connections a client of OpenAI speaks. Messages pass unchanged, so that the provider has to
 * speak the same. A client that can set no header says it among its sub-protocols.
 */
final class RealtimeHeaders {

    private static final String BETA = "OpenAI-Beta";
    private static final String REALTIME = "realtime=v1";
    private static final String AS_PROTOCOL = "openai-beta.realtime-v1";

    private RealtimeHeaders() {}

    static Map<String, String> of(Target target) {
        Function<String, Optional<String>> header = target.clientHeader();
        boolean beta =
                header.apply(BETA).filter(value -> value.contains(REALTIME)).isPresent()
                        || header.apply("Sec-WebSocket-Protocol")
                                .filter(value -> value.contains(AS_PROTOCOL))
                                .isPresent();
        return beta ? Map.of(BETA, REALTIME) : Map.of();
    }
}

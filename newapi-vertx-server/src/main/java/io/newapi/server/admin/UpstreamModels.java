package io.newapi.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.server.outbound.OutboundAnswer;
import io.newapi.server.outbound.OutboundClient;
import io.newapi.server.outbound.OutboundFailure;
import io.newapi.server.outbound.OutboundRequest;
import io.vertx.core.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks an upstream which models it offers. Bounded in time, size and number; follows no redirects, because the key goes along.
 *
 * <p>Blocks: for worker threads. Thread-safe.
 */
final class UpstreamModels {

    private static final int TYPE_ANTHROPIC = 14;
    private static final int TYPE_ALI = 17;
    private static final int TYPE_GEMINI = 24;
    private static final int TYPE_ZHIPU_V4 = 26;
    private static final String ANTHROPIC_VERSION = "2023-06-01";

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final Duration TOTAL_LIMIT = Duration.ofSeconds(15);
    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final int MAX_MODELS = 5000;
    private static final int MAX_NAME = 255;

    private final OutboundClient client;

    UpstreamModels(HttpClient client) {
        this.client = new OutboundClient(
                client, new OutboundClient.Limits(CONNECT_LIMIT, ANSWER_LIMIT, TOTAL_LIMIT, MAX_BYTES));
    }

    /**
     * The model names that the upstream at {@code baseUrl} lists.
     *
     * @throws Refused if the address is not allowed or the upstream does not answer with a list
     */
    List<String> list(int channelType, String baseUrl, String key, boolean privateAllowed) {
        Map<String, String> login = channelType == TYPE_ANTHROPIC
                ? Map.of("x-api-key", key, "anthropic-version", ANTHROPIC_VERSION)
                : Map.of("Authorization", "Bearer " + key);
        Map<String, String> headers = new HashMap<>(login);
        headers.put("Accept", "application/json");
        String url = baseUrl.strip().replaceAll("/+$", "") + path(channelType);
        return names(fetch(OutboundRequest.get(url, headers, privateAllowed), baseUrl));
    }

    private static String path(int channelType) {
        return switch (channelType) {
            case TYPE_GEMINI -> "/v1beta/openai/models";
            case TYPE_ALI -> "/compatible-mode/v1/models";
            case TYPE_ZHIPU_V4 -> "/api/paas/v4/models";
            default -> "/v1/models";
        };
    }

    private String fetch(OutboundRequest request, String baseUrl) {
        OutboundAnswer answer;
        try {
            answer = client.ask(request);
        } catch (OutboundFailure e) {
            if (e.reason() == OutboundFailure.Reason.ADDRESS_REFUSED) {
                throw Refused.because(Message.ADDRESS_REFUSED, baseUrl);
            }
            throw Refused.with(500, Message.UPSTREAM_FAILED, String.valueOf(e.getMessage()));
        }
        if (answer.status() != 200) {
            throw Refused.with(500, Message.UPSTREAM_FAILED, "status " + answer.status());
        }
        if (!answer.whole()) {
            throw Refused.with(500, Message.UPSTREAM_FAILED, "more than " + MAX_BYTES + " bytes");
        }
        return answer.body().toString(StandardCharsets.UTF_8);
    }

    private static List<String> names(String text) {
        JsonNode data = Json.parse(text)
                .map(tree -> tree.path("data"))
                .filter(JsonNode::isArray)
                .orElseThrow(() -> Refused.with(500, Message.UPSTREAM_FAILED, "the answer is no list of models"));
        List<String> names = new ArrayList<>();
        for (JsonNode model : data) {
            String id = model.path("id").asText("");
            String name = id.startsWith("models/") ? id.substring("models/".length()) : id;
            if (!name.isEmpty() && name.length() <= MAX_NAME && names.size() < MAX_MODELS) {
                names.add(name);
            }
        }
        return List.copyOf(names);
    }
}

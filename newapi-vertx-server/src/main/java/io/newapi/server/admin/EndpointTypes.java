package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Which kinds of endpoint a model can be called by, from its name and the types of the channels that offer it. */
final class EndpointTypes {

    private static final Map<String, String> PATHS = new TreeMap<>(Map.of(
            "openai", "/v1/chat/completions",
            "openai-response", "/v1/responses",
            "anthropic", "/v1/messages",
            "gemini", "/v1beta/models/{model}:generateContent",
            "jina-rerank", "/rerank",
            "image-generation", "/v1/images/generations",
            "embeddings", "/v1/embeddings"));

    private static final List<String> RESPONSES_ONLY = List.of("o3-pro", "o3-deep-research", "o4-mini-deep-research");
    private static final List<String> IMAGE_NAMES = List.of("dall-e-3", "dall-e-2", "gpt-image-1");
    private static final List<String> IMAGE_PREFIXES = List.of("imagen-", "flux-", "flux.1-");

    private EndpointTypes() {}

    static List<String> of(String model, Collection<Integer> channelTypes) {
        Set<String> types = new LinkedHashSet<>();
        if (IMAGE_NAMES.contains(model) || IMAGE_PREFIXES.stream().anyMatch(model::startsWith)) {
            types.add("image-generation");
        }
        channelTypes.stream().flatMap(type -> of(model, type)).forEach(types::add);
        return List.copyOf(types);
    }

    private static Stream<String> of(String model, int channelType) {
        return switch (channelType) {
            case 14, 33 -> Stream.of("anthropic", "openai");
            case 24, 41 -> Stream.of("gemini", "openai");
            case 38 -> Stream.of("jina-rerank");
            case 55 -> Stream.of("openai-video");
            default -> Stream.of(RESPONSES_ONLY.stream().anyMatch(model::contains) ? "openai-response" : "openai");
        };
    }

    /** Path and method of every kind. */
    static ObjectNode supported() {
        ObjectNode all = Json.object();
        PATHS.forEach((type, path) -> all.putObject(type).put("path", path).put("method", "POST"));
        return all;
    }
}

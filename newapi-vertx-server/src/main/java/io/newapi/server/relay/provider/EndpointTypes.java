package io.newapi.server.relay.provider;

import io.newapi.server.relay.wire.ModelKind;
import io.newapi.server.relay.wire.WireFormat;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * By which kinds of endpoint a model can be called, in the words of New API's lists: what its name says that it does, as far as the
 * providers of its channels have an endpoint for that. Conversations are translated, so that one provider is enough for all of their
 * endpoints; its own come first.
 */
public final class EndpointTypes {

    private static final Map<WireFormat, String> NAMES = names();

    private static final SortedMap<String, String> PATHS = Collections.unmodifiableSortedMap(paths(NAMES));

    /** OpenAI answers calls of these at one endpoint only. */
    private static final List<String> RESPONSES_ONLY = List.of("o3-pro", "o3-deep-research", "o4-mini-deep-research");

    private EndpointTypes() {}

    private static Map<WireFormat, String> names() {
        // of conversations, in the order in which they are named
        Map<WireFormat, String> names = new LinkedHashMap<>();
        names.put(WireFormat.CHAT, "openai");
        names.put(WireFormat.RESPONSES, "openai-response");
        names.put(WireFormat.MESSAGES, "anthropic");
        names.put(WireFormat.GEMINI, "gemini");
        names.put(WireFormat.RESPONSES_COMPACT, "openai-response-compact");
        names.put(WireFormat.EMBEDDINGS, "embeddings");
        names.put(WireFormat.RERANK, "jina-rerank");
        names.put(WireFormat.MODERATIONS, "moderation");
        names.put(WireFormat.IMAGES, "image-generation");
        names.put(WireFormat.SPEECH, "audio-speech");
        names.put(WireFormat.TRANSCRIPTIONS, "audio-transcription");
        return names;
    }

    private static SortedMap<String, String> paths(Map<WireFormat, String> names) {
        SortedMap<String, String> paths = new TreeMap<>();
        names.forEach((format, name) -> paths.put(
                name,
                switch (format) {
                    case MESSAGES -> "/v1/messages";
                    case GEMINI -> "/v1beta/models/{model}:generateContent";
                    default -> "/v1" + OpenAiPaths.of(format);
                }));
        return paths;
    }

    /** The kinds for a model that channels of these types offer; none if nobody can call it. */
    public static List<String> of(String model, Collection<Integer> channelTypes, ProviderCatalog providers) {
        List<Provider> all = channelTypes.stream()
                .flatMap(type -> providers.ofType(type).stream())
                .toList();
        WireFormat first = ModelKind.of(model).format();
        if (!first.conversation() && all.stream().anyMatch(provider -> provider.serves(first))) {
            return List.of(name(first));
        }
        if (all.stream().noneMatch(provider -> provider.serves(WireFormat.CHAT))) {
            return List.of();
        }
        if (RESPONSES_ONLY.stream().anyMatch(model::contains)) {
            return List.of(name(WireFormat.RESPONSES));
        }
        Set<WireFormat> own = EnumSet.noneOf(WireFormat.class);
        all.forEach(provider -> own.addAll(provider.formats()));
        return Stream.concat(NAMES.keySet().stream().filter(own::contains), NAMES.keySet().stream())
                .filter(WireFormat::conversation)
                .map(EndpointTypes::name)
                .distinct()
                .toList();
    }

    private static String name(WireFormat format) {
        return NAMES.getOrDefault(format, "");
    }

    /** The path of each kind, by its name; all are called with {@code POST}. */
    public static SortedMap<String, String> paths() {
        return PATHS;
    }
}

package io.newapi.server;

import io.newapi.core.pricing.PriceBook;
import io.newapi.server.admin.ProviderFacts;
import io.newapi.server.relay.provider.EndpointTypes;
import io.newapi.server.relay.provider.Provider;
import io.newapi.server.relay.provider.ProviderCatalog;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the administration shows of channel types: the catalogue of dialects, and the models that have a shipped price. */
final class CatalogFacts implements ProviderFacts {

    /** How a vendor's model names begin. */
    private static final Map<Integer, List<String>> BEGINNINGS = Map.of(
            1, List.of("gpt-", "o1", "o3", "o4", "chatgpt-", "text-embedding-", "dall-e", "tts-", "whisper-"),
            17, List.of("qwen"),
            25, List.of("moonshot-", "kimi-"),
            26, List.of("glm-"),
            34, List.of("rerank-"),
            38, List.of("jina-"),
            42, List.of("mistral-", "open-mistral", "open-mixtral"),
            43, List.of("deepseek-"),
            48, List.of("grok-"));

    private final ProviderCatalog catalog;
    private final SortedMap<Integer, List<String>> models = new TreeMap<>();

    CatalogFacts(ProviderCatalog catalog, PriceBook shipped) {
        this.catalog = catalog;
        for (int type : catalog.types()) {
            List<String> beginnings = BEGINNINGS.getOrDefault(type, List.of());
            models.put(
                    type,
                    Stream.concat(shipped.modelRatios().keySet().stream(), shipped.modelPrices().keySet().stream())
                            .filter(name -> beginnings.stream().anyMatch(name::startsWith))
                            .distinct()
                            .sorted()
                            .toList());
        }
    }

    @Override
    public String defaultBaseUrl(int channelType) {
        return catalog.ofType(channelType).map(Provider::defaultBaseUrl).orElse("");
    }

    @Override
    public SortedMap<Integer, List<String>> modelsByType() {
        return new TreeMap<>(models);
    }

    @Override
    public String owner(int channelType) {
        return catalog.ofType(channelType).map(Provider::name).orElse("custom");
    }

    @Override
    public List<String> endpointTypes(String model, Collection<Integer> channelTypes) {
        return EndpointTypes.of(model, channelTypes, catalog);
    }

    @Override
    public SortedMap<String, String> endpointPaths() {
        return EndpointTypes.paths();
    }
}

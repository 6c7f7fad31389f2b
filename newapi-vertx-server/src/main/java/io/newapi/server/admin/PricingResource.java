package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.core.access.Groups;
import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelDirectory;
import io.newapi.core.channel.ChannelStatus;
import io.newapi.core.pricing.Price;
import io.newapi.core.pricing.PriceBook;
import io.newapi.core.pricing.QuoteOutcome;
import io.newapi.core.pricing.Ratio;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code /api/pricing} and {@code /api/ratio_config}: what models cost. */
final class PricingResource {

    private final ConsoleOptions options;
    private final Admittance admittance;
    private final ProviderFacts providers;
    private volatile @Nullable Listed listed;

    /** The list of models, made once for each pair of price book and directory. */
    private record Listed(PriceBook prices, ChannelDirectory channels, ArrayNode models) {}

    PricingResource(ConsoleOptions options, Admittance admittance, ProviderFacts providers) {
        this.options = options;
        this.admittance = admittance;
        this.providers = providers;
    }

    void mount(AdminRoutes routes) {
        routes.get("/api/pricing", Access.ANYONE, this::pricing)
                .criticalGet("/api/ratio_config", Access.ANYONE, this::ratioConfig);
    }

    private Answer pricing(AdminCall call) {
        String group = admittance.visitor(call.headers()).map(Actor::group).orElse("");
        PriceBook prices = options.prices();
        Groups groups = options.groups();
        ObjectNode ratios = Json.object();
        ObjectNode usable = Json.object();
        groups.usableBy(group).forEach((name, description) -> {
            usable.put(name, description);
            if (prices.groups().contains(name)) {
                ratios.put(name, prices.groupRatio(group, name).ratio().toBigDecimal());
            }
        });
        return Answer.ok(models(prices, options.channels()))
                .with("vendors", Json.array())
                .with("group_ratio", ratios)
                .with("usable_group", usable)
                .with("supported_endpoint", supported())
                .with("auto_groups", Json.texts(groups.autoFor(group)))
                .withoutMessage();
    }

    /** Path and method of every kind of endpoint. */
    private ObjectNode supported() {
        ObjectNode all = Json.object();
        providers
                .endpointPaths()
                .forEach((type, path) -> all.putObject(type).put("path", path).put("method", "POST"));
        return all;
    }

    private ArrayNode models(PriceBook prices, ChannelDirectory channels) {
        Listed known = listed;
        if (known == null || known.prices() != prices || known.channels() != channels) {
            known = new Listed(prices, channels, list(prices, channels));
            listed = known;
        }
        return known.models();
    }

    private ArrayNode list(PriceBook prices, ChannelDirectory channels) {
        Map<String, Offer> offers = new TreeMap<>();
        for (Channel channel : channels.channels()) {
            if (channel.status() == ChannelStatus.ENABLED) {
                channel.models()
                        .forEach(model -> offers.computeIfAbsent(model, name -> new Offer())
                                .add(channel));
            }
        }
        ArrayNode models = Json.array();
        offers.forEach((model, offer) -> models.add(entry(model, offer, prices)));
        return models;
    }

    private ObjectNode entry(String model, Offer offer, PriceBook prices) {
        ObjectNode entry = Json.object().put("model_name", model);
        // A model without a price is listed at what it costs those who agreed to call it.
        QuoteOutcome outcome = prices.quote(model, "", "", true);
        if (outcome instanceof QuoteOutcome.Quoted quoted) {
            price(entry, quoted.quote().price());
        }
        entry.put("owner_by", "");
        entry.set("enable_groups", Json.texts(offer.groups));
        entry.set("supported_endpoint_types", Json.texts(providers.endpointTypes(model, offer.types)));
        return entry;
    }

    private static void price(ObjectNode entry, Price price) {
        price.match(
                byRatio -> entry.put("quota_type", 0)
                        .put("model_ratio", byRatio.modelRatio().toBigDecimal())
                        .put("model_price", BigDecimal.ZERO)
                        .put("completion_ratio", byRatio.completionRatio().toBigDecimal()),
                perCall -> entry.put("quota_type", 1)
                        .put("model_ratio", BigDecimal.ZERO)
                        .put("model_price", perCall.priceUsd().toBigDecimal())
                        .put("completion_ratio", BigDecimal.ZERO),
                tiered -> entry.put("quota_type", 0)
                        .put("model_ratio", BigDecimal.ZERO)
                        .put("model_price", BigDecimal.ZERO)
                        .put("completion_ratio", BigDecimal.ZERO)
                        .put("billing_mode", "tiered_expr")
                        .put("billing_expr", tiered.expression().text()));
    }

    /** The groups and channel types that offer a model. */
    private static final class Offer {
        private final Set<String> groups = new TreeSet<>();
        private final Set<Integer> types = new TreeSet<>();

        private void add(Channel channel) {
            groups.addAll(channel.groups());
            types.add(channel.type());
        }
    }

    private Answer ratioConfig(AdminCall call) {
        if (!options.flag("ExposeRatioEnabled")) {
            throw Refused.with(403, Message.RATIO_CONFIG_CLOSED);
        }
        PriceBook prices = options.prices();
        ObjectNode data = Json.object();
        data.set("model_ratio", table(prices.modelRatios()));
        data.set("completion_ratio", table(prices.completionRatios()));
        data.set("cache_ratio", table(prices.cacheRatios()));
        data.set("model_price", table(prices.modelPrices()));
        return Answer.ok(data);
    }

    private static ObjectNode table(Map<String, Ratio> ratios) {
        ObjectNode table = Json.object();
        ratios.forEach((name, ratio) -> table.put(name, ratio.toBigDecimal()));
        return table;
    }
}

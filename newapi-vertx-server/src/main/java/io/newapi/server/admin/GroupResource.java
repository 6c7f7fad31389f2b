package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.core.access.Groups;
import io.newapi.core.channel.ChannelDirectory;
import io.newapi.core.pricing.PriceBook;
import io.newapi.server.store.Page;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Groups, and the models that users of a group can call. */
final class GroupResource {

    private final ConsoleOptions options;
    private final ProviderFacts providers;

    GroupResource(ConsoleOptions options, ProviderFacts providers) {
        this.options = options;
        this.providers = providers;
    }

    void mount(AdminRoutes routes) {
        routes.get(
                        "/api/group",
                        Access.ADMIN,
                        call -> Answer.ok(
                                Json.texts(new TreeSet<>(options.prices().groups()))))
                .get("/api/user/groups", Access.ANYONE, call -> Answer.ok(usable("")))
                .get(
                        "/api/user/self/groups",
                        Access.USER,
                        call -> Answer.ok(usable(call.actor().group())))
                .get("/api/user/models", Access.USER, this::models)
                .get("/api/models", Access.USER, this::modelsByType);
    }

    private static Answer descriptions(AdminCall call) {
        if (!Access.ADMIN.admits(call.actor().role())) {
            throw Refused.because(Message.ROLE_TOO_LOW);
        }
        ObjectNode page = Pages.of(new Page<>(List.of(), 0, call.page()), none -> Json.object());
        page.set("vendor_counts", Json.object());
        return Answer.ok(page);
    }

    private ObjectNode usable(String userGroup) {
        PriceBook prices = options.prices();
        ObjectNode usable = Json.object();
        Map<String, String> named = new TreeMap<>(options.groups().usableBy(userGroup));
        named.forEach((group, description) -> {
            if (group.equals(Groups.AUTO)) {
                usable.putObject(group).put("ratio", "auto").put("desc", description);
            } else if (prices.groups().contains(group)) {
                usable.putObject(group)
                        .put(
                                "ratio",
                                prices.groupRatio(userGroup, group).ratio().toBigDecimal())
                        .put("desc", description);
            }
        });
        return usable;
    }

    private Answer models(AdminCall call) {
        ChannelDirectory channels = options.channels();
        TreeSet<String> models = new TreeSet<>();
        options.groups()
                .usableBy(call.actor().group())
                .keySet()
                .forEach(group -> models.addAll(channels.models(group)));
        return Answer.ok(Json.texts(models));
    }

    /**
     * One path without a slash at its end, another with it: the former is the catalogue, the latter the administrators' page of
     * descriptions of models, of which this version keeps none.
     */
    private Answer modelsByType(AdminCall call) {
        if (call.path().endsWith("/")) {
            return descriptions(call);
        }
        ObjectNode types = Json.object();
        providers.modelsByType().forEach((type, models) -> types.set(type.toString(), Json.texts(models)));
        return Answer.ok(types).withoutMessage();
    }
}

package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import io.newapi.core.channel.ChannelKeys;
import io.newapi.server.outbound.OutboundAddresses;
import io.newapi.server.snapshot.ChannelReader;
import io.newapi.server.store.ChannelRow;
import io.newapi.server.store.ChannelStore;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Endpoints below {@code /api/channel} that talk to upstreams or show a key. */
final class ChannelUpstreamResource {

    private static final Duration TEST_LIMIT = Duration.ofSeconds(60);
    private static final List<String> OPENAI_ENDPOINTS = List.of("openai");

    private final ChannelStore channels;
    private final ChannelTester tester;
    private final UpstreamModels upstreamModels;
    private final ProviderFacts providers;

    ChannelUpstreamResource(
            ChannelStore channels, ChannelTester tester, UpstreamModels upstreamModels, ProviderFacts providers) {
        this.channels = channels;
        this.tester = tester;
        this.upstreamModels = upstreamModels;
        this.providers = providers;
    }

    void mount(AdminRoutes routes) {
        routes.get("/api/channel/models", Access.ADMIN, this::catalogue)
                .get("/api/channel/models_enabled", Access.ADMIN, this::enabledModels)
                .get("/api/channel/test", Access.ADMIN, ChannelUpstreamResource::notAvailable)
                .upstreamGet("/api/channel/test/:id", Access.ADMIN, this::test)
                .get("/api/channel/update_balance", Access.ADMIN, ChannelUpstreamResource::notAvailable)
                .get("/api/channel/update_balance/:id", Access.ADMIN, ChannelUpstreamResource::notAvailable)
                .upstreamGet("/api/channel/fetch_models/:id", Access.ADMIN, this::fetchModels)
                .upstreamPost("/api/channel/fetch_models", Access.ADMIN, this::fetchModelsOf)
                .criticalPost("/api/channel/:id/key", Access.ROOT, this::revealKey);
    }

    private static Answer notAvailable(AdminCall call) {
        throw Refused.because(Message.NOT_AVAILABLE);
    }

    private Answer catalogue(AdminCall call) {
        ArrayNode models = Json.array();
        for (Map.Entry<Integer, List<String>> type : providers.modelsByType().entrySet()) {
            String owner = providers.owner(type.getKey());
            type.getValue()
                    .forEach(model -> models.addObject()
                            .put("id", model)
                            .put("object", "model")
                            .put("created", 1_626_777_600)
                            .put("owned_by", owner)
                            .set("supported_endpoint_types", Json.texts(OPENAI_ENDPOINTS)));
        }
        return Answer.ok(models);
    }

    private Answer enabledModels(AdminCall call) {
        return Answer.ok(Json.texts(channels.enabledModels()));
    }

    private Answer test(AdminCall call) {
        ChannelRow channel = ChannelResource.existing(channels, call.pathId());
        ChannelTestResult result;
        try {
            result = Waiting.on(
                    tester.test(channel.id(), call.query("model").strip(), privateAllowed(call.actor(), channel)),
                    TEST_LIMIT);
        } catch (Waiting.Failed e) {
            result = new ChannelTestResult(false, String.valueOf(e.getMessage()), Duration.ZERO);
        }
        channels.recordTest(channel.id(), result.time().toMillis());
        BigDecimal seconds = BigDecimal.valueOf(result.time().toMillis(), 3);
        Answer answer = result.success()
                ? Answer.ok()
                : Answer.failure(Refused.because(Message.CHANNEL_TEST_FAILED, result.message()));
        return answer.with("time", DecimalNode.valueOf(seconds));
    }

    private Answer fetchModels(AdminCall call) {
        ChannelRow channel = ChannelResource.existing(channels, call.pathId());
        return Answer.ok(Json.texts(upstreamModels.list(
                channel.type(),
                address(channel.type(), channel.baseUrl()),
                firstEnabledKey(channel),
                privateAllowed(call.actor(), channel))));
    }

    /** One key only, whatever the form in which the channel keeps several. */
    private static String firstEnabledKey(ChannelRow channel) {
        try {
            return ChannelReader.read(channel).keys().slots().stream()
                    .filter(ChannelKeys.Slot::enabled)
                    .findFirst()
                    .map(ChannelKeys.Slot::key)
                    .orElseThrow(() -> Refused.because(Message.CHANNEL_KEY_MISSING));
        } catch (IllegalArgumentException e) {
            throw Refused.because(Message.FIELD_INVALID, "channel", String.valueOf(e.getMessage()));
        }
    }

    /**
     * A private address in a channel was put there by root. A name is another matter: whoever owns it may lead it elsewhere after
     * it was checked, so that only root may call private addresses by name. An empty address is the provider's own.
     */
    private static boolean privateAllowed(Actor actor, ChannelRow channel) {
        return actor.isRoot() || channel.baseUrl().isBlank() || OutboundAddresses.isFixed(channel.baseUrl());
    }

    /** Here mistakes and failures have an HTTP status of their own, as clients of the original expect. */
    private Answer fetchModelsOf(AdminCall call) {
        try {
            return modelsAt(call);
        } catch (Refused refused) {
            int status = refused.reason() == Message.UPSTREAM_FAILED ? 500 : 400;
            return Answer.failure(refused.withStatus(status));
        }
    }

    /** With an address of the caller's choice, and never a stored key; private networks are for root to explore. */
    private Answer modelsAt(AdminCall call) {
        Fields body = call.bodyObject().map(Fields::new).orElseThrow(() -> Refused.because(Message.BODY_INVALID));
        int type = (int) Math.max(0, Math.min(Integer.MAX_VALUE, body.number("type")));
        String key = body.text("key").strip().lines().findFirst().orElse("").strip();
        return Answer.ok(Json.texts(upstreamModels.list(
                        type,
                        address(type, body.text("base_url")),
                        key,
                        call.actor().isRoot())))
                .withoutMessage();
    }

    private String address(int type, String baseUrl) {
        String address = baseUrl.isBlank() ? providers.defaultBaseUrl(type) : baseUrl;
        if (address.isEmpty()) {
            throw Refused.because(Message.FIELD_MISSING, "base_url");
        }
        return address;
    }

    /** A key is shown only right after a second factor was proven, which this version cannot check. */
    private Answer revealKey(AdminCall call) {
        return SecondFactorResource.verificationRequired();
    }
}

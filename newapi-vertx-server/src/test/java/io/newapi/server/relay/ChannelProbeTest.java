package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.access.Groups;
import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelDirectory;
import io.newapi.core.channel.ChannelKeys;
import io.newapi.core.channel.ChannelSelector;
import io.newapi.core.pricing.PriceBook;
import io.newapi.server.relay.provider.ProviderCatalog;
import io.newapi.server.shape.ChannelShape;
import io.newapi.server.shape.ChannelShapes;
import io.newapi.server.snapshot.GatewaySnapshot;
import io.newapi.server.snapshot.Options;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChannelProbeTest {

    private static final String KEY = "0123456789abcdef.AbCdEfGhIjKl";

    private final Vertx vertx = Vertx.vertx();
    private final UpstreamClients clients = new UpstreamClients(
            vertx.createHttpClient(), proxy -> vertx.createHttpClient(new HttpClientOptions().setProxyOptions(proxy)));
    private final ChannelProbe probe = new ChannelProbe(clients, new ChannelSelector(), new ProviderCatalog());

    @AfterEach
    void close() {
        RelayHarness.await(vertx.close());
    }

    private ChannelProbe.Result probe(ScriptedUpstream upstream) {
        return probe(upstream, "", "", "");
    }

    private ChannelProbe.Result probe(
            ScriptedUpstream upstream, String paramOverride, String headerOverride, String setting) {
        Channel channel = Channel.builder(1, ChannelKeys.single(KEY))
                .type(1)
                .baseUrl(upstream.url().replace("http://", "http://someone:pass-word@"))
                .build();
        ChannelShapes shapes =
                ChannelShapes.none().next(Map.of(1L, new ChannelShape.Source(paramOverride, headerOverride, setting)));
        return probe(channel, shapes, "m");
    }

    private ChannelProbe.Result probe(Channel channel, ChannelShapes shapes, String model) {
        GatewaySnapshot world = new GatewaySnapshot(
                Options.defaults(),
                PriceBook.shipped(),
                Groups.of(Map.of(), Map.of(), List.of(), List.of()),
                ChannelDirectory.of(List.of(channel)),
                shapes);
        return RelayHarness.await(probe.probe(channel, world, model, Optional::of));
    }

    @Test
    void anAnswerWithUsageIsASuccess() {
        ScriptedUpstream upstream =
                ScriptedUpstream.start(vertx, reply -> reply.json(200, Chat.completion("Hi", 1, 1)));

        assertThat(probe(upstream).success()).isTrue();
    }

    @Test
    void aFailureNamesNoSecret() {
        String told = "key " + KEY + " of someone:pass-word, that is pass-word, at 127.0.0.1";
        ScriptedUpstream upstream = ScriptedUpstream.start(vertx, reply -> reply.json(401, Chat.error(told)));

        ChannelProbe.Result result = probe(upstream);

        assertThat(result.success()).isFalse();
        assertThat(result.message()).isEqualTo("status 401: key *** of ***, that is ***, at ***");
    }

    @Test
    void whatAChannelChangesIsTestedToo() {
        ScriptedUpstream upstream =
                ScriptedUpstream.start(vertx, reply -> reply.json(200, Chat.completion("Hi", 1, 1)));

        assertThat(probe(upstream, "{\"own\":1}", "{\"X-Own\":\"{api_key}\"}", "")
                        .success())
                .isTrue();

        assertThat(upstream.bodies().get(0)).contains("\"own\":1");
        assertThat(upstream.heads().get(0)).contains("X-Own: " + KEY);
    }

    @Test
    void aTestNamesTheModelWithoutWhatItsEndingAsksFor() {
        ScriptedUpstream upstream =
                ScriptedUpstream.start(vertx, reply -> reply.json(200, Chat.completion("Hi", 1, 1)));
        Channel channel = Channel.builder(1, ChannelKeys.single(KEY))
                .type(1)
                .baseUrl(upstream.url())
                .build();

        assertThat(probe(channel, ChannelShapes.none(), "gpt-5-high").success()).isTrue();

        assertThat(upstream.bodies().get(0)).contains("\"model\":\"gpt-5\"");
    }

    @Test
    void aTestGoesThroughTheChannelsProxy() {
        ScriptedUpstream proxy = ScriptedUpstream.start(vertx, reply -> reply.json(200, Chat.completion("Hi", 1, 1)));
        ScriptedUpstream upstream = ScriptedUpstream.start(vertx);

        assertThat(probe(upstream, "", "", "{\"proxy\":\"" + proxy.url() + "\"}")
                        .success())
                .isTrue();

        assertThat(proxy.calls()).isEqualTo(1);
        assertThat(upstream.calls()).isZero();
    }

    @Test
    void whatAChannelCannotDoIsSaidByItsTest() {
        ScriptedUpstream upstream = ScriptedUpstream.start(vertx);

        assertThat(probe(upstream, "{\"operations\":[{}]}", "", "").message())
                .isEqualTo("param_override: operation 1: mode is missing");
        assertThat(probe(upstream, "{\"operations\":[{\"mode\":\"move\",\"from\":\"a\",\"to\":\"b\"}]}", "", "")
                        .message())
                .isEqualTo("param_override: operation 1: there is nothing at a");
        assertThat(upstream.calls()).isZero();
    }
}

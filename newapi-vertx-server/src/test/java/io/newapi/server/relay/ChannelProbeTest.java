package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelKeys;
import io.newapi.core.channel.ChannelSelector;
import io.newapi.server.relay.provider.ProviderCatalog;
import io.vertx.core.Vertx;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChannelProbeTest {

    private static final String KEY = "0123456789abcdef.AbCdEfGhIjKl";

    private final Vertx vertx = Vertx.vertx();
    private final ChannelProbe probe =
            new ChannelProbe(vertx.createHttpClient(), new ChannelSelector(), new ProviderCatalog());

    @AfterEach
    void close() {
        RelayHarness.await(vertx.close());
    }

    private ChannelProbe.Result probe(ScriptedUpstream upstream) {
        Channel channel = Channel.builder(1, ChannelKeys.single(KEY))
                .type(1)
                .baseUrl(upstream.url().replace("http://", "http://someone:pass-word@"))
                .build();
        return RelayHarness.await(probe.probe(channel, "m", Optional::of));
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
}

package io.newapi.server.relay;

import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelSwitch;
import io.newapi.core.channel.CyclicModelMappingException;
import io.newapi.core.channel.SelectedKey;
import io.newapi.server.relay.provider.Provider;
import io.newapi.server.relay.provider.Target;
import io.newapi.server.relay.provider.UpstreamCall;
import io.newapi.server.relay.wire.GuardedField;
import io.newapi.server.relay.wire.WireFormat;
import io.newapi.server.relay.wire.chat.Translator;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one channel's provider is asked for a call: in which format, where, with which headers and with which bytes. Made for one
 * attempt; confined to the exchange's event loop.
 */
final class UpstreamRequest {

    /**
     * It, ready to be sent.
     *
     * @param options address and headers; they hold the key
     * @param body its bytes, not to be changed
     * @param lost the client's fields that the provider does not get to see
     * @param secrets what no error of the upstream may name
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Ready(RequestOptions options, byte[] body, List<String> lost, List<String> secrets) {

        /** Without address and headers. */
        @Override
        public String toString() {
            return "Ready[" + body.length + " bytes]";
        }
    }

    private final Call call;
    private final Channel channel;
    private final SelectedKey key;
    private final Provider provider;
    private final Upstream upstream;
    private final WireFormat spoken;
    private final @Nullable Translator translator;

    UpstreamRequest(Call call, Channel channel, SelectedKey key, Provider provider, Upstream upstream) {
        this.call = call;
        this.channel = channel;
        this.key = key;
        this.provider = provider;
        this.upstream = upstream;
        this.spoken = provider.formatFor(call.request().format());
        this.translator = spoken == call.request().format()
                ? null
                : new Translator(call.request(), spoken, provider.completionCount());
    }

    /** The format that it is in, and that the answer will be in. */
    WireFormat spoken() {
        return spoken;
    }

    /** Says the answer in the client's format; null if the upstream speaks that. */
    @Nullable
    Translator translator() {
        return translator;
    }

    /**
     * Writes it, elsewhere if that takes long.
     *
     * <p>The future fails with {@link ChannelFault} if the channel is misconfigured, with {@link
     * io.newapi.server.relay.wire.chat.Unsayable} if the provider's format has no words for it, and with {@link
     * io.newapi.server.relay.wire.chat.Unreadable} if the client's body is not one of its format.
     */
    Future<Ready> write() {
        return Future.succeededFuture(this)
                .map(UpstreamRequest::addressed)
                .compose(addressed ->
                        said(addressed.upstreamModel()).map(said -> new Ready(
                                addressed.options(), said.body(), said.lost(), addressed.secrets())));
    }

    /** All but the body. */
    private record Addressed(String upstreamModel, RequestOptions options, List<String> secrets) {}

    private Addressed addressed() {
        try {
            String upstreamModel = channel.upstreamModel(call.request().model());
            UpstreamCall target = provider.call(
                    spoken, new Target(channel, key.key(), upstreamModel, call.request().stream(), this::clientHeader));
            return new Addressed(upstreamModel, options(target), target.secrets(key.key()));
        } catch (IllegalArgumentException | CyclicModelMappingException e) {
            throw new ChannelFault("channel:invalid_configuration", "a channel of this model is misconfigured", e);
        }
    }

    private Future<Translator.Asked> said(String upstreamModel) {
        Translator known = translator;
        if (known == null) {
            boolean askForUsage = upstream.settings().askForUsage()
                    && provider.understandsStreamOptions()
                    && !channel.switches().contains(ChannelSwitch.DISABLE_STREAM_OPTIONS);
            byte[] body =
                    call.request().forUpstream(upstreamModel, askForUsage, GuardedField.allowedBy(channel.switches()));
            return Future.succeededFuture(new Translator.Asked(body, List.of()));
        }
        return call.request().bytes() >= RelaySettings.LARGE_BYTES
                ? upstream.vertx().executeBlocking(() -> known.ask(upstreamModel), false)
                : Future.succeededFuture(known.ask(upstreamModel));
    }

    private Optional<String> clientHeader(String name) {
        return Optional.ofNullable(call.exchange().request().getHeader(name));
    }

    private RequestOptions options(UpstreamCall target) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(target.url())
                .putHeader("Content-Type", "application/json")
                .putHeader("Accept", call.request().stream() ? "text/event-stream" : "application/json");
        target.headers().forEach(options::putHeader);
        return options;
    }
}

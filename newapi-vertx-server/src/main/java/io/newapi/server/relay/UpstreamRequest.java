package io.newapi.server.relay;

import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelSwitch;
import io.newapi.core.channel.CyclicModelMappingException;
import io.newapi.core.channel.SelectedKey;
import io.newapi.server.relay.provider.ApiVersions;
import io.newapi.server.relay.provider.Provider;
import io.newapi.server.relay.provider.Target;
import io.newapi.server.relay.provider.UpstreamCall;
import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.Content;
import io.newapi.server.relay.wire.GuardedField;
import io.newapi.server.relay.wire.WireFormat;
import io.newapi.server.relay.wire.chat.Codec;
import io.newapi.server.relay.wire.chat.ModelSuffix;
import io.newapi.server.relay.wire.chat.Supplement;
import io.newapi.server.relay.wire.chat.SystemPrompt;
import io.newapi.server.relay.wire.chat.Translator;
import io.newapi.server.shape.CallFacts;
import io.newapi.server.shape.ChannelShape;
import io.newapi.server.shape.ClientHeaders;
import io.newapi.server.shape.OutgoingHeaders;
import io.newapi.server.snapshot.ModelOptions;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
     * @param body its bytes
     * @param lost the client's fields that the provider does not get to see
     * @param secrets what no error of the upstream may name
     */
    record Ready(RequestOptions options, Content body, List<String> lost, List<String> secrets) {

        /** Without address and headers. */
        @Override
        public String toString() {
            return "Ready[" + body.length() + " bytes]";
        }
    }

    /** These are the socket's to say. */
    private static final String HANDSHAKE = "sec-websocket-";

    private final Call call;
    private final Channel channel;
    private final SelectedKey key;
    private final Provider provider;
    private final Upstream upstream;
    private final int retries;
    private final ChannelShape shape;
    private final BodyMemory.Share memory;
    private final WireFormat spoken;
    private final @Nullable Translator translator;

    /** @param retries how many attempts of this call came before */
    UpstreamRequest(Call call, Channel channel, SelectedKey key, Provider provider, Upstream upstream, int retries) {
        this.call = call;
        this.channel = channel;
        this.key = key;
        this.provider = provider;
        this.upstream = upstream;
        this.retries = retries;
        this.memory = call.exchange().memory().another();
        this.shape = call.world().shapes().of(channel.id());
        this.spoken = provider.formatFor(call.request().format());
        this.translator = spoken == call.request().format()
                ? null
                : Translator.of(call.request(), spoken, provider.completionCount());
    }

    /** The format that it is in, and that the answer will be in. */
    WireFormat spoken() {
        return spoken;
    }

    /** What the channel changes in calls. */
    ChannelShape shape() {
        return shape;
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
     * io.newapi.server.relay.wire.chat.Unreadable} if the client's body is not one of its format; with {@link
     * io.newapi.server.shape.NotApplicableException} if what the channel changes makes no sense for it, and with {@link
     * io.newapi.server.shape.ReturnedErrorException} if the channel wants it answered so; with {@link RelayFailure} if there is no
     * memory for it.
     */
    Future<Ready> write() {
        return Future.succeededFuture(this)
                .map(UpstreamRequest::addressed)
                .compose(addressed -> isLong(addressed)
                        ? upstream.vertx().executeBlocking(() -> ready(addressed), false)
                        : Future.succeededFuture(ready(addressed)));
    }

    /** Gives back what it took of the memory for bodies. */
    void close() {
        memory.close();
    }

    /**
     * Where a live connection is opened, and with which headers.
     *
     * @param options address and headers; they hold the key
     * @param secrets what no error of the upstream may name
     */
    record Dial(WebSocketConnectOptions options, List<String> secrets) {

        /** Without address and headers. */
        @Override
        public String toString() {
            return "Dial";
        }
    }

    /**
     * The same for a live connection, which has no body.
     *
     * @throws ChannelFault if the channel is misconfigured
     */
    Dial dial() {
        Addressed addressed = addressed();
        OutgoingHeaders headers = new OutgoingHeaders();
        addressed.target().headers().forEach(headers::set);
        shape.headers().apply(headers, addressed.client(), key.key());
        try {
            RequestOptions at =
                    new RequestOptions().setAbsoluteURI(addressed.target().url());
            WebSocketConnectOptions options = new WebSocketConnectOptions();
            options.setHost(at.getHost())
                    .setPort(at.getPort())
                    .setSsl(at.isSsl())
                    .setURI(at.getURI());
            options.setAllowOriginHeader(false);
            headers.all().forEach((name, value) -> {
                if (!name.toLowerCase(Locale.ROOT).startsWith(HANDSHAKE)) {
                    options.addHeader(name, value);
                }
            });
            return new Dial(RealtimeSockets.behind(shape.setting().proxy(), options), addressed.secrets());
        } catch (IllegalArgumentException e) {
            throw misconfigured(e);
        }
    }

    /** Whether it takes longer than an event loop should be held up. */
    private boolean isLong(Addressed addressed) {
        return isRewritten(addressed.named()) && call.request().bytes() >= RelaySettings.LARGE_BYTES;
    }

    /** Whether the body has to be read as a whole; a form has no places for what a channel changes. */
    private boolean isRewritten(ModelSuffix named) {
        boolean prompted = call.request().format().conversation()
                && !shape.setting().systemPrompt().isEmpty();
        boolean reshaped =
                call.request().isJson() && (prompted || !shape.params().isEmpty());
        return !isVerbatim()
                && (translator != null
                        || isSupplemented(named)
                        || call.request().isRewritten()
                        || reshaped);
    }

    /**
     * All but the body.
     *
     * @param named the model, and what the end of its name asks for
     * @param terms what the options say of it
     * @param client what came with the client's request
     */
    private record Addressed(
            ModelSuffix named,
            Codec.WriteTerms terms,
            UpstreamCall target,
            List<String> secrets,
            ClientHeaders client) {}

    private Addressed addressed() {
        shape.fault().ifPresent(fault -> {
            throw new ChannelFault(
                    "channel:" + fault.column() + "_invalid",
                    "a channel of this model is misconfigured",
                    fault.column() + ": " + fault.reason());
        });
        try {
            String upstreamModel = channel.upstreamModel(call.request().model());
            ModelOptions options = call.world().options().models();
            ModelSuffix named = call.request().format().conversation()
                    ? ModelTerms.suffix(upstreamModel, provider, options)
                    : ModelSuffix.none(upstreamModel);
            UpstreamCall target = provider.call(spoken, target(named.model(), options));
            boolean heard = !shape.params().isEmpty() || !shape.headers().isEmpty();
            return new Addressed(
                    named,
                    ModelTerms.of(upstreamModel, named, options),
                    target,
                    secrets(target, key.key(), shape),
                    new ClientHeaders(heard ? call.exchange().request().headers() : List.of()));
        } catch (IllegalArgumentException | CyclicModelMappingException e) {
            throw misconfigured(e);
        }
    }

    private Target target(String upstreamModel, ModelOptions options) {
        String version = call.exchange().request().getParam("api-version", "");
        return new Target(
                channel,
                key.key(),
                upstreamModel,
                call.request().stream(),
                this::clientHeader,
                new ApiVersions(version, options.geminiVersion(upstreamModel)));
    }

    private static ChannelFault misconfigured(RuntimeException reason) {
        return new ChannelFault("channel:invalid_configuration", "a channel of this model is misconfigured", reason);
    }

    private Ready ready(Addressed addressed) {
        OutgoingHeaders headers = headers(addressed.target());
        Body body = body(addressed, headers);
        shape.headers().apply(headers, addressed.client(), key.key());
        return new Ready(options(addressed.target(), headers), body.bytes(), body.lost(), addressed.secrets());
    }

    /** @param lost the client's fields that are not in it */
    private record Body(Content bytes, List<String> lost) {}

    private Body body(Addressed addressed, OutgoingHeaders headers) {
        if (isVerbatim()) {
            return new Body(call.request().content(), List.of());
        }
        if (!isRewritten(addressed.named())) {
            return new Body(
                    call.request()
                            .edited(
                                    addressed.named().model(),
                                    asksForUsage(),
                                    GuardedField.allowedBy(channel.switches())),
                    List.of());
        }
        Translator.Asked said = overridden(said(addressed.named(), addressed.terms()), headers, addressed);
        return new Body(Content.of(said.body()), said.lost());
    }

    /** Whether the client's bytes go on as they are. */
    private boolean isVerbatim() {
        return translator == null
                && (shape.setting().passThrough() || call.world().options().passThroughEnabled());
    }

    private Translator.Asked said(ModelSuffix named, Codec.WriteTerms terms) {
        String prompt = shape.setting().systemPrompt();
        ClientRequest held = held();
        ClientRequest request = prompt.isEmpty() || !held.format().conversation()
                ? held
                : new SystemPrompt(prompt, shape.setting().systemPromptOverride()).in(held, named.model());
        if (translator != null) {
            Translator.Asked asked =
                    Translator.of(request, spoken, provider.completionCount()).ask(named, terms);
            return isSupplemented(named)
                    ? new Translator.Asked(
                            Supplement.in(asked.body(), spoken, named, terms.defaultMaxTokens()), asked.lost())
                    : asked;
        }
        byte[] body = request.forUpstream(named.model(), asksForUsage(), GuardedField.allowedBy(channel.switches()));
        return new Translator.Asked(
                isSupplemented(named) ? Supplement.in(body, spoken, named, terms.defaultMaxTokens()) : body, List.of());
    }

    /** The client's request in memory, for as long as this attempt lasts. */
    private ClientRequest held() {
        ClientRequest request = call.request();
        if (!request.isInMemory() && !memory.take(request.bytes())) {
            throw new RelayFailure(Refusals.noMemory());
        }
        return request.inMemory();
    }

    private boolean asksForUsage() {
        return upstream.settings().askForUsage()
                && provider.understandsStreamOptions()
                && !channel.switches().contains(ChannelSwitch.DISABLE_STREAM_OPTIONS);
    }

    /** Whether something has to be put into a request that is in the provider's format. */
    private boolean isSupplemented(ModelSuffix named) {
        return switch (spoken) {
            case CHAT, RESPONSES -> named.asks();
            // a translator says itself what there is to say
            case GEMINI -> translator == null && named.asks();
            case MESSAGES ->
                translator == null && (named.asks() || call.request().maxCompletionTokens() == 0);
            default -> false;
        };
    }

    /** A form has no places that a path would name. */
    private Translator.Asked overridden(Translator.Asked said, OutgoingHeaders headers, Addressed addressed) {
        if (!call.request().isJson()) {
            return said;
        }
        CallFacts facts =
                new CallFacts(call.request().model(), addressed.named().model(), retries);
        return new Translator.Asked(shape.params().in(said.body(), headers, addressed.client(), facts), said.lost());
    }

    /** What nobody but us may see of a call; the longer ones first, so that none is hidden in part. */
    static List<String> secrets(UpstreamCall target, String key, ChannelShape shape) {
        List<String> secrets = new ArrayList<>(target.secrets(key));
        secrets.addAll(shape.headers().secrets());
        shape.setting().proxy().ifPresent(proxy -> secrets.addAll(proxy.secrets()));
        secrets.sort((a, b) -> b.length() - a.length());
        return List.copyOf(secrets);
    }

    private Optional<String> clientHeader(String name) {
        return Optional.ofNullable(call.exchange().request().getHeader(name));
    }

    private OutgoingHeaders headers(UpstreamCall target) {
        OutgoingHeaders headers = new OutgoingHeaders()
                .set("Content-Type", call.request().contentType())
                .set(
                        "Accept",
                        call.request().stream()
                                ? "text/event-stream"
                                : call.request().format().accepts());
        target.headers().forEach(headers::set);
        return headers;
    }

    private static RequestOptions options(UpstreamCall target, OutgoingHeaders headers) {
        try {
            RequestOptions options =
                    new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(target.url());
            headers.all().forEach(options::putHeader);
            return options;
        } catch (IllegalArgumentException e) {
            throw misconfigured(e);
        }
    }
}

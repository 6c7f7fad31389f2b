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
import java.util.ArrayList;
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
    private final int retries;
    private final ChannelShape shape;
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
     * io.newapi.server.shape.ReturnedErrorException} if the channel wants it answered so.
     */
    Future<Ready> write() {
        return Future.succeededFuture(this)
                .map(UpstreamRequest::addressed)
                .compose(addressed -> isLong(addressed)
                        ? upstream.vertx().executeBlocking(() -> ready(addressed), false)
                        : Future.succeededFuture(ready(addressed)));
    }

    /** Whether it takes longer than an event loop should be held up. */
    private boolean isLong(Addressed addressed) {
        boolean rewritten = translator != null
                || isSupplemented(addressed.named())
                || call.request().isRewritten()
                || !shape.params().isEmpty()
                || !shape.setting().systemPrompt().isEmpty();
        return rewritten && call.request().bytes() >= RelaySettings.LARGE_BYTES;
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
        Translator.Asked said = isVerbatim()
                ? new Translator.Asked(call.request().body(), List.of())
                : overridden(said(addressed.named(), addressed.terms()), headers, addressed);
        shape.headers().apply(headers, addressed.client(), key.key());
        return new Ready(options(addressed.target(), headers), said.body(), said.lost(), addressed.secrets());
    }

    /** Whether the client's bytes go on as they are. */
    private boolean isVerbatim() {
        return translator == null
                && (shape.setting().passThrough() || call.world().options().passThroughEnabled());
    }

    private Translator.Asked said(ModelSuffix named, Codec.WriteTerms terms) {
        String prompt = shape.setting().systemPrompt();
        ClientRequest request = prompt.isEmpty() || !call.request().format().conversation()
                ? call.request()
                : new SystemPrompt(prompt, shape.setting().systemPromptOverride()).in(call.request(), named.model());
        if (translator != null) {
            Translator.Asked asked =
                    Translator.of(request, spoken, provider.completionCount()).ask(named, terms);
            return isSupplemented(named)
                    ? new Translator.Asked(
                            Supplement.in(asked.body(), spoken, named, terms.defaultMaxTokens()), asked.lost())
                    : asked;
        }
        boolean askForUsage = upstream.settings().askForUsage()
                && provider.understandsStreamOptions()
                && !channel.switches().contains(ChannelSwitch.DISABLE_STREAM_OPTIONS);
        byte[] body = request.forUpstream(named.model(), askForUsage, GuardedField.allowedBy(channel.switches()));
        return new Translator.Asked(
                isSupplemented(named) ? Supplement.in(body, spoken, named, terms.defaultMaxTokens()) : body, List.of());
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

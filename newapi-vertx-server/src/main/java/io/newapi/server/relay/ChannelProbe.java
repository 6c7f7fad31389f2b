package io.newapi.server.relay;

import io.newapi.core.channel.AttemptFailure;
import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelSelector;
import io.newapi.core.channel.FailureReport;
import io.newapi.core.channel.SelectedKey;
import io.newapi.server.relay.provider.ApiVersions;
import io.newapi.server.relay.provider.Provider;
import io.newapi.server.relay.provider.ProviderCatalog;
import io.newapi.server.relay.provider.Target;
import io.newapi.server.relay.provider.UpstreamCall;
import io.newapi.server.relay.wire.AnswerFacts;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.relay.wire.UpstreamErrors;
import io.newapi.server.relay.wire.WireFormat;
import io.newapi.server.shape.CallFacts;
import io.newapi.server.shape.ChannelShape;
import io.newapi.server.shape.ClientHeaders;
import io.newapi.server.shape.NotApplicableException;
import io.newapi.server.shape.OutgoingHeaders;
import io.newapi.server.shape.ReturnedErrorException;
import io.newapi.server.snapshot.GatewaySnapshot;
import io.newapi.server.snapshot.ModelOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Sends one small call through a channel, past selection and accounting. Thread-safe. */
public final class ChannelProbe {

    /**
     * How it went.
     *
     * @param success whether the upstream answered and reported its usage
     * @param message what went wrong, without addresses and keys; empty on success
     * @param time how long it took
     * @param refusal what the upstream said if it refused
     */
    public record Result(boolean success, String message, Duration time, Optional<FailureReport> refusal) {}

    /** @param message empty if nothing went wrong */
    private record Finding(String message, Optional<FailureReport> refusal) {

        static Finding of(String message) {
            return new Finding(message, Optional.empty());
        }
    }

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int MAX_ANSWER_BYTES = 1024 * 1024;

    private final UpstreamClients clients;
    private final ChannelSelector selector;
    private final ProviderCatalog providers;

    /** Wires the probe. */
    public ChannelProbe(UpstreamClients clients, ChannelSelector selector, ProviderCatalog providers) {
        this.clients = clients;
        this.selector = selector;
        this.providers = providers;
    }

    /** Decides which address of a host is connected to. */
    @FunctionalInterface
    public interface Addresses {
        /** An address of {@code host} in its numeric form; empty if none of them may be called. May block. */
        Optional<String> of(String host);
    }

    /**
     * Asks {@code channel}, enabled or not, for a few words of {@code model}, with the body and headers that it makes of a call; the
     * future does not fail. Blocks while {@code addresses} does, which is not asked for a channel behind a proxy: that finds the
     * provider itself.
     *
     * @param world what each channel changes, and what the options say of models
     */
    public Future<Result> probe(Channel channel, GatewaySnapshot world, String model, Addresses addresses) {
        return probe(channel, () -> selector.pin(channel, "").key(), world, model, addresses);
    }

    /** The same with one of its keys, enabled or not. */
    public Future<Result> probe(
            Channel channel, SelectedKey key, GatewaySnapshot world, String model, Addresses addresses) {
        return probe(channel, () -> key, world, model, addresses);
    }

    private Future<Result> probe(
            Channel channel, Supplier<SelectedKey> key, GatewaySnapshot world, String model, Addresses addresses) {
        Optional<Provider> provider = providers.ofType(channel.type());
        if (provider.isEmpty()) {
            return Future.succeededFuture(result(
                    Finding.of("this version cannot speak to channels of type " + channel.type()), Duration.ZERO));
        }
        long start = System.nanoTime();
        return Future.succeededFuture(channel)
                .compose(known -> ask(provider.get(), known, key.get().key(), world, model, addresses))
                .otherwise(failure -> Finding.of(told(failure)))
                .map(finding -> result(finding, Duration.ofNanos(System.nanoTime() - start)));
    }

    private static Result result(Finding finding, Duration time) {
        return new Result(finding.message().isEmpty(), finding.message(), time, finding.refusal());
    }

    private static String told(Throwable failure) {
        return failure instanceof NotApplicableException || failure instanceof ReturnedErrorException
                ? "param_override: " + failure.getMessage()
                : "the upstream could not be asked";
    }

    private Future<Finding> ask(
            Provider provider, Channel channel, String key, GatewaySnapshot world, String model, Addresses addresses) {
        ChannelShape shape = world.shapes().of(channel.id());
        if (shape.fault().isPresent()) {
            return Future.succeededFuture(Finding.of(
                    shape.fault().get().column() + ": " + shape.fault().get().reason()));
        }
        ModelOptions models = world.options().models();
        // what the end of its name asks for is not: a test is to cost next to nothing
        String upstreamModel = ModelTerms.suffix(channel.upstreamModel(model), provider, models)
                .model();
        Optional<WireFormat> asked = ProbeBody.formatFor(provider, upstreamModel);
        if (asked.isEmpty()) {
            return Future.succeededFuture(
                    Finding.of("models of this kind are not tested: chat, embeddings and reranking are"));
        }
        WireFormat format = asked.get();
        UpstreamCall target = provider.call(
                format,
                Target.ofOurOwn(channel, key, upstreamModel, new ApiVersions("", models.geminiVersion(upstreamModel))));
        OutgoingHeaders headers = new OutgoingHeaders().set("Content-Type", "application/json");
        target.headers().forEach(headers::set);
        ClientHeaders nobodys = new ClientHeaders(List.of());
        byte[] body = shape.params()
                .in(
                        ProbeBody.of(format, upstreamModel).getBytes(),
                        headers,
                        nobodys,
                        new CallFacts(model, upstreamModel, 0));
        shape.headers().apply(headers, nobodys, key);
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(target.url())
                .setTimeout(TIMEOUT.toMillis());
        headers.all().forEach(options::putHeader);
        if (shape.setting().proxy().isEmpty()) {
            Optional<String> address = addresses.of(options.getHost());
            if (address.isEmpty()) {
                return Future.succeededFuture(
                        Finding.of("the channel's address may not be called, or its host is unknown"));
            }
            options.setServer(SocketAddress.inetSocketAddress(options.getPort(), address.get()));
        }
        List<String> secrets = UpstreamRequest.secrets(target, key, shape);
        // who is told of the answer in a step of its own may be told after it has passed by
        return clients.of(shape.setting().proxy(), world.shapes())
                .request(options)
                .compose(request -> request.send(Buffer.buffer(body))
                        .compose(response -> read(response)
                                .map(answer ->
                                        judge(response, answer.getBytes(), format, upstreamModel, provider, secrets))));
    }

    private static Future<Buffer> read(HttpClientResponse response) {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        response.handler(chunk -> {
            if (body.length() + (long) chunk.length() > MAX_ANSWER_BYTES) {
                whole.tryFail("the answer is too large for a test");
                response.request().reset();
            } else {
                body.appendBuffer(chunk);
            }
        });
        response.exceptionHandler(whole::tryFail);
        response.endHandler(end -> whole.tryComplete(body));
        return whole.future();
    }

    private static Finding judge(
            HttpClientResponse response,
            byte[] body,
            WireFormat format,
            String model,
            Provider provider,
            List<String> secrets) {
        int status = response.statusCode();
        if (status / 100 != 2) {
            FailureReport report = report(status, UpstreamErrors.read(502, status, body, secrets));
            return new Finding("status " + status + ": " + report.message(), Optional.of(report));
        }
        AnswerFacts answer = format.facts(body, model, provider.completionCount());
        if (answer.readable() && answer.error()) {
            RelayError error = UpstreamErrors.read(502, status, body, secrets);
            return new Finding(
                    error.message(), Optional.of(report(UpstreamErrors.statusIn(body, error.status()), error)));
        }
        // beside conversations not every provider counts
        boolean counted = answer.usage() != null || !format.conversation();
        return Finding.of(answer.readable() && counted ? "" : "the upstream's answer reports no usage");
    }

    private static FailureReport report(int status, RelayError error) {
        return new FailureReport(AttemptFailure.ofStatus(status), error.type(), error.code(), error.message());
    }
}

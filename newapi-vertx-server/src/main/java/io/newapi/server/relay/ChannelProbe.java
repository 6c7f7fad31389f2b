package io.newapi.server.relay;

import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelSelector;
import io.newapi.server.relay.provider.Provider;
import io.newapi.server.relay.provider.ProviderCatalog;
import io.newapi.server.relay.provider.Target;
import io.newapi.server.relay.provider.UpstreamCall;
import io.newapi.server.relay.wire.AnswerFacts;
import io.newapi.server.relay.wire.UpstreamErrors;
import io.newapi.server.relay.wire.WireFormat;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Sends one small call through a channel, past selection and accounting. Thread-safe. */
public final class ChannelProbe {

    /**
     * How it went.
     *
     * @param success whether the upstream answered and reported its usage
     * @param message what went wrong, without addresses and keys; empty on success
     * @param time how long it took
     */
    public record Result(boolean success, String message, Duration time) {}

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int MAX_ANSWER_BYTES = 1024 * 1024;

    private final HttpClient client;
    private final ChannelSelector selector;
    private final ProviderCatalog providers;

    /** Wires the probe. */
    public ChannelProbe(HttpClient client, ChannelSelector selector, ProviderCatalog providers) {
        this.client = client;
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
     * Asks {@code channel}, enabled or not, for a few words of {@code model}; the future does not fail. Blocks while {@code
     * addresses} does.
     */
    public Future<Result> probe(Channel channel, String model, Addresses addresses) {
        Optional<Provider> provider = providers.ofType(channel.type());
        if (provider.isEmpty()) {
            return Future.succeededFuture(new Result(
                    false, "this version cannot speak to channels of type " + channel.type(), Duration.ZERO));
        }
        long start = System.nanoTime();
        return Future.succeededFuture(channel)
                .compose(known -> ask(provider.get(), known, known.upstreamModel(model), addresses))
                .map(failure -> new Result(failure.isEmpty(), failure, Duration.ofNanos(System.nanoTime() - start)))
                .otherwise(failure -> new Result(
                        false, "the upstream could not be asked", Duration.ofNanos(System.nanoTime() - start)));
    }

    /** What went wrong, empty if nothing did. */
    private Future<String> ask(Provider provider, Channel channel, String model, Addresses addresses) {
        String key = selector.pin(channel, "").key().key();
        Optional<WireFormat> asked = ProbeBody.formatFor(provider, model);
        if (asked.isEmpty()) {
            return Future.succeededFuture("models of this kind are not tested: chat, embeddings and reranking are");
        }
        WireFormat format = asked.get();
        UpstreamCall target = provider.call(format, Target.ofOurOwn(channel, key, model));
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(target.url())
                .setTimeout(TIMEOUT.toMillis())
                .putHeader("Content-Type", "application/json");
        target.headers().forEach(options::putHeader);
        Optional<String> address = addresses.of(options.getHost());
        if (address.isEmpty()) {
            return Future.succeededFuture("the channel's address may not be called, or its host is unknown");
        }
        options.setServer(SocketAddress.inetSocketAddress(options.getPort(), address.get()));
        Buffer body = ProbeBody.of(format, model);
        return client.request(options)
                .compose(request -> request.send(body))
                .compose(response -> read(response)
                        .map(answer ->
                                judge(response, answer.getBytes(), format, model, provider, target.secrets(key))));
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

    private static String judge(
            HttpClientResponse response,
            byte[] body,
            WireFormat format,
            String model,
            Provider provider,
            List<String> secrets) {
        int status = response.statusCode();
        if (status / 100 != 2) {
            return "status " + status + ": "
                    + UpstreamErrors.read(502, status, body, secrets).message();
        }
        AnswerFacts answer = format.facts(body, model, provider.completionCount());
        // beside conversations not every provider counts
        return answer.readable() && (answer.usage() != null || !format.conversation())
                ? ""
                : "the upstream's answer reports no usage";
    }
}

package io.newapi.server.relay;

import io.newapi.server.auth.ClientAddress;
import io.newapi.server.relay.wire.ClientFormat;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Begins exchanges: gives them their id and notes when they came, and when they ended. Thread-safe. */
public final class Exchanges {

    private final RequestId ids;
    private final InstantSource clock;
    private final ClientAddress clientAddress;
    private final BodyMemory memory;
    private final Spool spool;
    private final CallListener listener;
    private final AtomicLong begun = new AtomicLong();

    /**
     * @param clientAddress finds the client behind trusted proxies
     * @param memory what bodies may take of the memory
     * @param spool where large ones lie
     * @param listener told of their ends
     */
    public Exchanges(
            RequestId ids,
            InstantSource clock,
            ClientAddress clientAddress,
            BodyMemory memory,
            Spool spool,
            CallListener listener) {
        this.ids = ids;
        this.clock = clock;
        this.clientAddress = clientAddress;
        this.memory = memory;
        this.spool = spool;
        this.listener = listener;
    }

    Exchange begin(HttpServerRequest request) {
        begun.incrementAndGet();
        String id = ids.next();
        request.response().putHeader(RequestId.HEADER, id);
        return new Exchange(
                id,
                request,
                formatOf(request),
                clientAddress.of(request),
                memory.share(),
                spool.share(),
                clock.instant(),
                System.nanoTime());
    }

    /** Notes that an exchange is over. */
    void end(Exchange exchange) {
        listener.ended(exchange.status(), exchange.nanosSinceStart());
        AccessLog.write(exchange);
    }

    private static ClientFormat formatOf(HttpServerRequest request) {
        String path = request.path();
        String query = request.query();
        return ClientFormat.of(
                path == null ? "" : path,
                query == null ? "" : query,
                request.headers().contains("anthropic-version"),
                request.headers().contains("x-goog-api-key"));
    }

    /** How many requests were begun since the start. */
    public long begun() {
        return begun.get();
    }
}

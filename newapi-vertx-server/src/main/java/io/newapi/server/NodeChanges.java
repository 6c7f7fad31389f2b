package io.newapi.server;

import io.newapi.server.cluster.RedisEventBusBridge;
import io.newapi.server.config.RedisConfig;
import io.newapi.server.config.ServerConfig;
import io.newapi.server.jobs.Blocking;
import io.newapi.server.snapshot.Changes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done about changes: here, at the latest after some time, and, where there is a Redis, with the other nodes. */
final class NodeChanges implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeChanges.class);

    private final Vertx vertx;
    private final LiveChanges here;
    private final WorkerExecutor loading;
    private final long periodMillis;
    private final Optional<RedisEventBusBridge> bridge;
    private final Changes changes;
    private final AdminWrites.Hearing hearing;
    private final LongAdder missed = new LongAdder();
    private volatile long timer;
    private volatile boolean closed;

    private NodeChanges(
            ServerConfig config, Vertx vertx, LiveChanges here, Optional<OriginalCaches> originals, String runId) {
        this.vertx = vertx;
        this.here = here;
        this.loading = vertx.createSharedWorkerExecutor("newapi-sync", 1);
        this.periodMillis = config.node().syncFrequency().toMillis();
        Optional<RedisConfig> redis = config.cluster().redis();
        if (redis.isPresent()) {
            SharedChanges shared =
                    SharedChanges.join(here, vertx, loading, vertx.createSharedWorkerExecutor("newapi-forgetting", 1));
            changes = originals
                    .<Changes>map(caches -> new ChangesInTurn(shared, caches))
                    .orElse(shared);
            hearing = shared::settled;
            bridge = Optional.of(Blocking.await(
                    open(config, vertx, redis.get(), runId, shared).toCompletionStage()));
        } else {
            changes = here;
            hearing = Future::succeededFuture;
            bridge = Optional.empty();
        }
    }

    /**
     * Begins to listen to others, if there is a way to. Blocks.
     *
     * @param originals told of what is changed here, after our own nodes
     */
    static NodeChanges open(
            ServerConfig config, Vertx vertx, LiveChanges here, Optional<OriginalCaches> originals, String runId) {
        NodeChanges made = new NodeChanges(config, vertx, here, originals, runId);
        made.reloadLater();
        return made;
    }

    private Future<RedisEventBusBridge> open(
            ServerConfig config, Vertx vertx, RedisConfig redis, String runId, SharedChanges shared) {
        return RedisEventBusBridge.open(
                vertx,
                NodeRedis.servers(redis),
                "newapi:" + redis.login().database() + ":bridge:v1",
                runId,
                config.cluster().cryptoSecret().revealUtf8(),
                new RedisEventBusBridge.Carried(Set.of(SharedChanges.ADDRESS), Set.of(AdminWrites.ADDRESS)),
                new SecureRandom(),
                () -> {
                    missed.increment();
                    shared.somethingWasMissed();
                });
    }

    /** Not all nodes at once: up to a tenth earlier. */
    private void reloadLater() {
        if (closed) {
            return;
        }
        long pause = Math.max(1, periodMillis - ThreadLocalRandom.current().nextLong(periodMillis / 10 + 1));
        timer = vertx.setTimer(
                pause,
                fired -> loading.executeBlocking(() -> {
                            here.optionsChanged();
                            return null;
                        })
                        .onFailure(failure -> LOG.error("the periodic reload failed", failure))
                        .onComplete(done -> reloadLater()));
    }

    /** Where changes that are made here are to be told. */
    Changes changes() {
        return changes;
    }

    /** Tells when what was heard holds here. */
    AdminWrites.Hearing hearing() {
        return hearing;
    }

    /** The way to the other nodes; empty without Redis. */
    Optional<RedisEventBusBridge> bridge() {
        return bridge;
    }

    /** How often something that others said may have been missed, each joining included. */
    long missed() {
        return missed.sum();
    }

    /** Says its last word to the others. Blocks. */
    @Override
    public void close() {
        closed = true;
        vertx.cancelTimer(timer);
        bridge.ifPresent(open -> Blocking.await(open.close().toCompletionStage()));
    }
}

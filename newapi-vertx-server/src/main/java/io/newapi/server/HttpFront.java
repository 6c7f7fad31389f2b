package io.newapi.server;

import io.newapi.server.jobs.Blocking;
import io.newapi.server.ops.Health;
import io.newapi.server.ops.Probes;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a node listens, on as many event loops as there are processors. It is the last of its parts to stop: up to its end
 * somebody tells how the node is.
 *
 * <p>Blocks; for the threads that start and stop the node, one at a time.
 */
final class HttpFront implements AutoCloseable {

    private static final int ANY_PORT = -1;

    private final Vertx vertx;
    private final int port;
    private final Health health;
    private final Probes probes;
    private final List<HttpVerticle> verticles = new ArrayList<>();
    private final List<String> deployments = new ArrayList<>();
    private @Nullable Services services;
    private volatile int actualPort;

    /** Does not listen yet. */
    HttpFront(Vertx vertx, int port, Health health, Probes probes) {
        this.vertx = vertx;
        this.port = port;
        this.health = health;
        this.probes = probes;
    }

    /**
     * Listens, if it does not yet.
     *
     * @throws StartFailure if the port cannot be listened on
     */
    void listen() {
        if (!verticles.isEmpty()) {
            return;
        }
        int instances = Math.max(1, Runtime.getRuntime().availableProcessors());
        // a negative port stands for any free one, the same for all that name it
        int wanted = port == 0 ? ANY_PORT : port;
        try {
            for (int i = 0; i < instances; i++) {
                HttpVerticle verticle = new HttpVerticle(wanted, probes, health, services);
                deployments.add(Blocking.await(
                        vertx.deployVerticle(verticle, new DeploymentOptions()).toCompletionStage()));
                verticles.add(verticle);
            }
            actualPort = verticles.get(0).actualPort();
        } catch (RuntimeException e) {
            throw new StartFailure("cannot listen on port " + port + " (choose another with PORT or --port)", e);
        }
    }

    /**
     * Serves from now on, and listens.
     *
     * @throws StartFailure if the port cannot be listened on
     */
    void serve(Services wanted) {
        services = wanted;
        each(verticle -> verticle.serve(wanted));
        listen();
    }

    /** The port that is listened on; 0 if none is yet. May be asked by any thread. */
    int port() {
        return actualPort;
    }

    /** Ends all connections, whatever is said on them. */
    void cutAll() {
        each(HttpVerticle::cutAll);
    }

    /**
     * Whoever was let in is answered before the connections are closed. A node that had no connection before does not know its
     * socket, and leaves all to Vert.x.
     */
    @Override
    public void close() {
        each(HttpVerticle::closeListener);
        each(HttpVerticle::allHeard);
        Blocking.await(
                Future.join(deployments.stream().map(vertx::undeploy).toList()).toCompletionStage());
    }

    private void each(Function<HttpVerticle, Future<Void>> work) {
        Blocking.await(Future.join(verticles.stream().map(work).toList()).toCompletionStage());
    }
}

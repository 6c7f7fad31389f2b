package io.newapi.server;

import io.newapi.server.relay.RelayRoutes;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.function.Function;

/**
 * What a node serves.
 *
 * @param relay makes the relay of one event loop, on that event loop
 * @param router everything else
 */
record Services(Function<Vertx, RelayRoutes> relay, Router router) {}

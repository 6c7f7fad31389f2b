/**
 * The read side of the configuration: options, prices, groups and channels as one immutable
 * {@link io.newapi.server.snapshot.GatewaySnapshot}, replaced as a whole by {@link io.newapi.server.snapshot.Snapshots}.
 */
@NullMarked
package io.newapi.server.snapshot;

import org.jspecify.annotations.NullMarked;

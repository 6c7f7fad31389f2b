package io.newapi.server.relay;

import io.newapi.core.pricing.Quote;
import io.newapi.core.quota.Reservation;
import io.newapi.server.auth.Caller;
import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.snapshot.GatewaySnapshot;

/**
 * A call that was admitted, priced and paid for in advance.
 *
 * @param exchange the client's request and its answer
 * @param caller who calls
 * @param request what is asked for
 * @param world the configuration in which this call lives until it is settled
 * @param group the group whose channels serve it and whose price it pays
 * @param quote its price
 * @param reservation the quota held for it
 * @param startNanos when it was first relayed, by {@link System#nanoTime}: all attempts together have to end in time
 */
record Call(
        Exchange exchange,
        Caller caller,
        ClientRequest request,
        GatewaySnapshot world,
        String group,
        Quote quote,
        Reservation reservation,
        long startNanos) {}

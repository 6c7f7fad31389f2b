package io.newapi.server.shape;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A request that is being shaped. For one thread.
 *
 * @param body changes
 * @param headers change
 * @param client the headers that came with the client's request
 * @param facts what conditions may ask beside the body; not changed
 */
record Draft(ObjectNode body, OutgoingHeaders headers, ClientHeaders client, ObjectNode facts) {

    /** A draft with the facts of a call. */
    static Draft of(ObjectNode body, OutgoingHeaders headers, ClientHeaders client, CallFacts call) {
        ObjectNode facts = Trees.newObject()
                .put("model", call.upstreamModel())
                .put("upstream_model", call.upstreamModel())
                .put("original_model", call.model())
                .put("retry_index", call.retries())
                .put("is_retry", call.retries() > 0);
        ObjectNode sent = facts.putObject("request_headers");
        client.passable().forEach(sent::put);
        return new Draft(body, headers, client, facts);
    }
}

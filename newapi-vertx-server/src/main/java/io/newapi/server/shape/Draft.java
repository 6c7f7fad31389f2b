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
public record Draft(ObjectNode body, OutgoingHeaders headers, ClientHeaders client, ObjectNode facts) {

    /**
     * A draft with the facts of a call.
     *
     * @param model the client's name for the model
     * @param upstreamModel the provider's
     * @param retries how many attempts of this call came before
     */
    public static Draft of(
            ObjectNode body,
            OutgoingHeaders headers,
            ClientHeaders client,
            String model,
            String upstreamModel,
            int retries) {
        ObjectNode facts = Trees.newObject()
                .put("model", upstreamModel)
                .put("upstream_model", upstreamModel)
                .put("original_model", model)
                .put("retry_index", retries)
                .put("is_retry", retries > 0);
        ObjectNode sent = facts.putObject("request_headers");
        client.passable().forEach(sent::put);
        return new Draft(body, headers, client, facts);
    }
}

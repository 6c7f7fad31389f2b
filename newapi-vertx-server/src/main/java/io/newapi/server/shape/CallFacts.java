package io.newapi.server.shape;

/**
 * What conditions may ask of a call beside its body and headers.
 *
 * @param model the client's name for the model
 * @param upstreamModel the provider's
 * @param retries how many attempts of this call came before
 */
public record CallFacts(String model, String upstreamModel, int retries) {}

package io.newapi.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * Who answers a request.
 *
 * @param provider in whose manners
 * @param model the model that the path names; absent: the body does
 */
record Route(Provider provider, Endpoint endpoint, @Nullable String model) {}

package io.newapi.server.store;

/**
 * Whether the system was set up.
 *
 * @param done whether the set-up is complete
 * @param rootExists whether a root user exists
 */
public record SetupStatus(boolean done, boolean rootExists) {}

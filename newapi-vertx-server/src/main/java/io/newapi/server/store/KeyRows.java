package io.newapi.server.store;

/**
 * What belongs to an API key.
 *
 * @param token the live token that has it
 * @param user the token's live user
 */
public record KeyRows(TokenRow token, UserRow user) {}

package io.newapi.server.e2e;

/**
 * A token as its owner knows it.
 *
 * @param tokenId the token's row
 * @param text what is sent, with {@code sk-}
 */
record Key(long tokenId, String text) {}

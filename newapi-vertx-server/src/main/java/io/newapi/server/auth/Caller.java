package io.newapi.server.auth;

import io.newapi.core.access.Token;
import io.newapi.core.access.User;
import java.util.OptionalLong;

/**
 * Who sent an API key. Finding the caller admits nothing yet: that is {@code AccessPolicy}'s judgement.
 *
 * @param user the token's owner
 * @param token the token
 * @param pinnedChannel the channel that the key asks for
 */
public record Caller(User user, Token token, OptionalLong pinnedChannel) {}

package io.newapi.server.store;

/** What became of a request to create a token. */
public sealed interface TokenOutcome {

    /** Done; the row with its key. */
    record Created(TokenRow token) implements TokenOutcome {}

    /** Refused: the user has as many tokens as a user may have. */
    record TooMany(int limit) implements TokenOutcome {}
}

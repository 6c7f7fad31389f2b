package io.newapi.server.store;

/** What became of a request to create or change a user. */
public sealed interface UserOutcome {

    /** Done; the row as it is now. */
    record Saved(UserRow user) implements UserOutcome {}

    /** Refused: another user, perhaps a deleted one, has this name. */
    record NameTaken(String username) implements UserOutcome {}

    /** Refused: there is no live user with this id. */
    record NoSuchUser(long id) implements UserOutcome {}
}

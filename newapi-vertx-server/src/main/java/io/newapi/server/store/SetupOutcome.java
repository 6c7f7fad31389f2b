package io.newapi.server.store;

/** What became of a request to set the system up. */
public sealed interface SetupOutcome {

    /** Done: this request made the root user. */
    record Done(UserRow root) implements SetupOutcome {}

    /** Refused: it was set up before, perhaps a moment ago by somebody else. */
    record AlreadyDone() implements SetupOutcome {}

    /** Refused: another user, perhaps a deleted one, has the name. */
    record NameTaken(String username) implements SetupOutcome {}
}

package io.newapi.cli.command;

import java.util.Optional;

/** A person to ask. */
public interface Terminal {

    /** The answer, or nothing where nobody can be asked. */
    Optional<String> ask(String question);

    /** The answer, typed without being shown, or nothing where nobody can be asked. */
    Optional<String> askSecret(String question);
}

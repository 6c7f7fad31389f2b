package io.newapi.cli.command;

import io.newapi.cli.client.Failure;
import java.security.SecureRandom;
import picocli.CommandLine.Option;

/** Where a password comes from: never from the command line itself, where every user of the machine could read it. */
class Password {

    @Option(names = "--password-stdin", order = 10, description = "Read the password from standard input.")
    private boolean fromInput;

    /** An existing password: standard input if asked for, else NEWAPI_PASSWORD, else the person at the terminal. */
    String existing(Surroundings surroundings) {
        return given(surroundings, false);
    }

    final String given(Surroundings surroundings, boolean isNew) {
        if (fromInput) {
            return required(surroundings.input(), "standard input holds no password");
        }
        String variable = surroundings.variable("NEWAPI_PASSWORD");
        if (!variable.isEmpty()) {
            return variable;
        }
        String password = surroundings
                .terminal()
                .askSecret("Password")
                .orElseThrow(() -> Failure.ofUsage(
                        "no password",
                        "--password-stdin, or set NEWAPI_PASSWORD" + (isNew ? ", or --generate-password" : "")));
        if (isNew && !password.equals(surroundings.terminal().askSecret("Again").orElse(""))) {
            throw Failure.ofUsage("the two passwords differ", "");
        }
        return required(password, "the password is empty");
    }

    private static String required(String password, String otherwise) {
        if (password.isEmpty()) {
            throw Failure.ofUsage(otherwise, "");
        }
        return password;
    }

    /** The same for an account that is being made, whose password may also be made up. */
    static final class New extends Password {

        /** No characters that people take for one another; 20 of them hold about 115 bits. */
        private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

        private static final int LENGTH = 20;

        @Option(
                names = "--generate-password",
                order = 11,
                description = "Make up a password of 20 characters and print it, this once.")
        private boolean generated;

        boolean isGenerated() {
            return generated;
        }

        /** Made up if asked for, else as an existing one; typed twice at a terminal. */
        String create(Surroundings surroundings) {
            return generated ? generate() : given(surroundings, true);
        }

        private static String generate() {
            SecureRandom random = new SecureRandom();
            StringBuilder password = new StringBuilder(LENGTH);
            for (int i = 0; i < LENGTH; i++) {
                password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            return password.toString();
        }
    }
}

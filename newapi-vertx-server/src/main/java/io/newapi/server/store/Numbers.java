package io.newapi.server.store;

import java.util.Optional;

/** Whole numbers in texts that people typed. */
final class Numbers {

    private Numbers() {}

    static Optional<Long> parse(String text) {
        try {
            return Optional.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}

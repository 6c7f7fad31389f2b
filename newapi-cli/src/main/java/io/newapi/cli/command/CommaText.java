package io.newapi.cli.command;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lists in one argument: names separated by commas. */
final class CommaText {

    private CommaText() {}

    /** The names without blanks and empty ones, put together by another separator. */
    static String joined(String text, String separator) {
        return Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.joining(separator));
    }
}

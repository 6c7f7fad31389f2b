package io.newapi.server.jobs;

import java.util.List;

/**
 * Something that root is told.
 *
 * @param type one word for programs
 * @param title for people, in a few words
 * @param content for people, in a sentence or two
 * @param values what {@code content} says, for programs; which they are depends on the type
 */
public record Notice(String type, String title, String content, List<String> values) {

    /** Copies the list. */
    public Notice {
        values = List.copyOf(values);
    }
}

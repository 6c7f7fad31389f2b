package io.newapi.server.shape;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces whatever a pattern finds. The pattern is RE2's, in time that grows with the text and no faster; in the replacement
 * {@code $1} and {@code ${1}} are what a group found, {@code $name} and {@code ${name}} what a named one found, and {@code $$} is a
 * dollar sign.
 */
final class Replacement {

    private static final java.util.regex.Pattern REFERENCE =
            java.util.regex.Pattern.compile("\\$(?:\\$|\\{(\\w+)}|(\\w+))");

    /** @param group its number; negative for a text */
    private record Piece(String text, int group) {}

    private final Pattern pattern;
    private final List<Piece> pieces;

    private Replacement(Pattern pattern, List<Piece> pieces) {
        this.pattern = pattern;
        this.pieces = List.copyOf(pieces);
    }

    static Replacement of(String pattern, String template) {
        Pattern compiled = pattern(pattern);
        List<Piece> pieces = new ArrayList<>();
        java.util.regex.Matcher references = REFERENCE.matcher(template);
        int from = 0;
        while (references.find()) {
            pieces.add(new Piece(template.substring(from, references.start()), -1));
            from = references.end();
            String name = references.group(1) == null ? references.group(2) : references.group(1);
            pieces.add(name == null ? new Piece("$", -1) : new Piece("", group(compiled, name)));
        }
        pieces.add(new Piece(template.substring(from), -1));
        return new Replacement(compiled, pieces);
    }

    /** A pattern of RE2. */
    static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new InvalidShapeException("the pattern cannot be read: " + e.getDescription());
        }
    }

    private static int group(Pattern pattern, String name) {
        Integer named = pattern.namedGroups().get(name);
        if (named != null) {
            return named;
        }
        if (name.length() <= 3 && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int number = Integer.parseInt(name);
            if (number <= pattern.groupCount()) {
                return number;
            }
        }
        throw new InvalidShapeException("to names a group that the pattern does not have");
    }

    String in(String text) {
        Matcher found = pattern.matcher(text);
        StringBuilder changed = new StringBuilder(text.length());
        int from = 0;
        while (found.find()) {
            changed.append(text, from, found.start());
            for (Piece piece : pieces) {
                String value = piece.group() < 0 ? piece.text() : found.group(piece.group());
                changed.append(value == null ? "" : value);
            }
            from = found.end();
        }
        return changed.append(text, from, text.length()).toString();
    }
}

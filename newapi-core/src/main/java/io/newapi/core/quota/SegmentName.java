package io.newapi.core.quota;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file name of a journal segment: {@code journal-<writer>.<number>}. */
record SegmentName(WriterId writer, int number) {

    private static final Pattern PATTERN = Pattern.compile("journal-([0-9a-f]{32})\\.([0-9]{1,9})");

    static boolean matches(Path file) {
        return PATTERN.matcher(file.getFileName().toString()).matches();
    }

    static SegmentName parse(Path file) {
        Matcher matcher = PATTERN.matcher(file.getFileName().toString());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a journal segment: " + file);
        }
        return new SegmentName(new WriterId(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    static Path file(Path directory, WriterId writer, int number) {
        return directory.resolve("journal-" + writer.hex() + "." + number);
    }
}

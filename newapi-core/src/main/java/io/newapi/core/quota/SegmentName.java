package io.newapi.core.quota;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

    /** The segments in {@code directory}, of all writers, in their order. */
    static List<Path> files(Path directory) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(SegmentName::matches)
                    .sorted(Comparator.comparingInt(file -> parse(file).number()))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new JournalFailure("cannot list the data directory " + directory, e);
        }
    }

    /** The segments of one writer in {@code directory}, in their order. */
    static List<Path> filesOf(Path directory, WriterId writer) {
        return files(directory).stream()
                .filter(file -> parse(file).writer().equals(writer))
                .toList();
    }

    /** A new file that is to become a segment; readable for nobody else. */
    static Path preparing(Path directory) throws IOException {
        return Files.createTempFile(directory, "preparing-", ".segment");
    }

    /** Whether a file was to become a segment. */
    static boolean isPreparing(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith("preparing-") && name.endsWith(".segment");
    }
}

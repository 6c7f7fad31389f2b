package io.newapi.server.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.opentest4j.TestAbortedException;

/**
 * Leaves out a test for which the machine lacks something: never in silence. Each such test adds a line to a list that
 * the build prints at its end. Where the thing is required, as under {@code scripts/test}, the test fails instead.
 *
 * <p>Thread-safe; several test programs may write to one list.
 */
public final class LeftOut {
    private final Set<String> required;
    private final Optional<Path> list;

    /**
     * @param required names of the things whose absence is a failure
     * @param list where left out tests are listed, if anywhere
     */
    LeftOut(Set<String> required, Optional<Path> list) {
        this.required = Set.copyOf(required);
        this.list = list;
    }

    /**
     * As the build says: {@code newapi.test.require} names what is required, separated by commas, and
     * {@code newapi.test.left-out} is the file of the list. A test started without the build requires nothing.
     */
    public static LeftOut byBuildSettings() {
        Set<String> required = Arrays.stream(
                        System.getProperty("newapi.test.require", "").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        return new LeftOut(
                required,
                Optional.ofNullable(System.getProperty("newapi.test.left-out")).map(Path::of));
    }

    /**
     * What was found, or the end of the test.
     *
     * @param need the thing's short name, such as {@code node}
     * @param untested what remains unproven without it
     * @throws TestAbortedException if it is missing and may be
     * @throws AssertionError if it is missing and required
     */
    public <T> T unlessFound(Optional<T> found, String need, String untested) {
        if (found.isPresent()) {
            return found.get();
        }
        if (required.contains(need)) {
            throw new AssertionError("required, but not usable here: " + need + "; untested: " + untested);
        }
        String line = untested + " (no " + need + ")";
        list.ifPresent(file -> add(file, line));
        throw new TestAbortedException("left out: " + line);
    }

    private static void add(Path file, String line) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, line + "\n", UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list a test that was left out in " + file, e);
        }
    }
}

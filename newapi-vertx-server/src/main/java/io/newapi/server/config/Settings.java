package io.newapi.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The texts that were set, and what was found while they were read. Reading never stops at a problem: the problem is
 * noted and the default stands in for the value, so that all problems can be reported together.
 *
 * <p>Not thread-safe; lives as long as one load.
 */
final class Settings {

    private static final int SHOWN_LENGTH = 60;

    /**
     * A text and where it came from.
     *
     * @param source such as {@code environment}
     */
    record Setting(String text, String source) {}

    private final Map<String, Setting> set;
    private final Map<String, Setting> effective = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** Empty texts count as unset. */
    Settings(Map<String, Setting> set) {
        Map<String, Setting> filled = new LinkedHashMap<>(set);
        filled.values().removeIf(setting -> setting.text().isEmpty());
        this.set = filled;
    }

    boolean isSet(Variable<?> variable) {
        return set.containsKey(variable.name());
    }

    /** The value that is set, or the fixed default. */
    <T> T get(Variable<T> variable) {
        return get(variable, () -> fallback(variable));
    }

    /** The value that is set, or a computed one. */
    <T> T get(Variable<T> variable, Supplier<T> otherwise) {
        Optional<T> found = find(variable);
        if (found.isPresent()) {
            return found.get();
        }
        T value = otherwise.get();
        show(variable, value, "default");
        return value;
    }

    /** The value that is set; empty also if it cannot be read, which is then noted as a problem. */
    <T> Optional<T> find(Variable<T> variable) {
        Setting setting = set.get(variable.name());
        if (setting == null) {
            return Optional.empty();
        }
        String text =
                variable.kind().keepsBlanks() ? setting.text() : setting.text().strip();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            T value = variable.kind().reader().read(text, warning -> warn(variable.name() + " " + warning));
            show(variable, value, setting.source());
            return Optional.of(value);
        } catch (BadValueException e) {
            problem(variable, setting.text(), e.expected());
            return Optional.empty();
        }
    }

    /** Notes that a variable's text is not usable; {@code expected} says what would be, "must be ...". */
    void problem(Variable<?> variable, String text, String expected) {
        problem(variable.name() + " " + expected + (variable.secret() ? "" : ", but is '" + printable(text) + "'"));
    }

    void problem(String problem) {
        problems.add(problem);
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** The values as they took effect, by name, in the order in which they were read; secrets masked. */
    Map<String, Setting> effective() {
        return effective;
    }

    private <T> void show(Variable<T> variable, T value, String source) {
        String text = variable.kind().shown().apply(value);
        effective.put(variable.name(), new Setting(variable.secret() && !text.isEmpty() ? "***" : text, source));
    }

    private static <T> T fallback(Variable<T> variable) {
        Consumer<String> nobody = warning -> {};
        try {
            return variable.kind().reader().read(variable.fallback().text(), nobody);
        } catch (BadValueException e) {
            throw new IllegalStateException("the default of " + variable.name() + " cannot be read", e);
        }
    }

    /** A value on one line and of bounded length. */
    static String printable(String text) {
        return printable(text, SHOWN_LENGTH);
    }

    /** A text on one line, of at most so many characters and three dots. */
    static String printable(String text, int length) {
        String shown = text.length() > length ? text.substring(0, length) + "..." : text;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}

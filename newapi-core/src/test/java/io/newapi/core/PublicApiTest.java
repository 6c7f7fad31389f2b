package io.newapi.core;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The public API as it is written down in {@code src/test/api.txt}: a line that vanishes from it breaks those who compiled
 * against it. The file is written anew with {@code -Dnewapi.api.update=true}; what the difference means is for a person to
 * judge.
 */
class PublicApiTest {

    private static final Path WRITTEN = Path.of("src/test/api.txt");
    private static final Path CLASSES = Path.of("target/classes");

    /** What every object has. */
    private static final Pattern EVERYBODYS =
            Pattern.compile("(equals\\(java\\.lang\\.Object\\)|hashCode\\(\\)|toString\\(\\)): ");

    @Test
    void theApiIsAsItIsWritten() throws IOException {
        List<String> api = List.copyOf(api());
        if (Boolean.getBoolean("newapi.api.update")) {
            Files.write(WRITTEN, api);
        }
        List<String> written = Files.readAllLines(WRITTEN);

        assertThat(written.stream().filter(line -> !api.contains(line)))
                .as("taken away or changed: those who compiled against it break")
                .isEmpty();
        assertThat(api.stream().filter(line -> !written.contains(line)))
                .as("added: write it down with -Dnewapi.api.update=true, and look at the difference")
                .isEmpty();
    }

    private static SortedSet<String> api() throws IOException {
        SortedSet<String> lines = new TreeSet<>();
        try (Stream<Path> files = Files.walk(CLASSES)) {
            files.map(file -> CLASSES.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> name.endsWith(".class") && !name.equals("module-info.class"))
                    .map(name -> load(
                            name.substring(0, name.length() - ".class".length()).replace('/', '.')))
                    .filter(PublicApiTest::isVisible)
                    .forEach(type -> describe(type, lines));
        }
        return lines;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApiTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static boolean isVisible(Class<?> type) {
        Class<?> around = type.getDeclaringClass();
        return isVisible(type.getModifiers())
                && !type.isAnonymousClass()
                && !type.isLocalClass()
                && (around == null || isVisible(around));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static void describe(Class<?> type, SortedSet<String> lines) {
        String name = type.getName();
        lines.add(name + ": " + kind(type) + parameters(type.getTypeParameters()) + parents(type));
        Stream.of(type.getDeclaredFields(), type.getDeclaredConstructors(), type.getDeclaredMethods())
                .flatMap(Arrays::stream)
                .filter(member -> isVisible(((Member) member).getModifiers()) && !((Member) member).isSynthetic())
                .map(PublicApiTest::signature)
                .filter(signature -> !EVERYBODYS.matcher(signature).lookingAt())
                .forEach(signature -> lines.add(name + "." + signature));
        if (type.isSealed()) {
            Stream.of(type.getPermittedSubclasses())
                    .forEach(permitted -> lines.add(name + " permits " + permitted.getName()));
        }
        if (type.isRecord()) {
            // their order is what patterns and callers of the constructor rely on
            lines.add(name + " has "
                    + Stream.of(type.getRecordComponents())
                            .map(component -> component.getGenericType().getTypeName() + " " + component.getName())
                            .collect(joining(", ")));
        }
    }

    private static String kind(Class<?> type) {
        String word = type.isRecord() ? "record" : type.isEnum() ? "enum" : type.isInterface() ? "interface" : "class";
        return modifiers(type.getModifiers() & ~(Modifier.INTERFACE | (type.isInterface() ? Modifier.ABSTRACT : 0)))
                + word;
    }

    private static String parents(Class<?> type) {
        return Stream.concat(Stream.ofNullable(type.getGenericSuperclass()), Stream.of(type.getGenericInterfaces()))
                .map(Type::getTypeName)
                .filter(name -> !name.equals("java.lang.Object"))
                .collect(joining(", ", " : ", ""));
    }

    private static String signature(AnnotatedElement member) {
        if (member instanceof Field field) {
            return field.getName() + ": " + modifiers(field.getModifiers())
                    + field.getGenericType().getTypeName();
        }
        Executable code = (Executable) member;
        Type result = code instanceof Method method ? method.getGenericReturnType() : null;
        return (code instanceof Constructor ? "new" : code.getName()) + "("
                + names(code.getGenericParameterTypes()) + "): "
                + modifiers(code.getModifiers() & ~(Modifier.TRANSIENT | Modifier.VOLATILE | Modifier.SYNCHRONIZED))
                + parameters(code.getTypeParameters())
                + Objects.requireNonNullElse(result, void.class).getTypeName()
                + Stream.of(code.getGenericExceptionTypes())
                        .map(thrown -> " throws " + thrown.getTypeName())
                        .collect(joining());
    }

    private static String modifiers(int modifiers) {
        return modifiers == 0 ? "" : Modifier.toString(modifiers) + " ";
    }

    private static String parameters(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Stream.of(variables)
                        .map(variable -> variable.getName() + " extends " + names(variable.getBounds()))
                        .collect(joining(", ", "<", "> "));
    }

    private static String names(Type... types) {
        return Stream.of(types).map(Type::getTypeName).collect(joining(", "));
    }
}

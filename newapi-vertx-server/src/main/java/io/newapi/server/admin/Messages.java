package io.newapi.server.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The texts of the admin API in every language that it speaks; programs look at {@link Message#code()} instead.
 *
 * <p>Immutable and thread-safe.
 */
final class Messages {

    /** The language that is used when the reader asks for none of the others. */
    static final String DEFAULT_LANGUAGE = "en";

    private static final List<String> LANGUAGES = List.of(DEFAULT_LANGUAGE, "zh", "ja");

    private final Map<String, Map<Message, String>> byLanguage = new TreeMap<>();

    /** @throws IllegalStateException if a text is missing in a language */
    Messages() {
        LANGUAGES.forEach(language -> byLanguage.put(language, load(language)));
    }

    /** The text of a message; {@code {0}}, {@code {1}} ... stand for the arguments. Unknown languages read English. */
    String text(String language, Message message, Object... arguments) {
        Map<Message, String> texts = byLanguage.getOrDefault(language, byLanguage.get(DEFAULT_LANGUAGE));
        String text = texts == null ? message.code() : texts.getOrDefault(message, message.code());
        for (int i = 0; i < arguments.length; i++) {
            text = text.replace("{" + i + "}", String.valueOf(arguments[i]));
        }
        return text;
    }

    /** Whether there are texts in the language with this two-letter code. */
    boolean speaks(String language) {
        return byLanguage.containsKey(language);
    }

    private static Map<Message, String> load(String language) {
        String resource = "messages_" + language + ".properties";
        Properties properties = new Properties();
        try (InputStream in = Messages.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("resource " + resource + " is missing");
            }
            properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<Message, String> texts = new EnumMap<>(Message.class);
        for (Message message : Message.values()) {
            String text = properties.getProperty(message.code());
            if (text == null) {
                throw new IllegalStateException(resource + " has no text for " + message.code());
            }
            texts.put(message, text);
        }
        return texts;
    }
}

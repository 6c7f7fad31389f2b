package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what a request's messages say. Confined to one thread. */
final class Conversation {

    private long words;
    private String question = "";
    private boolean answered;

    /** Text of anybody but the user. */
    void heard(String text) {
        words += Words.in(text);
        answered = false;
    }

    /** Text of the user. */
    void asked(String text) {
        heard(text);
        question = text;
    }

    /** A tool's result: the conversation goes on with text, or an agent's loop would never end. */
    void result(String text) {
        heard(text);
        answered = true;
    }

    String question() {
        return question;
    }

    long promptWords() {
        return Math.max(1, words);
    }

    List<Tool> calls(Toolbox toolbox) {
        return answered ? List.of() : toolbox.called(question);
    }

    /** A text, or the texts of a list of parts. */
    static String textOf(@Nullable Object content) {
        if (content instanceof String text) {
            return text;
        }
        StringBuilder text = new StringBuilder();
        if (content instanceof JsonArray parts) {
            for (Object element : parts) {
                if (element instanceof JsonObject part && part.getValue("text") instanceof String piece) {
                    text.append(text.isEmpty() ? "" : " ").append(piece);
                }
            }
        }
        return text.toString();
    }
}

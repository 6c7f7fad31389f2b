package io.newapi.server.relay.wire.chat;

import java.util.Locale;

/** Code that Google ran for the model, and what came of it, as text (Gemini API documentation, code execution). */
final class GeminiCode {

    private GeminiCode() {}

    /** What a part with {@code executableCode} or {@code codeExecutionResult} says. */
    static String text(GeminiFields part) {
        if (part.has("executableCode")) {
            GeminiFields code = part.object("executableCode");
            String language = code.text("language", "").toLowerCase(Locale.ROOT);
            return "```" + language + "\n" + code.text("code", "").stripTrailing() + "\n```\n";
        }
        return "```output\n"
                + part.object("codeExecutionResult").text("output", "").stripTrailing() + "\n```\n";
    }
}

package io.newapi.server.relay.wire.chat;

/** What is asked for beyond these is a mistake or an attack. */
final class OpenAiBounds {

    private static final long MAX_TOKENS = (1L << 30) - 1;
    private static final int MAX_MODEL_CHARS = 255;
    private static final int MAX_CHOICES = 128;
    private static final int MAX_EFFORT_CHARS = 20;

    private OpenAiBounds() {}

    static String model(Fields in) {
        String model = in.text("model");
        if (model.isBlank()) {
            throw in.bad("model", "is missing");
        }
        if (model.length() > MAX_MODEL_CHARS) {
            throw in.bad("model", "has more than " + MAX_MODEL_CHARS + " characters");
        }
        return model;
    }

    static long tokens(Fields in, String name) {
        long tokens = in.count(name);
        if (tokens > MAX_TOKENS) {
            throw in.bad(name, "must be from 0 to " + MAX_TOKENS);
        }
        return tokens;
    }

    static int choices(Fields in) {
        Long choices = in.integer("n");
        if (choices == null) {
            return 1;
        }
        if (choices < 1 || choices > MAX_CHOICES) {
            throw in.bad("n", "must be a whole number from 1 to " + MAX_CHOICES);
        }
        return choices.intValue();
    }

    /** How much a model is to think, in a word; empty if none is given. */
    static String effort(Fields in, String name) {
        String word = in.text(name, "");
        if (word.length() > MAX_EFFORT_CHARS) {
            throw in.bad(name, "has more than " + MAX_EFFORT_CHARS + " characters");
        }
        return word;
    }

    static String searchSize(Fields in) {
        String size = in.text("search_context_size", "");
        return switch (size) {
            case "", "low", "medium", "high" -> size;
            default -> throw in.bad("search_context_size", "must be low, medium or high");
        };
    }
}

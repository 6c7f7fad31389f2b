package io.newapi.server.config;

/**
 * The one declaration of an environment variable.
 *
 * @param name its name; letters of either case count as different
 * @param kind how its text is read
 * @param fallback what holds when it is unset
 * @param doc one or two sentences for its users, without line breaks
 * @param effect whether it does anything in this version
 * @param secret whether its value is never shown
 */
record Variable<T>(String name, Kind<T> kind, Fallback fallback, String doc, Effect effect, boolean secret) {

    /**
     * What holds when a variable is unset.
     *
     * @param text the text that is read instead; empty if the value is computed or there is none
     * @param words what lists say of it
     */
    record Fallback(String text, String words) {

        static Fallback of(String text) {
            return new Fallback(text, text);
        }
    }

    /** One that acts, with a fixed default. */
    static <T> Variable<T> of(String name, Kind<T> kind, String fallback, String doc) {
        return new Variable<>(name, kind, Fallback.of(fallback), doc, Effect.SINCE_0_1, false);
    }

    /** One that acts and whose default is computed at start; {@code words} say how. */
    static <T> Variable<T> computed(String name, Kind<T> kind, String words, String doc) {
        return new Variable<>(name, kind, new Fallback("", words), doc, Effect.SINCE_0_1, false);
    }

    /** One that nothing acts on yet. */
    static Variable<String> later(String name, String type, String unit, String fallback, String doc) {
        return new Variable<>(name, Kind.unread(type, unit), Fallback.of(fallback), doc, Effect.LATER, false);
    }

    /** One that nothing will act on. */
    static Variable<String> never(String name, String doc) {
        return new Variable<>(name, Kind.unread("text", ""), Fallback.of(""), doc, Effect.NEVER, false);
    }

    /** One that the surroundings of the process set. */
    static Variable<String> ambient(String name, String doc) {
        return new Variable<>(name, Kind.unread("text", ""), Fallback.of(""), doc, Effect.AMBIENT, false);
    }

    /** The same, never shown. */
    Variable<T> hidden() {
        return new Variable<>(name, kind, fallback, doc, effect, true);
    }
}

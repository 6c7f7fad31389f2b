package io.newapi.core.pricing.expression;

/**
 * A word, number, text or sign of an expression.
 *
 * @param kind which of them
 * @param text its characters; of a text those between the quotes, with escapes resolved
 * @param position the index of its first character
 */
record Lexeme(Kind kind, String text, int position) {

    enum Kind {
        NUMBER,
        TEXT,
        WORD,
        SIGN,
        END
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }

    /** For messages. */
    String shown() {
        return kind == Kind.END ? "the end" : "'" + text + "'";
    }
}

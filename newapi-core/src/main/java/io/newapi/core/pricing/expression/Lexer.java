package io.newapi.core.pricing.expression;

import io.newapi.core.pricing.expression.Lexeme.Kind;
import java.util.ArrayList;
import java.util.List;

/** Cuts the text of an expression into lexemes. */
final class Lexer {

    private static final List<String> SIGNS =
            List.of("<=", ">=", "==", "!=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "(", ")", ",", "?", ":");

    private final String text;
    private final List<Lexeme> lexemes = new ArrayList<>();
    private int at;

    private Lexer(String text, int from) {
        this.text = text;
        this.at = from;
    }

    /** The lexemes from an index on; the last is the end. */
    static List<Lexeme> lexemes(String text, int from) {
        Lexer lexer = new Lexer(text, from);
        while (lexer.at < text.length()) {
            lexer.next();
        }
        lexer.lexemes.add(new Lexeme(Kind.END, "", text.length()));
        return lexer.lexemes;
    }

    private void next() {
        char c = text.charAt(at);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            at++;
        } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            number();
        } else if (isWordStart(c)) {
            word();
        } else if (c == '"' || c == '\'') {
            quoted(c);
        } else {
            sign();
        }
    }

    private void number() {
        int start = at;
        digits();
        if (peek(0) == '.') {
            at++;
            digits();
        }
        if (peek(0) == 'e' || peek(0) == 'E') {
            at++;
            if (peek(0) == '+' || peek(0) == '-') {
                at++;
            }
            if (!isDigit(peek(0))) {
                throw new ExpressionSyntaxException(start, "a number without digits in its exponent");
            }
            digits();
        }
        if (isWordStart(peek(0)) || peek(0) == '.') {
            throw new ExpressionSyntaxException(at, "'" + peek(0) + "' right after a number");
        }
        lexemes.add(new Lexeme(Kind.NUMBER, text.substring(start, at), start));
    }

    private void digits() {
        while (isDigit(peek(0))) {
            at++;
        }
    }

    private void word() {
        int start = at;
        while (isWordStart(peek(0)) || isDigit(peek(0))) {
            at++;
        }
        lexemes.add(new Lexeme(Kind.WORD, text.substring(start, at), start));
    }

    private void quoted(char quote) {
        int start = at++;
        StringBuilder content = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            content.append(text.charAt(at) == '\\' ? escaped() : text.charAt(at));
            at++;
        }
        if (at == text.length()) {
            throw new ExpressionSyntaxException(start, "a text without closing quote");
        }
        at++;
        lexemes.add(new Lexeme(Kind.TEXT, content.toString(), start));
    }

    private char escaped() {
        at++;
        return switch (peek(0)) {
            case '\\' -> '\\';
            case '"' -> '"';
            case '\'' -> '\'';
            case 'n' -> '\n';
            case 't' -> '\t';
            default -> throw new ExpressionSyntaxException(at - 1, "an unknown escape in a text");
        };
    }

    private void sign() {
        for (String sign : SIGNS) {
            if (text.startsWith(sign, at)) {
                lexemes.add(new Lexeme(Kind.SIGN, sign, at));
                at += sign.length();
                return;
            }
        }
        String unknown = new String(Character.toChars(text.codePointAt(at)));
        throw new ExpressionSyntaxException(at, "'" + unknown + "' means nothing here");
    }

    /** The character so far ahead; 0, which is no part of anything, behind the end. */
    private char peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : 0;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }
}

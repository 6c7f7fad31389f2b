package io.newapi.server.relay.wire;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes addresses and keys out of a text that goes to a caller. */
final class Masking {

    private static final int MAX_CHARS = 4096;
    private static final int MIN_SECRET_CHARS = 4;
    private static final Pattern URL = Pattern.compile("(?i)\\b(https?|wss?)://[^\\s\"'<>]{1,2048}");
    private static final Pattern ADDRESS = Pattern.compile("\\b\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\b");
    private static final Pattern HOST =
            Pattern.compile("(?i)\\b(?:[a-z0-9-]{1,63}\\.){1,8}(com|net|org|io|ai|cn|dev|app|cloud|co|top|xyz|me"
                    + "|local|internal|localdomain)\\b");

    /**
     * Names of three labels and more may end otherwise too. What looks like a place in a request, {@code messages.0.id}, is
     * left alone: it has no such end.
     */
    private static final Pattern LONG_HOST = Pattern.compile(
            "(?i)\\b(?:[a-z0-9-]{1,63}\\.){2,8}(edu|gov|info|biz|tech|site|online|store|shop|pro|vip|club|link|live|run"
                    + "|lan|corp|home|intra|svc|cluster|test|example|(?!id\\b)[a-z]{2})\\b");

    private static final Pattern ADDRESS_6 = Pattern.compile("\\[[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9]{1,20})?\\]");
    private static final Pattern KEY =
            Pattern.compile("\\b(sk-|pk-|rk-|key-|sk_|pk_|rk_|key_|Bearer )[A-Za-z0-9_*./+=-]{8,1024}");

    private Masking() {}

    static String mask(String text) {
        String bounded = text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS);
        String masked = URL.matcher(bounded).replaceAll("$1://***");
        masked = ADDRESS.matcher(masked).replaceAll("***.***.***.***");
        masked = ADDRESS_6.matcher(masked).replaceAll("[***]");
        masked = HOST.matcher(masked).replaceAll("***.$1");
        masked = LONG_HOST.matcher(masked).replaceAll("***.$1");
        return KEY.matcher(masked).replaceAll("$1***");
    }

    /** Takes out what is known to be secret, in whatever case it is written. */
    static String hide(String text, List<String> secrets) {
        String hidden = text;
        for (String secret : secrets) {
            if (secret.length() >= MIN_SECRET_CHARS) {
                hidden = Pattern.compile(secret, Pattern.LITERAL | Pattern.CASE_INSENSITIVE)
                        .matcher(hidden)
                        .replaceAll(Matcher.quoteReplacement("***"));
            }
        }
        return hidden;
    }
}

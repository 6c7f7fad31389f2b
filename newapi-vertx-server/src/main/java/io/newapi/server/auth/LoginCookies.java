package io.newapi.server.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes and reads the {@code session} cookie: a {@link LoginTicket} with an HMAC-SHA256 whose key is derived from the session
 * secret, so that every node with the same secret accepts it. Anything that is not exactly such a value is no login, never an error.
 *
 * <p>Immutable and thread-safe.
 */
public final class LoginCookies {

    /** The cookie's name, as the stock console and scripts know it. */
    public static final String NAME = "session";

    /** How long a login lives. */
    public static final Duration LIFE = Duration.ofDays(30);

    private static final int MAX_COOKIES = 4;
    private static final String KEY_LABEL = "newapi login cookie 1";
    private static final Pattern FORM =
            Pattern.compile("1\\.([0-9a-z]{32})\\.([0-9]{1,18})\\.([0-9]{1,18})\\.([A-Za-z0-9_-]{43})");

    private final SecretKeySpec key;
    private final List<SecretKeySpec> accepted;
    private final BooleanSupplier secure;

    /**
     * @param sessionSecret the secret that all nodes share, not empty
     * @param secure whether browsers may send every cookie over HTTPS only; asked each time
     */
    public LoginCookies(byte[] sessionSecret, BooleanSupplier secure) {
        if (sessionSecret.length == 0) {
            throw new IllegalArgumentException("the session secret must not be empty");
        }
        this.key = key(sessionSecret);
        this.accepted = List.of(key);
        this.secure = secure;
    }

    private LoginCookies(LoginCookies newer, SecretKeySpec older) {
        this.key = newer.key;
        this.accepted = List.of(newer.key, older);
        this.secure = newer.secure;
    }

    /**
     * The same, which reads also what was written with the secret before, so that a change of secrets ends no login.
     *
     * @param previousSecret not empty
     */
    public LoginCookies accepting(byte[] previousSecret) {
        return new LoginCookies(this, key(previousSecret));
    }

    private static SecretKeySpec key(byte[] secret) {
        return new SecretKeySpec(mac(new SecretKeySpec(secret, "HmacSHA256"), KEY_LABEL), "HmacSHA256");
    }

    /** The cookie's value for a ticket. */
    public String value(LoginTicket ticket) {
        String content = "1." + ticket.loginId() + "." + ticket.userId() + "." + ticket.authVersion();
        return content + "." + signature(key, content);
    }

    /** The ticket in a cookie's value, if this gateway wrote it. */
    public Optional<LoginTicket> read(String value) {
        Matcher matcher = FORM.matcher(value);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String content = value.substring(0, value.lastIndexOf('.'));
        boolean ours = accepted.stream()
                .anyMatch(known -> MessageDigest.isEqual(ascii(signature(known, content)), ascii(matcher.group(4))));
        return ours
                ? Optional.of(new LoginTicket(
                        matcher.group(1), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3))))
                : Optional.empty();
    }

    /**
     * The values of all cookies of our name in {@code Cookie} headers, at most {@value #MAX_COOKIES}. A browser may hold several,
     * some of them from other programs on the same host.
     */
    public static List<String> valuesIn(List<String> cookieHeaders) {
        return cookieHeaders.stream()
                .flatMap(header -> Arrays.stream(header.split(";", -1)))
                .map(String::strip)
                .filter(cookie -> cookie.startsWith(NAME + "="))
                .map(cookie -> cookie.substring(NAME.length() + 1))
                .limit(MAX_COOKIES)
                .toList();
    }

    /**
     * The {@code Set-Cookie} header that starts a login.
     *
     * @param overHttps whether it is sent over HTTPS, and then only comes back so
     */
    public String setHeader(LoginTicket ticket, boolean overHttps) {
        return header(value(ticket), LIFE.toSeconds(), overHttps);
    }

    /**
     * The {@code Set-Cookie} header that removes the cookie.
     *
     * @param overHttps whether it is sent over HTTPS
     */
    public String clearHeader(boolean overHttps) {
        return header("", 0, overHttps);
    }

    private String header(String value, long maxAgeSeconds, boolean overHttps) {
        return NAME + "=" + value + "; Path=/; Max-Age=" + maxAgeSeconds + "; HttpOnly; SameSite=Strict"
                + (overHttps || secure.getAsBoolean() ? "; Secure" : "");
    }

    private static String signature(SecretKeySpec key, String content) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(mac(key, content));
    }

    private static byte[] mac(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every Java platform", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

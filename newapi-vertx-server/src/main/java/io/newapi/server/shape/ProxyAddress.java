package io.newapi.server.shape;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A proxy between this node and a provider. Its {@code toString} shows no credentials.
 *
 * @param protocol how it is spoken to
 * @param host name or address
 * @param port 1 to 65535
 * @param username empty for none
 * @param password empty for none
 */
public record ProxyAddress(Protocol protocol, String host, int port, String username, String password) {

    private static final int MAX_PORT = 65_535;
    private static final String MASK = "***";
    private static final Pattern PASSWORD = Pattern.compile("(://[^/@:\"]*):[^/@\"]*@");

    /** How a proxy is spoken to. */
    public enum Protocol {
        /** HTTP; {@code CONNECT} for providers with TLS. */
        HTTP(80),

        /** SOCKS version 5; the proxy looks names up. */
        SOCKS5(1080);

        private final int port;

        Protocol(int port) {
            this.port = port;
        }
    }

    /**
     * Reads {@code http://}, {@code socks5://} or {@code socks5h://} with a host, and perhaps a user, a password and a port.
     *
     * @throws InvalidShapeException if it is something else; the message repeats nothing of it
     */
    public static ProxyAddress parse(String url) {
        URI parsed;
        try {
            parsed = new URI(url.strip());
        } catch (URISyntaxException e) {
            throw new InvalidShapeException("proxy is no URL");
        }
        Protocol protocol = protocol(String.valueOf(parsed.getScheme()).toLowerCase(Locale.ROOT));
        if (parsed.getHost() == null || parsed.getPort() == 0 || parsed.getPort() > MAX_PORT) {
            throw new InvalidShapeException("proxy names no host, or a port that cannot be");
        }
        String[] user = Optional.ofNullable(parsed.getRawUserInfo()).orElse("").split(":", 2);
        if (user.length > 1 && user[1].equals(MASK)) {
            throw new InvalidShapeException("proxy: the password is not the one but what stands for it in lists");
        }
        return new ProxyAddress(
                protocol,
                withoutBrackets(parsed.getHost()),
                parsed.getPort() < 0 ? protocol.port : parsed.getPort(),
                decoded(user[0]),
                user.length > 1 ? decoded(user[1]) : "");
    }

    /** A channel's {@code setting} without the password of the proxy in it. */
    public static String masked(String setting) {
        return PASSWORD.matcher(setting).replaceAll("$1:" + MASK + "@");
    }

    private static Protocol protocol(String scheme) {
        return switch (scheme) {
            case "http" -> Protocol.HTTP;
            case "socks5", "socks5h" -> Protocol.SOCKS5;
            case "https" ->
                throw new InvalidShapeException(
                        "proxy: https, TLS to the proxy itself, is not supported; http and socks5 are");
            default -> throw new InvalidShapeException("proxy must begin with http:// or socks5://");
        };
    }

    /** An address of IPv6 stands in brackets in a URL. */
    private static String withoutBrackets(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Where it is, as a URL without credentials. */
    public String url() {
        return protocol.name().toLowerCase(Locale.ROOT) + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + port;
    }

    /** A plus sign is one here. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** What nobody but us may see of it. */
    public List<String> secrets() {
        return Stream.of(host, username, password)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    @Override
    public String toString() {
        return url();
    }
}

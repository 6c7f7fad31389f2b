package io.newapi.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One Redis server.
 *
 * @param tls whether it is spoken to with TLS, its certificate checked for {@code host}
 * @param host its name or address
 * @param port from 1 to 65535
 * @param user of its access control list; empty for the default one
 * @param password empty if it wants none
 * @param database its number
 */
public record RedisAddress(boolean tls, String host, int port, String user, Optional<Secret> password, int database) {

    /** How an address is written, for messages. */
    static final String FORM = "redis://[[user]:password@]host[:port][/database]";

    /** Parameters of the original's client, which tune what is tuned here by itself. */
    private static final Pattern TUNING =
            Pattern.compile("(max_retries|min_retry_backoff|max_retry_backoff|dial_timeout"
                    + "|read_timeout|write_timeout|pool_fifo|pool_size|min_idle_conns|max_conn_age|pool_timeout|idle_timeout"
                    + "|idle_check_frequency)=[^&]*");

    private static final Pattern URL = Pattern.compile("(?<scheme>rediss?)://(?:(?<login>[^/?#]*)@)?"
            + "(?<host>\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9_.-]+)?(?::(?<port>[0-9]{1,5}))?"
            + "(?:/(?<path>[0-9]{0,5}))?(?:\\?(?<query>[^#]*))?");

    private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_.-]+:[0-9]{1,5}");
    private static final int DEFAULT_PORT = 6379;
    private static final int LAST_PORT = 65_535;

    /**
     * Reads an address; what is wrong is said without quoting it, because it may hold a password.
     *
     * @param warn told of what has no effect
     */
    static RedisAddress parse(String text, Consumer<String> warn) throws BadValueException {
        if (text.startsWith("unix:")) {
            throw new BadValueException("must name a host: sockets in the file system are not part of this version");
        }
        if (text.contains(",")) {
            throw new BadValueException(
                    "must name one server: Sentinels and Redis Cluster are not part of this version");
        }
        Matcher url = URL.matcher(BARE.matcher(text).matches() ? "redis://" + text : text);
        if (!url.matches()) {
            throw new BadValueException("must have the form " + FORM
                    + "; signs in a user or password that mean something in a URL are written as %XX");
        }
        String port = url.group("port");
        int number = port == null ? DEFAULT_PORT : Integer.parseInt(port);
        if (number < 1 || number > LAST_PORT) {
            throw new BadValueException("must have a port from 1 to " + LAST_PORT);
        }
        String login = url.group("login") == null ? "" : url.group("login");
        int colon = login.indexOf(':');
        String user = decoded(colon < 0 ? login : login.substring(0, colon));
        String password = colon < 0 ? "" : decoded(login.substring(colon + 1));
        return new RedisAddress(
                url.group("scheme").equals("rediss"),
                host(url.group("host")),
                number,
                user.equals("default") ? "" : user,
                password.isEmpty() ? Optional.empty() : Optional.of(Secret.of(password)),
                database(url.group("path"), url.group("query"), warn));
    }

    /** What clients would not take for a host, they would take for none, and speak to another. */
    private static String host(@Nullable String text) throws BadValueException {
        String host = text == null ? "localhost" : text;
        try {
            if (new URI("redis://" + host + ":1").getHost() != null) {
                return host;
            }
        } catch (URISyntaxException e) {
            // the same as no host
        }
        throw new BadValueException(
                "must have a host of letters, digits, dots and hyphens, or an IPv6 address in brackets"
                        + " (an underscore is not allowed in the name of a host)");
    }

    /** The parameter {@code db} overrides the path, as in the original. */
    private static int database(@Nullable String path, @Nullable String query, Consumer<String> warn)
            throws BadValueException {
        String number = path == null ? "" : path;
        for (String parameter : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
            if (parameter.matches("db=[0-9]{1,5}")) {
                number = parameter.substring("db=".length());
            } else if (TUNING.matcher(parameter).matches()) {
                warn.accept("has the parameter " + parameter.substring(0, parameter.indexOf('='))
                        + ", which has no effect here");
            } else {
                throw new BadValueException("has a parameter after the question mark that nobody knows");
            }
        }
        return number.isEmpty() ? 0 : Integer.parseInt(number);
    }

    private static String decoded(String text) throws BadValueException {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadValueException("must have the form " + FORM + ", with %XX only for signs in user or password");
        }
    }

    /** The same server, with a password where none was given. */
    RedisAddress withPasswordOrElse(String other) {
        return password.isPresent() || other.isEmpty()
                ? this
                : new RedisAddress(tls, host, port, user, Optional.of(Secret.of(other)), database);
    }

    /** The address as clients read it, password included: not for people. */
    public String reveal() {
        String login = password.map(secret -> encoded(user) + ":" + encoded(secret.reveal()) + "@")
                .orElse("");
        return (tls ? "rediss://" : "redis://") + login + host + ":" + port + "/" + database;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The address without a login, for people. */
    @Override
    public String toString() {
        return (tls ? "rediss" : "redis").toLowerCase(Locale.ROOT) + "://" + host + ":" + port + "/" + database;
    }
}

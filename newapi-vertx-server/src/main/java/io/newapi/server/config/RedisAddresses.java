package io.newapi.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the setting that names a Redis: one server, or several separated by commas, which are all spoken to
 * alike. Those without a scheme are spoken to as the others.
 *
 * @param places at least one
 * @param login how all are spoken to
 */
record RedisAddresses(List<Place> places, RedisLogin login) {

    /** How an address is written, for messages. */
    static final String FORM = "redis://[[user]:password@]host[:port][/database]";

    /** @param port empty for that which is usual */
    record Place(String host, OptionalInt port) {}

    /** One item of the list: what it does not say is empty. */
    private record Item(
            Place place, Optional<Boolean> tls, String user, Optional<Secret> password, OptionalInt database) {}

    /** Parameters of the original's client, which tune what is tuned here by itself. */
    private static final Pattern TUNING =
            Pattern.compile("(max_retries|min_retry_backoff|max_retry_backoff|dial_timeout"
                    + "|read_timeout|write_timeout|pool_fifo|pool_size|min_idle_conns|max_conn_age|pool_timeout|idle_timeout"
                    + "|idle_check_frequency)=[^&]*");

    private static final Pattern URL = Pattern.compile("(?<scheme>rediss?)://(?:(?<login>[^/?#]*)@)?"
            + "(?<host>\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9_.-]+)?(?::(?<port>[0-9]{1,5}))?"
            + "(?:/(?<path>[0-9]{0,5}))?(?:\\?(?<query>[^#]*))?");

    private static final Pattern BARE = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9_.-]+)(:[0-9]{1,5})?");
    private static final int LAST_PORT = 65_535;

    RedisAddresses {
        places = List.copyOf(places);
    }

    /**
     * Reads the setting; what is wrong is said without quoting it, because it may hold a password.
     *
     * @param warn told of what has no effect
     */
    static RedisAddresses parse(String text, Consumer<String> warn) throws BadValueException {
        List<Item> items = new ArrayList<>();
        for (String item : text.split(",", -1)) {
            if (!item.isBlank()) {
                items.add(item(item.strip(), warn));
            }
        }
        if (items.isEmpty()) {
            throw new BadValueException("must name a server");
        }
        return new RedisAddresses(
                items.stream().map(Item::place).distinct().toList(),
                new RedisLogin(
                        common(items, Item::tls, "schemes").orElse(false),
                        common(items, item -> named(item.user()), "users").orElse(""),
                        common(items, Item::password, "passwords"),
                        common(items, item -> boxed(item.database()), "databases")
                                .orElse(0)));
    }

    /** What the items say, in so far as they say something. */
    private static <T> Optional<T> common(List<Item> items, Function<Item, Optional<T>> part, String parts)
            throws BadValueException {
        List<T> said =
                items.stream().map(part).flatMap(Optional::stream).distinct().toList();
        if (said.size() > 1) {
            throw new BadValueException("must not have different " + parts + " for its servers");
        }
        return said.stream().findFirst();
    }

    private static Optional<String> named(String user) {
        return user.isEmpty() ? Optional.empty() : Optional.of(user);
    }

    private static Optional<Integer> boxed(OptionalInt number) {
        return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
    }

    private static Item item(String text, Consumer<String> warn) throws BadValueException {
        if (text.startsWith("unix:")) {
            throw new BadValueException("must name a host: sockets in the file system (unix://) are not supported");
        }
        boolean bare = BARE.matcher(text).matches();
        Matcher url = URL.matcher(bare ? "redis://" + text : text);
        if (!url.matches()) {
            throw new BadValueException("must have the form " + FORM
                    + "; signs in a user or password that mean something in a URL are written as %XX, a comma as %2C");
        }
        String login = url.group("login") == null ? "" : url.group("login");
        int colon = login.indexOf(':');
        String user = decoded(colon < 0 ? login : login.substring(0, colon));
        String password = colon < 0 ? "" : decoded(login.substring(colon + 1));
        return new Item(
                new Place(host(url.group("host")), port(url.group("port"))),
                bare ? Optional.empty() : Optional.of(url.group("scheme").equals("rediss")),
                user.equals("default") ? "" : user,
                password.isEmpty() ? Optional.empty() : Optional.of(Secret.of(password)),
                database(url.group("path"), url.group("query"), warn));
    }

    private static OptionalInt port(@Nullable String text) throws BadValueException {
        if (text == null) {
            return OptionalInt.empty();
        }
        int number = Integer.parseInt(text);
        if (number < 1 || number > LAST_PORT) {
            throw new BadValueException("must have a port from 1 to " + LAST_PORT);
        }
        return OptionalInt.of(number);
    }

    /** Where they listen, where those that name no port have this one. */
    List<RedisHost> hosts(int usualPort) {
        return places.stream()
                .map(place -> new RedisHost(place.host(), place.port().orElse(usualPort)))
                .distinct()
                .toList();
    }

    /** What clients would not take for a host, they would take for none, and speak to another. */
    private static String host(@Nullable String text) throws BadValueException {
        String host = text == null ? "localhost" : text;
        try {
            if (new URI("redis://" + host + ":1").getHost() != null) {
                return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            }
        } catch (URISyntaxException e) {
            // the same as no host
        }
        throw new BadValueException(
                "must have a host of letters, digits, dots and hyphens, or an IPv6 address in brackets"
                        + " (an underscore is not allowed in the name of a host)");
    }

    /** The parameter {@code db} overrides the path, as in the original. */
    private static OptionalInt database(@Nullable String path, @Nullable String query, Consumer<String> warn)
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
        return number.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(number));
    }

    private static String decoded(String text) throws BadValueException {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadValueException("must have the form " + FORM + ", with %XX only for signs in user or password");
        }
    }
}

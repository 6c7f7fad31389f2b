package io.newapi.server.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form in which the Go driver for MySQL names a database: {@code
 * [user[:password]@][net[(addr)]]/dbname[?name=value&...]}, as the driver's documentation describes it. It is read from
 * the right, so that a password may hold any character. Nothing in it is percent-encoded but values of parameters.
 */
final class GoMySqlDsn {

    static final String FORM = "user:password@tcp(host:port)/database?parameters";

    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+(?:%\\w+)?])?(?::([0-9]{1,5}))?");
    private static final int MAX_PORT = 65_535;
    private static final int DEFAULT_PORT = 3306;

    private GoMySqlDsn() {}

    /**
     * @throws BadValueException if the text does not have this form, or asks for what cannot be honoured; no part of it is
     *     quoted but parameter names
     */
    static MySqlDsn parse(String dsn) throws BadValueException {
        int slash = dsn.lastIndexOf('/', lastIndexBeforeQuery(dsn));
        if (slash < 0) {
            throw bad("there is no / before the database name");
        }
        String left = dsn.substring(0, slash);
        int at = left.lastIndexOf('@');
        String place = place(left.substring(at + 1));
        int query = dsn.indexOf('?', slash);
        String database = dsn.substring(slash + 1, query < 0 ? dsn.length() : query);
        if (database.isEmpty()) {
            throw bad("there is no database name after the last /");
        }
        GoMySqlParameters parameters = GoMySqlParameters.parse(query < 0 ? "" : dsn.substring(query + 1));
        String credentials = at < 0 ? "" : left.substring(0, at);
        int colon = credentials.indexOf(':');
        String password = colon < 0 ? "" : credentials.substring(colon + 1);
        int portColon = place.endsWith("]") ? -1 : place.lastIndexOf(':');
        String host = portColon < 0 ? place : place.substring(0, portColon);
        return new MySqlDsn(
                host.isEmpty() ? "127.0.0.1" : host.replace("[", "").replace("]", ""),
                portColon < 0 ? DEFAULT_PORT : Integer.parseInt(place.substring(portColon + 1)),
                colon < 0 ? credentials : credentials.substring(0, colon),
                password.isEmpty() ? Optional.empty() : Optional.of(Secret.of(password)),
                database,
                parameters.tls(),
                parameters.connectTimeout(),
                parameters.readTimeout(),
                parameters.zone(),
                parameters.sessionVariables());
    }

    /** Values of parameters may hold a slash although it should be escaped, and often do: {@code loc=Asia/Shanghai}. */
    private static int lastIndexBeforeQuery(String dsn) {
        Matcher query = Pattern.compile("\\?([^/?]*&)?loc=[A-Za-z]+(/[A-Za-z0-9_+-]+)+(&[^/]*)?$")
                .matcher(dsn);
        return query.find() ? query.start() : dsn.length();
    }

    /** What stands in the brackets; empty if nothing does. */
    private static String place(String text) throws BadValueException {
        int open = text.indexOf('(');
        if (open < 0) {
            if (text.equals("unix")) {
                throw socket();
            }
            if (!text.isEmpty() && !text.equals("tcp")) {
                throw bad("the host must stand in brackets after @tcp, as in @tcp(db.example.com:3306)");
            }
            return "";
        }
        if (!text.endsWith(")")) {
            throw bad("the bracket around the address is not closed before the /");
        }
        String network = text.substring(0, open);
        if (network.equals("unix")) {
            throw socket();
        }
        if (!network.equals("tcp")) {
            throw bad("before the bracket must stand @tcp");
        }
        String address = text.substring(open + 1, text.length() - 1);
        if (!isHostAndPort(address)) {
            throw bad("the address in brackets must be host, host:port or [IPv6 address]:port");
        }
        return address;
    }

    private static BadValueException socket() {
        return bad("a socket (@unix) is not supported: name the host, as in @tcp(127.0.0.1:3306)");
    }

    private static boolean isHostAndPort(String address) {
        Matcher matcher = HOST_AND_PORT.matcher(address);
        return matcher.matches() && (matcher.group(1) == null || isPort(Integer.parseInt(matcher.group(1))));
    }

    private static boolean isPort(int number) {
        return number >= 1 && number <= MAX_PORT;
    }

    static BadValueException bad(String what) {
        return new BadValueException("must have the form " + FORM + ": " + what);
    }
}

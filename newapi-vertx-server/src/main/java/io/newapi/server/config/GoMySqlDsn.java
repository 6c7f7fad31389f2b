package io.newapi.server.config;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form in which the Go driver for MySQL names a database: {@code
 * [user[:password]@][net[(addr)]]/dbname[?name=value&...]}, as the driver's documentation describes it. It is read from
 * the right, so that a password may hold any character.
 */
final class GoMySqlDsn {

    static final String FORM = "user:password@tcp(host:port)/database?parameters";

    private static final Set<String> FLAGS = Set.of(
            "allowAllFiles",
            "allowCleartextPasswords",
            "allowFallbackToPlaintext",
            "allowNativePasswords",
            "allowOldPasswords",
            "checkConnLiveness",
            "clientFoundRows",
            "columnsWithAlias",
            "interpolateParams",
            "multiStatements",
            "parseTime",
            "rejectReadOnly");
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+(?:%\\w+)?])?(?::([0-9]{1,5}))?");
    private static final int MAX_PORT = 65_535;
    private static final Set<String> TIMES = Set.of("timeout", "readTimeout", "writeTimeout");

    private GoMySqlDsn() {}

    /** @throws BadValueException if the text does not have this form; no part of it is quoted but parameter names */
    static void check(String dsn) throws BadValueException {
        int slash = dsn.lastIndexOf('/', lastIndexBeforeQuery(dsn));
        if (slash < 0) {
            throw bad("there is no / before the database name");
        }
        String left = dsn.substring(0, slash);
        checkAddress(left.substring(left.lastIndexOf('@') + 1));
        int query = dsn.indexOf('?', slash);
        if ((query < 0 ? dsn.length() : query) == slash + 1) {
            throw bad("there is no database name after the last /");
        }
        for (String parameter :
                query < 0 ? new String[0] : dsn.substring(query + 1).split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                checkParameter(parameter.substring(0, equals), parameter.substring(equals + 1));
            }
        }
    }

    /** A zone name in the parameters may hold a slash although it should be escaped. */
    private static int lastIndexBeforeQuery(String dsn) {
        int zone = dsn.lastIndexOf("loc=");
        int query = dsn.lastIndexOf('?');
        return query >= 0 && zone > query ? query : dsn.length();
    }

    private static void checkAddress(String text) throws BadValueException {
        int open = text.indexOf('(');
        if (open < 0) {
            if (!text.isEmpty() && !text.equals("tcp")) {
                throw bad("the host must stand in brackets after @tcp, as in @tcp(db.example.com:3306)");
            }
            return;
        }
        if (!text.endsWith(")")) {
            throw bad("the bracket around the address is not closed before the /");
        }
        String network = text.substring(0, open);
        if (!network.equals("tcp") && !network.equals("unix")) {
            throw bad("before the bracket must stand @tcp for a host or @unix for a socket");
        }
        String address = text.substring(open + 1, text.length() - 1);
        if (network.equals("tcp") && !isHostAndPort(address)) {
            throw bad("the address in brackets must be host, host:port or [IPv6 address]:port");
        }
    }

    private static boolean isHostAndPort(String address) {
        Matcher matcher = HOST_AND_PORT.matcher(address);
        return matcher.matches() && (matcher.group(1) == null || Integer.parseInt(matcher.group(1)) <= MAX_PORT);
    }

    private static void checkParameter(String name, String value) throws BadValueException {
        if (FLAGS.contains(name) && !value.matches("1|0|true|false|TRUE|FALSE|True|False")) {
            throw bad("its parameter " + name + " must be true or false");
        }
        if (TIMES.contains(name) && !value.matches("0|([0-9]+(\\.[0-9]*)?(ns|us|ms|s|m|h))+")) {
            throw bad("its parameter " + name + " must be a time such as 30s");
        }
        if (name.equals("maxAllowedPacket") && !value.matches("[0-9]{1,10}")) {
            throw bad("its parameter maxAllowedPacket must be a number of bytes");
        }
        if (name.equals("loc")
                && !value.equals("Local")
                && !isZone(value.replace("%2F", "/").replace("%2f", "/"))) {
            throw bad("its parameter loc must be a time zone such as UTC, Local or Asia%2FShanghai");
        }
    }

    private static boolean isZone(String name) {
        try {
            return !ZoneId.of(name).getId().isEmpty();
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static BadValueException bad(String what) {
        return new BadValueException("must have the form " + FORM + ": " + what);
    }
}

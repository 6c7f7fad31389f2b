package io.newapi.server.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
    private static final int DEFAULT_PORT = 3306;
    private static final Map<String, Double> SECONDS =
            Map.of("ns", 1e-9, "us", 1e-6, "ms", 1e-3, "s", 1.0, "m", 60.0, "h", 3600.0);
    private static final Set<String> OTHERS =
            Set.of("tls", "loc", "charset", "collation", "maxAllowedPacket", "serverPubKey");
    private static final Pattern SESSION_VALUE = Pattern.compile("[A-Za-z0-9_.+-]*|'[A-Za-z0-9_.,:/ +-]*'");
    /** Flags that ask for something that the gateway does not do. */
    private static final Set<String> REFUSED = Set.of("allowAllFiles", "allowOldPasswords", "allowCleartextPasswords");

    private static final Set<String> TIMES = Set.of("timeout", "readTimeout", "writeTimeout");

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
        String address = left.substring(at + 1);
        checkAddress(address);
        int query = dsn.indexOf('?', slash);
        String database = dsn.substring(slash + 1, query < 0 ? dsn.length() : query);
        if (database.isEmpty()) {
            throw bad("there is no database name after the last /");
        }
        Map<String, String> parameters = parameters(query < 0 ? "" : dsn.substring(query + 1));
        String credentials = at < 0 ? "" : left.substring(0, at);
        int colon = credentials.indexOf(':');
        String password = colon < 0 ? "" : credentials.substring(colon + 1);
        String place = address.contains("(") ? address.substring(address.indexOf('(') + 1, address.length() - 1) : "";
        int portColon = place.endsWith("]") ? -1 : place.lastIndexOf(':');
        String host = portColon < 0 ? place : place.substring(0, portColon);
        return new MySqlDsn(
                host.isEmpty() ? "127.0.0.1" : host.replace("[", "").replace("]", ""),
                portColon < 0 ? DEFAULT_PORT : Integer.parseInt(place.substring(portColon + 1)),
                colon < 0 ? credentials : credentials.substring(0, colon),
                password.isEmpty() ? Optional.empty() : Optional.of(Secret.of(password)),
                database,
                tls(parameters.getOrDefault("tls", "false")),
                time(parameters.getOrDefault("timeout", "10s")),
                time(parameters.getOrDefault("readTimeout", "60s")),
                sessionVariables(parameters));
    }

    private static Map<String, String> parameters(String query) throws BadValueException {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                String name = parameter.substring(0, equals);
                String value = parameter.substring(equals + 1);
                checkParameter(name, value);
                parameters.put(name, value);
            }
        }
        return parameters;
    }

    private static MySqlDsn.Tls tls(String value) throws BadValueException {
        return switch (value) {
            case "false" -> MySqlDsn.Tls.OFF;
            case "true" -> MySqlDsn.Tls.VERIFIED;
            case "skip-verify" -> MySqlDsn.Tls.UNVERIFIED;
            default -> throw bad("its parameter tls must be true, false or skip-verify");
        };
    }

    private static Duration time(String text) {
        double seconds = 0;
        Matcher part = Pattern.compile("([0-9]+(?:\\.[0-9]*)?)(ns|us|ms|s|m|h)").matcher(text);
        while (part.find()) {
            seconds += Double.parseDouble(part.group(1)) * SECONDS.getOrDefault(part.group(2), 1.0);
        }
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    /** What the driver of the original does not know itself, it sets on the server for every connection. */
    private static Map<String, String> sessionVariables(Map<String, String> parameters) throws BadValueException {
        Map<String, String> variables = new LinkedHashMap<>();
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            String name = parameter.getKey();
            if (FLAGS.contains(name) || TIMES.contains(name) || OTHERS.contains(name)) {
                continue;
            }
            String value = URLDecoder.decode(parameter.getValue(), StandardCharsets.UTF_8);
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,63}")
                    || !SESSION_VALUE.matcher(value).matches()) {
                throw bad("its parameter " + name + " is neither one of the driver's nor a server variable with a value"
                        + " such as 1 or 'text'");
            }
            variables.put(name, value);
        }
        return variables;
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
        if (network.equals("unix")) {
            throw bad("a socket (@unix) is not supported: name the host, as in @tcp(127.0.0.1:3306)");
        }
        if (!network.equals("tcp")) {
            throw bad("before the bracket must stand @tcp");
        }
        String address = text.substring(open + 1, text.length() - 1);
        if (!isHostAndPort(address)) {
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
        if (REFUSED.contains(name) && value.matches("1|true|TRUE|True")) {
            throw bad("its parameter " + name + " is not supported: leave it out");
        }
        if (TIMES.contains(name) && !value.matches("0|([0-9]+(\\.[0-9]*)?(ns|us|ms|s|m|h))+")) {
            throw bad("its parameter " + name + " must be a time such as 30s");
        }
        if (name.equals("maxAllowedPacket") && !value.matches("[0-9]{1,10}")) {
            throw bad("its parameter maxAllowedPacket must be a number of bytes");
        }
        if (name.equals("loc") && !value.equals("UTC")) {
            throw bad("its parameter loc must be UTC: dates are stored in UTC, which is the default");
        }
        if (name.equals("charset") && !value.matches("utf8(mb4)?(,utf8(mb4)?)*")) {
            throw bad("its parameter charset must be utf8mb4");
        }
        if (name.equals("collation") && !value.startsWith("utf8mb4_")) {
            throw bad("its parameter collation must be one of utf8mb4");
        }
    }

    private static BadValueException bad(String what) {
        return new BadValueException("must have the form " + FORM + ": " + what);
    }
}

package io.newapi.server.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands behind the question mark of a Go DSN for MySQL. Each parameter that the Go driver documents is translated,
 * or has no effect here because what it asks for is so anyway, or is refused with a reason; every other one is a server
 * variable, as in the Go driver.
 */
final class GoMySqlParameters {

    /** What the gateway does in any case, or never needs. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "checkConnLiveness",
            "clientFoundRows",
            "columnsWithAlias",
            "compress",
            "interpolateParams",
            "multiStatements",
            "parseTime",
            "rejectReadOnly");

    private static final Map<String, String> REFUSED_WHEN_TRUE = Map.of(
            "allowAllFiles", "the gateway never sends files to the server",
            "allowCleartextPasswords", "the gateway never sends a password as it is",
            "allowFallbackToPlaintext", "a connection that is to be encrypted never falls back to plain text",
            "allowOldPasswords", "the passwords of MySQL 4.0 are no protection");

    private static final Map<String, String> REFUSED_WHEN_FALSE =
            Map.of("allowNativePasswords", "mysql_native_password cannot be switched off here");

    private static final Map<String, String> REFUSED = Map.of(
            "serverPubKey", "it names a key that a Go program has registered; the gateway asks the server for its key");

    private static final Set<String> TIMES = Set.of("timeout", "readTimeout", "writeTimeout", "timeTruncate");

    private static final Pattern TRUE = Pattern.compile("1|true|TRUE|True");
    private static final Pattern FALSE = Pattern.compile("0|false|FALSE|False");
    private static final Pattern TIME = Pattern.compile("0|(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|\u00b5s|ms|s|m|h))+");
    private static final Pattern TIME_PART = Pattern.compile("([0-9.]+)(ns|us|\u00b5s|ms|s|m|h)");
    private static final Map<String, Double> SECONDS =
            Map.of("ns", 1e-9, "us", 1e-6, "\u00b5s", 1e-6, "ms", 1e-3, "s", 1.0, "m", 60.0, "h", 3600.0);

    private static final String UNICODE = "utf8(mb[34])?";
    private static final Pattern CHARSETS = Pattern.compile(UNICODE + "(," + UNICODE + ")*");
    private static final Pattern COLLATION = Pattern.compile(UNICODE + "_[A-Za-z0-9_]+");
    private static final Pattern ATTRIBUTES = Pattern.compile("[^:,]+:[^:,]*(,[^:,]+:[^:,]*)*");

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
    private static final Pattern VARIABLE_VALUE =
            Pattern.compile("[A-Za-z0-9_.+-]*|'[A-Za-z0-9_.,:/ +-]*'|\"[A-Za-z0-9_.,:/ +-]*\"");

    private MySqlDsn.Tls tls = MySqlDsn.Tls.OFF;
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration readTimeout = Duration.ofSeconds(60);
    private ZoneId zone = ZoneOffset.UTC;
    private final Map<String, String> sessionVariables = new LinkedHashMap<>();

    private GoMySqlParameters() {}

    /** @throws BadValueException if one of them cannot be honoured; only its name is quoted */
    static GoMySqlParameters parse(String query) throws BadValueException {
        GoMySqlParameters parameters = new GoMySqlParameters();
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                parameters.read(parameter.substring(0, equals), parameter.substring(equals + 1));
            }
        }
        return parameters;
    }

    MySqlDsn.Tls tls() {
        return tls;
    }

    Duration connectTimeout() {
        return connectTimeout;
    }

    Duration readTimeout() {
        return readTimeout;
    }

    ZoneId zone() {
        return zone;
    }

    Map<String, String> sessionVariables() {
        return sessionVariables;
    }

    private void read(String name, String value) throws BadValueException {
        if (isFlag(name)) {
            checkFlag(name, value);
        } else if (REFUSED.containsKey(name)) {
            throw bad(name, "is refused: " + REFUSED.get(name));
        } else if (TIMES.contains(name)) {
            readTime(name, value);
        } else {
            readOther(name, value);
        }
    }

    private static boolean isFlag(String name) {
        return WITHOUT_EFFECT.contains(name)
                || REFUSED_WHEN_TRUE.containsKey(name)
                || REFUSED_WHEN_FALSE.containsKey(name);
    }

    private static void checkFlag(String name, String value) throws BadValueException {
        boolean isTrue = TRUE.matcher(value).matches();
        if (!isTrue && !FALSE.matcher(value).matches()) {
            throw bad(name, "must be true or false");
        }
        Optional<String> reason = Optional.ofNullable((isTrue ? REFUSED_WHEN_TRUE : REFUSED_WHEN_FALSE).get(name));
        if (reason.isPresent()) {
            throw bad(name, "cannot be " + isTrue + ": " + reason.get());
        }
    }

    private void readTime(String name, String value) throws BadValueException {
        if (!TIME.matcher(value).matches()) {
            throw bad(name, "must be a time such as 30s");
        }
        if (name.equals("timeout")) {
            connectTimeout = time(value);
        } else if (name.equals("readTimeout")) {
            readTimeout = time(value);
        }
    }

    private void readOther(String name, String value) throws BadValueException {
        switch (name) {
            case "tls" -> tls = tls(decoded(name, value));
            case "loc" -> zone = zone(decoded(name, value));
            case "charset" -> check(CHARSETS, name, value, "must be utf8mb4 or utf8");
            case "collation" -> check(COLLATION, name, value, "must be one of utf8mb4 or utf8");
            case "maxAllowedPacket" -> check(Pattern.compile("[0-9]{1,10}"), name, value, "must be a number of bytes");
            case "connectionAttributes" ->
                check(ATTRIBUTES, name, decoded(name, value), "must be a list such as name:value,name:value");
            default -> readVariable(name, decoded(name, value));
        }
    }

    /** What the driver of the original does not know itself, it sets on the server for every connection. */
    private void readVariable(String name, String value) throws BadValueException {
        if (!VARIABLE.matcher(name).matches() || !VARIABLE_VALUE.matcher(value).matches()) {
            throw bad(name, "is neither one of the driver's nor a server variable with a value such as 1 or 'text'");
        }
        sessionVariables.put(name, value);
    }

    private static MySqlDsn.Tls tls(String value) throws BadValueException {
        if (TRUE.matcher(value).matches()) {
            return MySqlDsn.Tls.VERIFIED;
        }
        if (FALSE.matcher(value).matches()) {
            return MySqlDsn.Tls.OFF;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "skip-verify" -> MySqlDsn.Tls.UNVERIFIED;
            case "preferred" ->
                throw bad(
                        "tls",
                        "cannot be preferred, which anybody between the two can turn into no protection: say true,"
                                + " skip-verify or false");
            default ->
                throw bad(
                        "tls",
                        "must be true, false or skip-verify: other names are those of settings that a Go program has"
                                + " registered");
        };
    }

    private static ZoneId zone(String value) throws BadValueException {
        if (value.isEmpty() || value.equals("UTC")) {
            return ZoneOffset.UTC;
        }
        if (value.equals("Local")) {
            return ZoneId.systemDefault();
        }
        if (List.of('+', '-').contains(value.charAt(0))) {
            throw bad("loc", "must be UTC, Local or the name of a time zone, such as Asia%2FShanghai");
        }
        try {
            return ZoneId.of(value);
        } catch (DateTimeException e) {
            throw bad("loc", "must be UTC, Local or the name of a time zone, such as Asia%2FShanghai");
        }
    }

    private static Duration time(String text) {
        double seconds = 0;
        Matcher part = TIME_PART.matcher(text);
        while (part.find()) {
            seconds += Double.parseDouble(part.group(1)) * SECONDS.getOrDefault(part.group(2), 1.0);
        }
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    private static void check(Pattern pattern, String name, String value, String expected) throws BadValueException {
        if (!pattern.matcher(value).matches()) {
            throw bad(name, expected);
        }
    }

    private static String decoded(String name, String value) throws BadValueException {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw bad(name, "has a % that no two hexadecimal digits follow");
        }
    }

    private static BadValueException bad(String name, String what) {
        return GoMySqlDsn.bad("its parameter " + name + " " + what);
    }
}

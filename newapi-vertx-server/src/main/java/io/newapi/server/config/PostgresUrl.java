package io.newapi.server.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form in which PostgreSQL's own programs and the original name a database: {@code
 * postgres://[user[:password]@][host[:port],...][/database][?name=value&...]}. User, password, database and values are
 * percent-encoded.
 */
final class PostgresUrl {

    static final String FORM = "postgres://user:password@host:port/database?parameters";

    private static final Pattern SCHEME = Pattern.compile("(?i)postgres(ql)?://");
    private static final Pattern HOST =
            Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+(?:%\\w+)?])?(?::([0-9]{1,5}))?");
    private static final int DEFAULT_PORT = 5432;
    private static final int MAX_PORT = 65_535;
    private static final Pattern WHOLE_SECONDS = Pattern.compile("[0-9]{1,6}");

    /** Of the original's driver, or of no use here. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "application_name",
            "client_encoding",
            "default_query_exec_mode",
            "description_cache_capacity",
            "fallback_application_name",
            "keepalives",
            "keepalives_count",
            "keepalives_idle",
            "keepalives_interval",
            "min_protocol_version",
            "max_protocol_version",
            "prefer_simple_protocol",
            "sslcompression",
            "sslsni",
            "statement_cache_capacity",
            "statement_cache_mode",
            "tcp_user_timeout",
            "timezone");

    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("host", "the host stands before the database name"),
            Map.entry("hostaddr", "the host stands before the database name"),
            Map.entry("port", "the port stands behind the host"),
            Map.entry("user", "the user stands before the host"),
            Map.entry("password", "the password stands before the host"),
            Map.entry("dbname", "the database name stands before the question mark"),
            Map.entry("database", "the database name stands before the question mark"),
            Map.entry("options", "name each setting of the server as a parameter of its own"),
            Map.entry("passfile", "the password stands before the host"),
            Map.entry("service", "name the database itself"),
            Map.entry("servicefile", "name the database itself"),
            Map.entry("sslcert", "logging in by certificate is not supported"),
            Map.entry("sslkey", "logging in by certificate is not supported"),
            Map.entry("sslpassword", "logging in by certificate is not supported"),
            Map.entry("sslinline", "logging in by certificate is not supported"),
            Map.entry("sslcrl", "lists of revoked certificates are not supported"),
            Map.entry("channel_binding", "binding to the encrypted channel is not supported"),
            Map.entry("require_auth", "the server chooses how to log in"),
            Map.entry("gssencmode", "Kerberos is not supported"),
            Map.entry("krbspn", "Kerberos is not supported"),
            Map.entry("krbsrvname", "Kerberos is not supported"),
            Map.entry("replication", "the gateway is no replica"));

    private static final Pattern SETTING = Pattern.compile("[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)?");

    private boolean primaryOnly;
    private PostgresDsn.Tls tls = PostgresDsn.Tls.PREFER;
    private Optional<String> rootCertificate = Optional.empty();
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Optional<String> schema = Optional.empty();
    private final Map<String, String> settings = new LinkedHashMap<>();

    private PostgresUrl() {}

    static boolean isOne(String text) {
        return SCHEME.matcher(text).lookingAt();
    }

    /**
     * @throws BadValueException if the text does not have this form, or asks for what cannot be honoured; no part of it is
     *     quoted but parameter names
     */
    static PostgresDsn parse(String url) throws BadValueException {
        Matcher scheme = SCHEME.matcher(url);
        String rest = scheme.lookingAt() ? url.substring(scheme.end()) : url;
        if (rest.indexOf('#') >= 0) {
            throw bad("a # must be written %23");
        }
        int query = rest.indexOf('?');
        String path = query < 0 ? rest : rest.substring(0, query);
        int slash = path.indexOf('/');
        String authority = slash < 0 ? path : path.substring(0, slash);
        int at = authority.lastIndexOf('@');
        if (path.indexOf('@', Math.max(0, slash)) >= 0 && slash >= 0) {
            throw bad("a / in the user or password must be written %2F");
        }
        if (query >= 0 && rest.indexOf('@', query) >= 0 && at < 0) {
            throw bad("a ? in the user or password must be written %3F");
        }
        String credentials = at < 0 ? "" : authority.substring(0, at);
        int colon = credentials.indexOf(':');
        String user = decoded("the user", colon < 0 ? credentials : credentials.substring(0, colon));
        if (user.isEmpty()) {
            throw bad("there is no user before the host");
        }
        String password = colon < 0 ? "" : decoded("the password", credentials.substring(colon + 1));
        List<PostgresDsn.Host> hosts = hosts(authority.substring(at + 1));
        String database = slash < 0 ? "" : decoded("the database name", path.substring(slash + 1));
        if (slash >= 0 && path.indexOf('/', slash + 1) >= 0) {
            throw bad("there is more than one / behind the host");
        }
        PostgresUrl parameters = new PostgresUrl();
        // of several servers only one writes
        parameters.primaryOnly = hosts.size() > 1;
        parameters.readAll(query < 0 ? "" : rest.substring(query + 1));
        return new PostgresDsn(
                hosts,
                parameters.primaryOnly,
                user,
                password.isEmpty() ? Optional.empty() : Optional.of(Secret.of(password)),
                database.isEmpty() ? user : database,
                parameters.tls,
                parameters.rootCertificate,
                parameters.connectTimeout,
                parameters.schema,
                parameters.settings);
    }

    private static List<PostgresDsn.Host> hosts(String text) throws BadValueException {
        List<PostgresDsn.Host> hosts = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher host = HOST.matcher(part);
            if (!host.matches()) {
                throw bad("behind the user must stand host, host:port or [IPv6 address]:port; what is special in the"
                        + " password must be percent-encoded, such as @ as %40");
            }
            int port = host.group(2) == null ? DEFAULT_PORT : Integer.parseInt(host.group(2));
            if (port < 1 || port > MAX_PORT) {
                throw bad("the port must be from 1 to " + MAX_PORT);
            }
            String name = host.group(1) == null ? "127.0.0.1" : host.group(1);
            hosts.add(new PostgresDsn.Host(name.replace("[", "").replace("]", ""), port));
        }
        return hosts;
    }

    private void readAll(String query) throws BadValueException {
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                String name = parameter.substring(0, equals);
                read(name, decoded("its parameter " + name, parameter.substring(equals + 1)));
            } else if (!parameter.isEmpty()) {
                throw bad("a parameter has no value");
            }
        }
    }

    private void read(String name, String value) throws BadValueException {
        String lower = name.toLowerCase(Locale.ROOT);
        if (WITHOUT_EFFECT.contains(lower)) {
            return;
        }
        if (REFUSED.containsKey(lower)) {
            throw bad("its parameter " + name + " is refused: " + REFUSED.get(lower));
        }
        switch (name) {
            case "sslmode" -> tls = tls(value);
            case "sslrootcert" -> rootCertificate = value.equals("system") ? Optional.empty() : Optional.of(value);
            case "connect_timeout" -> connectTimeout = seconds(value);
            case "search_path" -> schema = Optional.of(schema(value));
            case "target_session_attrs" -> primaryOnly = isPrimary(value);
            default -> readSetting(name, value);
        }
    }

    private void readSetting(String name, String value) throws BadValueException {
        if (!SETTING.matcher(name).matches() || value.chars().anyMatch(c -> c < ' ' || c == '\\')) {
            throw bad("its parameter " + name + " is neither one of PostgreSQL's programs nor a setting of the server");
        }
        settings.put(name, value);
    }

    private static PostgresDsn.Tls tls(String value) throws BadValueException {
        return switch (value) {
            case "disable" -> PostgresDsn.Tls.DISABLE;
            case "allow" -> PostgresDsn.Tls.ALLOW;
            case "prefer" -> PostgresDsn.Tls.PREFER;
            case "require" -> PostgresDsn.Tls.REQUIRE;
            case "verify-ca" -> PostgresDsn.Tls.VERIFY_CA;
            case "verify-full" -> PostgresDsn.Tls.VERIFY_FULL;
            default ->
                throw bad("its parameter sslmode must be disable, allow, prefer, require, verify-ca or verify-full");
        };
    }

    private static Duration seconds(String value) throws BadValueException {
        if (!WHOLE_SECONDS.matcher(value).matches()) {
            throw bad("its parameter connect_timeout must be whole seconds");
        }
        return Duration.ofSeconds(Long.parseLong(value));
    }

    /** The tables are in one schema: where new ones are made, and old ones looked for, must be the same. */
    private static String schema(String value) throws BadValueException {
        if (!value.matches("[A-Za-z_][A-Za-z0-9_$]*")) {
            throw bad("its parameter search_path must be the name of one schema");
        }
        return value;
    }

    private static boolean isPrimary(String value) throws BadValueException {
        return switch (value) {
            case "any" -> false;
            case "read-write", "primary" -> true;
            default ->
                throw bad("its parameter target_session_attrs must be any, read-write or primary: the gateway writes");
        };
    }

    private static String decoded(String what, String text) throws BadValueException {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw bad(what + " has a % that no two hexadecimal digits follow");
        }
    }

    private static BadValueException bad(String what) {
        return new BadValueException("must have the form " + FORM + ": " + what);
    }
}

package io.newapi.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads lines {@code NAME=value}: blank lines and comments after {@code #}; {@code export} before a name; values bare,
 * in single quotes (taken literally) or in double quotes (where {@code \n}, {@code \r} and {@code \t} are line feed,
 * carriage return and tabulator, and any other character after a backslash is itself). In bare and double-quoted values
 * {@code $NAME} and {@code ${NAME}}, in capital letters, stand for a variable of the environment or of an earlier line,
 * and {@code \$} for a dollar sign. The last line of a name counts.
 */
final class EnvFileParser {

    private static final Pattern LINE = Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_.]*)\\s*=(.*)");
    private static final Pattern COMMENT = Pattern.compile("\\s#.*");
    private static final Pattern SINGLE = Pattern.compile("\\s*'([^']*+)'\\s*(?:#.*)?");
    private static final Pattern DOUBLE = Pattern.compile("\\s*\"((?:[^\"\\\\]|\\\\.)*+)\"\\s*(?:#.*)?");
    private static final Pattern REFERENCE = Pattern.compile("\\\\(.)|\\$\\{([A-Z_][A-Z0-9_]*)}|\\$([A-Z_][A-Z0-9_]*)");

    private final Map<String, String> environment;
    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private EnvFileParser(Map<String, String> environment) {
        this.environment = environment;
    }

    static EnvFile parse(String text, Map<String, String> environment) {
        EnvFileParser parser = new EnvFileParser(environment);
        // An editor's byte order mark is not part of the first name.
        String[] lines = (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\r?\n|\r", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                parser.add(line, EnvFile.NAME + " line " + (i + 1));
            }
        }
        return new EnvFile(parser.values, parser.problems, parser.warnings);
    }

    private void add(String line, String place) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            problems.add(place + " is not of the form NAME=value");
            return;
        }
        String name = matcher.group(1);
        String text = matcher.group(2);
        String start = text.stripLeading();
        if (start.startsWith("'") || start.startsWith("\"")) {
            addQuoted(name, text, start.startsWith("'"), place);
        } else {
            values.put(name, expand(COMMENT.matcher(text).replaceFirst("").strip(), name, place, false));
        }
    }

    private void addQuoted(String name, String text, boolean literal, String place) {
        Matcher quoted = (literal ? SINGLE : DOUBLE).matcher(text);
        if (!quoted.matches()) {
            problems.add(place + ": the quotes around the value of " + name
                    + " are not closed, or something stands behind them");
            return;
        }
        String inner = quoted.group(1);
        values.put(name, literal ? inner : expand(inner, name, place, true));
    }

    private String expand(String text, String name, String place, boolean escapes) {
        return REFERENCE.matcher(text).replaceAll(found -> {
            String value = found.group(1) != null ? escaped(found, escapes) : referred(found, name, place);
            return Matcher.quoteReplacement(value);
        });
    }

    /** Outside of quotes only a dollar sign is escaped, so that Windows paths stay what they are. */
    private static String escaped(MatchResult found, boolean escapes) {
        String character = found.group(1);
        if (!escapes) {
            return character.equals("$") ? character : found.group();
        }
        return switch (character) {
            case "n" -> "\n";
            case "r" -> "\r";
            case "t" -> "\t";
            default -> character;
        };
    }

    private String referred(MatchResult found, String name, String place) {
        String reference = found.group(2) != null ? found.group(2) : found.group(3);
        String value = environment.containsKey(reference) ? environment.get(reference) : values.get(reference);
        if (value == null) {
            // The reference is not quoted: it may be part of a password with a dollar sign.
            warnings.add(place + ": the value of " + name + " refers to a variable that is not set; write it in single"
                    + " quotes if a dollar sign is meant");
            return "";
        }
        return value;
    }
}

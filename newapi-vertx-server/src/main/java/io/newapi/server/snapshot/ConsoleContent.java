package io.newapi.server.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the panels of a console may be filled with: arrays of entries, or an empty text. Consoles put the texts into their pages, so
 * that nothing may be in them that a browser could run. Each check throws {@link IllegalArgumentException} with the reason.
 */
final class ConsoleContent {

    private static final int MAX_URL_BYTES = 500;
    private static final Set<String> COLOURS = Set.of(
            "blue",
            "green",
            "cyan",
            "purple",
            "pink",
            "red",
            "orange",
            "amber",
            "yellow",
            "lime",
            "light-green",
            "teal",
            "light-blue",
            "indigo",
            "violet",
            "grey");
    private static final Set<String> ANNOUNCEMENT_TYPES =
            Set.of("", "default", "ongoing", "success", "warning", "error");
    private static final List<String> DANGEROUS =
            List.of("<script", "<iframe", "javascript:", "onload=", "onerror=", "onclick=");

    private ConsoleContent() {}

    /** Addresses of this gateway's API. */
    static Consumer<String> apiInfo() {
        return entries(50, entry -> {
            webAddress(entry, "url");
            text(entry, "route", 1, 100);
            text(entry, "description", 1, 200);
            oneOf(entry, "color", COLOURS);
        });
    }

    static Consumer<String> announcements() {
        return entries(100, entry -> {
            text(entry, "content", 1, 500);
            time(entry, "publishDate");
            oneOf(entry, "type", ANNOUNCEMENT_TYPES);
            text(entry, "extra", 0, 200);
        });
    }

    /** Questions that are often asked. */
    static Consumer<String> faq() {
        return entries(100, entry -> {
            text(entry, "question", 1, 200);
            text(entry, "answer", 1, 1000);
        });
    }

    /** Status pages of Uptime Kuma. */
    static Consumer<String> uptimeGroups() {
        return text -> {
            Set<String> names = new HashSet<>();
            entries(20, entry -> {
                        String name = text(entry, "categoryName", 1, 50);
                        if (!names.add(name)) {
                            throw new IllegalArgumentException("two entries have the categoryName " + name);
                        }
                        webAddress(entry, "url");
                        if (!text(entry, "slug", 1, 100).matches("[A-Za-z0-9_-]+")) {
                            throw new IllegalArgumentException("slug may have letters, digits, _ and - only");
                        }
                        text(entry, "description", 0, 200);
                    })
                    .accept(text);
        };
    }

    private static Consumer<String> entries(int most, Consumer<JsonNode> check) {
        return text -> {
            OptionChecks.emptyOrArray(most).accept(text);
            if (text.isEmpty()) {
                return;
            }
            for (JsonNode entry : JsonText.tree(text)) {
                if (!entry.isObject()) {
                    throw new IllegalArgumentException("every entry must be a JSON object");
                }
                check.accept(entry);
            }
        };
    }

    /** A text of so many bytes; absent means empty. */
    private static String text(JsonNode entry, String name, int least, int most) {
        JsonNode node = entry.path(name);
        boolean absent = node.isMissingNode() || node.isNull();
        if (!absent && !node.isTextual()) {
            throw new IllegalArgumentException(name + " must be a text");
        }
        String text = absent ? "" : node.textValue();
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length < least || length > most) {
            throw new IllegalArgumentException(name + " must have " + least + " to " + most + " bytes");
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (DANGEROUS.stream().anyMatch(lower::contains)) {
            throw new IllegalArgumentException(name + " has something in it that a browser could run");
        }
        return text;
    }

    private static void oneOf(JsonNode entry, String name, Set<String> allowed) {
        if (!allowed.contains(text(entry, name, 0, 20))) {
            throw new IllegalArgumentException(name + " has no known value");
        }
    }

    private static void time(JsonNode entry, String name) {
        try {
            OffsetDateTime.parse(text(entry, name, 1, 40));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(name + " must be a time such as 2026-01-02T03:04:05Z", e);
        }
    }

    private static void webAddress(JsonNode entry, String name) {
        String address = text(entry, name, 1, MAX_URL_BYTES);
        try {
            URI uri = new URI(address);
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (!web || uri.getHost() == null) {
                throw new IllegalArgumentException(name + " must be an address that begins with http:// or https://");
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name + " is no address", e);
        }
    }
}

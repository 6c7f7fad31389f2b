package io.newapi.server.home;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A static page that says what runs here, with its script, its icon and the manual. Nothing is loaded from elsewhere, and the policy
 * that is sent with it would not let it: the page's one style sheet is allowed by its hash.
 *
 * <p>Immutable; the files are read once, when it is made.
 */
public final class HomePage {

    private static final String VERSION_PLACEHOLDER = "{{version}}";
    private static final Pattern STYLE = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL);

    /** The pages of the manual, as they are in the source. */
    private static final List<String> MANUAL =
            List.of("accidents.md", "api.md", "cli.md", "cluster.md", "configuration.md", "providers.md");

    private final File page;
    private final File script;
    private final File icon;
    private final Map<String, File> manual = new TreeMap<>();
    private final String policy;

    /** @param version the version to show */
    public HomePage(String version) {
        String html = text("index.html").replace(VERSION_PLACEHOLDER, escape(version));
        this.page = File.of("text/html; charset=utf-8", html);
        this.script = File.of("text/javascript; charset=utf-8", text("home.js"));
        this.icon = File.of("image/svg+xml", text("favicon.svg"));
        // as plain text: browsers show that, and save Markdown to a file instead
        MANUAL.forEach(name -> manual.put(name, File.of("text/plain; charset=utf-8", text("docs/" + name))));
        this.policy = "default-src 'none'; script-src 'self'; style-src 'sha256-" + styleHash(html)
                + "'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /**
     * Serves GET and HEAD of {@code /}, {@code /home.js}, {@code /favicon.svg} and the manual below {@code /docs}; leaves every
     * other path alone.
     */
    public void mount(Router router) {
        mount(router, "/", page);
        mount(router, "/home.js", script);
        mount(router, "/favicon.svg", icon);
        manual.forEach((name, file) -> mount(router, "/docs/" + name, file));
    }

    private void mount(Router router, String path, File file) {
        router.route(path)
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(context -> send(context.request(), file));
    }

    private void send(HttpServerRequest request, File file) {
        HttpServerResponse response = request.response();
        response.putHeader("Content-Security-Policy", policy)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                // Kept by browsers, but asked for again each time: it costs a 304, and an upgrade shows at once.
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader(HttpHeaders.ETAG, file.tag());
        String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
        if (known != null && known.contains(file.tag())) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, file.type());
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(
                            HttpHeaders.CONTENT_LENGTH,
                            String.valueOf(file.bytes().length()))
                    .end();
        } else {
            response.end(file.bytes());
        }
    }

    private static String styleHash(String html) {
        Matcher style = STYLE.matcher(html);
        if (!style.find()) {
            throw new IllegalStateException("home/index.html has no style element");
        }
        return Base64.getEncoder().encodeToString(sha256(style.group(1)));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String text(String name) {
        try (InputStream in = HomePage.class.getResourceAsStream("/home/" + name)) {
            if (in == null) {
                throw new IllegalStateException("home/" + name + " is missing on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read home/" + name, e);
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** One of the files. */
    private record File(String type, Buffer bytes, String tag) {

        static File of(String type, String text) {
            String hash = Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(text));
            return new File(type, Buffer.buffer(text), "\"" + hash.substring(0, 22) + "\"");
        }
    }
}

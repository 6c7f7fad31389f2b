package io.newapi.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls the admin HTTP API of one gateway. Every call either returns the answer's envelope or throws a {@link Failure}
 * with the exit code that fits.
 *
 * <p>Follows no redirect: a credential goes to the address that it was made for and nowhere else. Thread-safe.
 */
public final class AdminClient {

    private static final int MOST_ANSWER_BYTES = 64 << 20;
    private static final String LOGIN = "newapi login";

    private final HttpClient http;
    private final URI base;
    private final Credential credential;
    private final Duration timeout;

    /**
     * @param base the gateway's address without the {@code /api} part
     * @param timeout for one call from connecting to the last byte, above zero
     */
    public AdminClient(URI base, Credential credential, Duration timeout) {
        this(
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(timeout)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .cookieHandler(new SessionCookies())
                        .build(),
                base,
                credential,
                timeout);
    }

    private AdminClient(HttpClient http, URI base, Credential credential, Duration timeout) {
        this.http = http;
        this.base = base;
        this.credential = credential;
        this.timeout = timeout;
    }

    /** The same client, cookies included, calling as somebody else. */
    public AdminClient as(Credential other) {
        return new AdminClient(http, base, other, timeout);
    }

    /** The gateway's address. */
    public URI base() {
        return base;
    }

    /** Reads {@code data} of the envelope. */
    public JsonNode get(String path) {
        return call("GET", path, null).path("data");
    }

    /** Reads {@code data}, or nothing where the server has no such thing. */
    public JsonNode getIfPresent(String path) {
        Answer answer = send("GET", path, null);
        return answer.status() == 404
                ? MissingNode.getInstance()
                : judged(answer).path("data");
    }

    /**
     * Makes a call.
     *
     * @param body the request body, absent for none
     * @return the whole envelope, whose {@code success} is true
     */
    public JsonNode call(String method, String path, @Nullable JsonNode body) {
        return judged(send(method, path, body));
    }

    /** Makes a call to a path that some servers do not have: a missing node then. */
    public JsonNode callIfKnown(String method, String path, JsonNode body) {
        Answer answer = send(method, path, body);
        return answer.status() == 404 || answer.status() == 405 ? MissingNode.getInstance() : judged(answer);
    }

    /** What came back, before anybody judged it. */
    private record Answer(int status, JsonNode body) {}

    private Answer send(String method, String path, @Nullable JsonNode body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(timeout)
                .header("Accept", "application/json")
                .header("Accept-Language", "en")
                .header("User-Agent", "newapi-cli");
        credential.applyTo(request);
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json");
            request.method(method, HttpRequest.BodyPublishers.ofString(body.toString(), StandardCharsets.UTF_8));
        }
        HttpResponse<byte[]> response = exchange(request.build());
        return new Answer(response.statusCode(), parsed(response));
    }

    /** The client's own time-out ends with the response head; this one covers the body too. */
    private HttpResponse<byte[]> exchange(HttpRequest request) {
        Future<HttpResponse<byte[]>> exchange = http.sendAsync(request, head -> new LimitedBody(MOST_ANSWER_BYTES));
        try {
            return exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw timedOut();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof java.net.http.HttpTimeoutException) {
                throw timedOut();
            }
            throw unreachable("cannot reach " + base + ": " + reason(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable("interrupted while waiting for " + base);
        } finally {
            exchange.cancel(true);
        }
    }

    private JsonNode parsed(HttpResponse<byte[]> response) {
        if (response.statusCode() >= 300 && response.statusCode() < 400) {
            throw unreachable(base + " redirects to "
                    + response.headers().firstValue("Location").orElse("another address"));
        }
        if (response.body().length == 0) {
            return MissingNode.getInstance();
        }
        try {
            return Json.parse(response.body());
        } catch (IOException e) {
            if (response.statusCode() == 200) {
                throw unreachable(base + " does not answer in JSON; it is no gateway");
            }
            return MissingNode.getInstance();
        }
    }

    private JsonNode judged(Answer answer) {
        JsonNode body = answer.body();
        if (answer.status() == 200
                && (body.isMissingNode() || body.path("success").asBoolean(false))) {
            return body;
        }
        // Failures come in two forms: the envelope, and the error object of paths outside it.
        JsonNode said = body.has("error") ? body.path("error") : body;
        String code = Json.text(said, "code");
        String message = Json.text(said, "message");
        if (answer.status() == 200 && code.isEmpty() && !isKnown()) {
            throw new Failure(ExitCode.NOT_AUTHENTICATED, message, LOGIN);
        }
        throw failure(answer.status(), code, message);
    }

    /**
     * Whether the server knows the caller. Servers of the original kind refuse an unknown access token like anything
     * else, without a code, so the caller's own account is asked for.
     */
    private boolean isKnown() {
        return !(credential instanceof Credential.AccessToken)
                || send("GET", "/api/user/self", null).body().path("success").asBoolean(false);
    }

    private Failure failure(int status, String code, String message) {
        String said = message.isBlank() ? "the server answered with status " + status : message;
        if (status == 401 || isAboutCredential(code)) {
            return new Failure(ExitCode.NOT_AUTHENTICATED, said, LOGIN);
        }
        if (status == 429) {
            return new Failure(ExitCode.REFUSED, "too many requests: " + said, "wait a little");
        }
        // Servers of the original kind pass on the text of their database library.
        if (status == 404 || code.endsWith("_not_found") || message.contains("record not found")) {
            return new Failure(ExitCode.NOT_FOUND, said, "");
        }
        return new Failure(ExitCode.REFUSED, said, status >= 500 ? "see the server's log" : "");
    }

    private static boolean isAboutCredential(String code) {
        return switch (code.toLowerCase(Locale.ROOT)) {
            case "not_logged_in",
                    "access_token_invalid",
                    "user_header_missing",
                    "user_header_invalid",
                    "user_header_mismatch",
                    "user_disabled",
                    "login_failed" -> true;
            default -> false;
        };
    }

    private Failure timedOut() {
        return new Failure(
                ExitCode.UNREACHABLE,
                "no answer from " + base + " within " + timeout.toMillis() + " ms",
                "it may have been done all the same; --timeout waits longer");
    }

    private static Failure unreachable(String message) {
        return new Failure(ExitCode.UNREACHABLE, message, "check --url or NEWAPI_URL");
    }

    private static String reason(@Nullable Throwable cause) {
        if (cause == null) {
            return "unknown reason";
        }
        String message = cause.getMessage();
        if (cause instanceof java.net.ConnectException) {
            return "connection refused or host unknown";
        }
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}

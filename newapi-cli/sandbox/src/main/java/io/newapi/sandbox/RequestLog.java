package io.newapi.sandbox;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The last requests and what became of them. Thread-safe. */
final class RequestLog {

    private static final int MOST_BODY_BYTES = 1 << 16;
    private static final Set<String> SECRET_HEADERS =
            Set.of("authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie", "proxy-authorization");

    /** Google takes its key in the query. */
    private static final Pattern SECRET_PARAMETER = Pattern.compile("([?&](?:key|access_token)=)([^&#]*)");

    private final int remembered;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private long numbers;
    private long received;

    RequestLog(int remembered) {
        this.remembered = remembered;
    }

    /** Opens an entry for a request whose body was read. */
    Entry open(HttpServerRequest request, Buffer body) {
        synchronized (entries) {
            Entry entry = new Entry(++numbers, request, body);
            received++;
            count(Outcome.ACTIVE, 1);
            if (remembered > 0) {
                if (entries.size() == remembered) {
                    entries.removeFirst();
                }
                entries.addLast(entry);
            }
            return entry;
        }
    }

    List<ReceivedRequest> requests() {
        synchronized (entries) {
            List<ReceivedRequest> list = new ArrayList<>(entries.size());
            entries.forEach(entry -> list.add(entry.snapshot()));
            return Collections.unmodifiableList(list);
        }
    }

    Counts counts() {
        synchronized (entries) {
            return new Counts(
                    received,
                    counted(Outcome.ACTIVE),
                    counted(Outcome.ANSWERED),
                    counted(Outcome.REFUSED),
                    counted(Outcome.FAULTED),
                    counted(Outcome.CLIENT_GONE));
        }
    }

    /** Forgets requests and counts; requests still being answered stay counted as active. */
    void clear() {
        synchronized (entries) {
            entries.clear();
            received = 0;
            outcomes.keySet().removeIf(outcome -> outcome != Outcome.ACTIVE);
        }
    }

    private void count(Outcome outcome, long change) {
        outcomes.merge(outcome, change, Long::sum);
    }

    private long counted(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    private static String shown(String name, String value) {
        if (!SECRET_HEADERS.contains(name)) {
            return value;
        }
        return value.startsWith("Bearer ")
                ? "Bearer " + Fingerprint.of(value.substring("Bearer ".length()))
                : Fingerprint.of(value);
    }

    /** A copy of as much of a body as is shown: the rest may be a thousand times that, and would be kept for nothing. */
    static Buffer beginning(Buffer body) {
        return body.getBuffer(0, Math.min(body.length(), MOST_BODY_BYTES));
    }

    /** One request: written by the event loop that answers it, read by anybody under the log's lock. */
    final class Entry {

        private final long number;
        private final String method;
        private final String path;
        private final MultiMap headers;
        private final Buffer body;
        private Outcome outcome = Outcome.ACTIVE;
        private volatile long chunks;

        private Entry(long number, HttpServerRequest request, Buffer body) {
            this.number = number;
            this.method = request.method().name();
            this.path = SECRET_PARAMETER
                    .matcher(request.uri())
                    .replaceAll(secret -> secret.group(1) + Fingerprint.of(secret.group(2)));
            this.headers = request.headers();
            this.body = beginning(body);
        }

        long number() {
            return number;
        }

        void wrote(long contentChunks) {
            chunks = contentChunks;
        }

        /** The first outcome stands; later ones are consequences of it. */
        void became(Outcome end) {
            synchronized (entries) {
                if (outcome == Outcome.ACTIVE) {
                    outcome = end;
                    count(Outcome.ACTIVE, -1);
                    count(end, 1);
                }
            }
        }

        private ReceivedRequest snapshot() {
            Map<String, String> shown = new LinkedHashMap<>();
            for (Map.Entry<String, String> header : headers) {
                String name = header.getKey().toLowerCase(Locale.ROOT);
                shown.merge(name, shown(name, header.getValue()), (first, second) -> first + ", " + second);
            }
            return new ReceivedRequest(
                    number,
                    method,
                    path,
                    Collections.unmodifiableMap(shown),
                    body.toString(StandardCharsets.UTF_8),
                    outcome,
                    chunks);
        }
    }
}

package io.newapi.sandbox;

import java.util.Locale;

/**
 * One accident that an answer can meet, written {@code name} or {@code name:number}.
 *
 * @param kind what happens
 * @param number the kind's number: an HTTP status, content chunks sent before, milliseconds or bytes; 0 where the kind
 *     takes none
 */
public record Fault(Kind kind, long number) {

    /** No accident. */
    public static final Fault NONE = new Fault(Kind.NONE, 0);

    /** The accidents. "Chunk" counts streamed content chunks; an answer in one piece is cut in its middle instead. */
    public enum Kind {
        /** Nothing happens. */
        NONE("none", 0, 0, 0),
        /** An error answer with this HTTP status, 400 to 599. */
        STATUS("status", 503, 400, 599),
        /** The connection closes before anything was answered. */
        RESET_BEFORE_HEADERS("reset-before-headers", 0, 0, 0),
        /** The connection closes after that many chunks. */
        RESET_AFTER_CHUNK("reset-after-chunk", 0, 0, 1_000_000),
        /** The connection closes before the part of a stream that reports usage; without one, before the last part. */
        RESET_BEFORE_USAGE("reset-before-usage", 0, 0, 0),
        /** The connection closes behind the part of a stream that reports usage; without one, behind the last part. */
        RESET_AFTER_USAGE("reset-after-usage", 0, 0, 0),
        /** Nothing more comes after that many chunks, until the client goes away. */
        STALL_AFTER_CHUNK("stall-after-chunk", 0, 0, 1_000_000),
        /** One event of broken JSON after that many chunks; the stream then goes on. */
        MALFORMED_AFTER_CHUNK("malformed-after-chunk", 0, 0, 1_000_000),
        /** Bytes after that many chunks that are no frame and no text; the stream then goes on. */
        BAD_FRAME_AFTER_CHUNK("bad-frame-after-chunk", 0, 0, 1_000_000),
        /** An error object as an event after that many chunks; the stream then ends without its last event. */
        ERROR_EVENT_AFTER_CHUNK("error-event-after-chunk", 0, 0, 1_000_000),
        /** Usage is never reported. */
        NO_USAGE("no-usage", 0, 0, 0),
        /** Usage is reported as nought. */
        ZERO_USAGE("zero-usage", 0, 0, 0),
        /** A stream that ends without its last event: {@code [DONE]}, {@code message_stop}, {@code response.completed}. */
        NO_DONE("no-done", 0, 0, 0),
        /** One content chunk of that many bytes before all others. */
        HUGE_LINE("huge-line", 1 << 20, 1, 128 << 20),
        /** Content, or blanks behind half of an answer in one piece, until the client goes away. */
        ENDLESS("endless", 0, 0, 0),
        /** The right answer under the content type of a web page. */
        WRONG_CONTENT_TYPE("wrong-content-type", 0, 0, 0),
        /** A redirection with this HTTP status to another path of the sandbox. */
        REDIRECT("redirect", 302, 301, 308),
        /** The response head comes that many milliseconds after the latency, and then everything is as usual. */
        SLOW_HEADERS("slow-headers", 30_000, 0, 3_600_000);

        private final String text;
        private final long standard;
        private final long least;
        private final long most;

        Kind(String text, long standard, long least, long most) {
            this.text = text;
            this.standard = standard;
            this.least = least;
            this.most = most;
        }

        /** The name used in options and requests. */
        public String text() {
            return text;
        }
    }

    /** @throws IllegalArgumentException if the number is outside the kind's range */
    public Fault {
        if (number < kind.least || number > kind.most) {
            throw new IllegalArgumentException(
                    "fault " + kind.text + " takes a number from " + kind.least + " to " + kind.most + ": " + number);
        }
    }

    /**
     * Reads {@code name} or {@code name:number}; a missing number takes the kind's usual one.
     *
     * @throws IllegalArgumentException if the name is unknown or the number is not one
     */
    public static Fault parse(String text) {
        String trimmed = text.trim().toLowerCase(Locale.ROOT);
        int colon = trimmed.indexOf(':');
        String name = colon < 0 ? trimmed : trimmed.substring(0, colon);
        for (Kind kind : Kind.values()) {
            if (kind.text.equals(name)) {
                return new Fault(kind, colon < 0 ? kind.standard : number(text, trimmed.substring(colon + 1)));
            }
        }
        throw new IllegalArgumentException("unknown fault: " + text);
    }

    /** Whether this is the accident {@code other}. */
    boolean is(Kind other) {
        return kind == other;
    }

    /** The content type of an answer that would be {@code right}. */
    String contentType(String right) {
        return is(Kind.WRONG_CONTENT_TYPE) ? "text/html; charset=utf-8" : right;
    }

    private static long number(String text, String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number after the colon of fault: " + text, e);
        }
    }

    @Override
    public String toString() {
        return kind.most == 0 ? kind.text : kind.text + ":" + number;
    }
}

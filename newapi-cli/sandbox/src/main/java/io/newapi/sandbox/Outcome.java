package io.newapi.sandbox;

import java.util.Locale;

/** How far the answer to a request has come. */
public enum Outcome {
    /** Still being answered. */
    ACTIVE,
    /** Answered as asked; recorded just before the last byte is written. */
    ANSWERED,
    /** Refused: unknown path, wrong key, unreadable request. */
    REFUSED,
    /** Met its fault. An answer that stalls stays active until the client goes away. */
    FAULTED,
    /** The client went away before the end. */
    CLIENT_GONE;

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

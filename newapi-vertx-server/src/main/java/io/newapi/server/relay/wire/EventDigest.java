package io.newapi.server.relay.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * What is kept of an event that is too long to be held: its JSON without long texts, and without the beginnings of lists that are
 * long all the same. Pictures and sounds go, why the answer ended and what it took stays. At most {@value #MAX_BYTES} bytes.
 * Confined to one thread.
 */
final class EventDigest {

    /** The most that is kept. */
    static final int MAX_BYTES = 32 * 1024;

    /** What a list leaves to what comes behind it, and one inside of it to what comes behind that. */
    private static final int BEHIND_LISTS_BYTES = 4 * 1024;

    private static final int MOST_RESERVES = 4;

    /** A text that is longer is not kept: more than any name or reason that is looked for. */
    private static final int LONGEST_TEXT_BYTES = 1024;

    /** Written text has a blank at least so often, and Base64 has none. */
    private static final int LONGEST_WORD_BYTES = 256;

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

    private enum Place {
        LINE_START,
        JSON,
        OTHER_FIELD
    }

    /** A list that is open, and kept so far. */
    private record OpenList(int start, int depth) {}

    private static final int NOTHING = -1;

    private final byte[] kept = new byte[MAX_BYTES];
    private final Deque<OpenList> lists = new ArrayDeque<>();

    private Place place = Place.LINE_START;
    private int matched;
    private int length;
    private int depth;

    /** The depth of the list whose rest is left out. */
    private int leftOut = NOTHING;

    private boolean broken;

    private boolean inText;
    private boolean escaped;
    private int textStart;
    private int textBytes;
    private int sinceBlank;
    private int longestWord;
    private long writtenBytes;

    /** Looks at the next bytes of the event, as they stand in the stream. */
    void feed(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte next = bytes[i];
            if (next == '\n' || next == '\r') {
                place = Place.LINE_START;
                matched = 0;
            } else if (place == Place.LINE_START) {
                begin(next);
            } else if (place == Place.JSON) {
                json(next);
            }
        }
    }

    /** The JSON that is kept; nothing that can be read if the event is not whole, or too strange. */
    byte[] json() {
        return broken || inText || depth != 0 ? new byte[0] : Arrays.copyOf(kept, length);
    }

    /** How many bytes of written text were left out. */
    long writtenBytes() {
        return writtenBytes + (inText ? written() : 0);
    }

    private void begin(byte next) {
        if (next != DATA[matched]) {
            place = Place.OTHER_FIELD;
        } else if (++matched == DATA.length) {
            place = Place.JSON;
        }
    }

    private void json(byte next) {
        if (inText) {
            text(next);
            return;
        }
        switch (next) {
            case '"' -> beginText();
            case '{' -> {
                depth++;
                keep(next);
            }
            case '[' -> {
                depth++;
                keep(next);
                if (keeps()) {
                    lists.push(new OpenList(length, depth));
                }
            }
            case '}' -> {
                depth--;
                keep(next);
            }
            case ']' -> endList();
            default -> keep(next);
        }
    }

    private void endList() {
        if (depth == leftOut) {
            leftOut = NOTHING;
        }
        if (keeps()) {
            lists.poll();
        }
        keep((byte) ']');
        depth--;
    }

    private void beginText() {
        inText = true;
        keep((byte) '"');
        textStart = length;
        textBytes = 0;
        sinceBlank = 0;
        longestWord = 0;
    }

    private void text(byte next) {
        boolean ends = next == '"' && !escaped;
        escaped = next == '\\' && !escaped;
        if (ends) {
            writtenBytes += written();
            inText = false;
            keep(next);
            return;
        }
        textBytes++;
        sinceBlank = next == ' ' ? 0 : sinceBlank + 1;
        longestWord = Math.max(longestWord, sinceBlank);
        if (textBytes <= LONGEST_TEXT_BYTES) {
            keep(next);
        } else if (textBytes == LONGEST_TEXT_BYTES + 1 && keeps()) {
            // all of it goes: a part might end inside a character
            length = textStart;
        }
    }

    private int written() {
        return textBytes > LONGEST_TEXT_BYTES && longestWord < LONGEST_WORD_BYTES ? textBytes : 0;
    }

    private boolean keeps() {
        return leftOut == NOTHING && !broken;
    }

    private void keep(byte next) {
        if (keeps() && length >= MAX_BYTES - BEHIND_LISTS_BYTES * Math.min(lists.size(), MOST_RESERVES)) {
            makeRoom();
        }
        if (keeps()) {
            kept[length++] = next;
        }
    }

    /** Of the list that was opened last nothing stays but its two brackets. */
    private void makeRoom() {
        OpenList last = lists.peek();
        if (last == null) {
            broken = true;
        } else {
            length = last.start();
            leftOut = last.depth();
        }
    }
}

package io.newapi.server.relay.wire.chat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Waits for the events of a stream to be whole. Confined to one thread. */
final class WholeEvents {

    /** The longest event that is waited for: a picture in it may be as long. */
    private static final int MAX_EVENT_BYTES = 16 * 1024 * 1024;

    /**
     * An event.
     *
     * @param text all of it, with the blank line behind it
     * @param name empty if it has none
     * @param data its lines of data, put together; empty if it has none, as a comment
     */
    record Event(String text, String name, String data) {

        static Event of(String text) {
            String name = "";
            StringBuilder data = new StringBuilder();
            for (String line : text.split("\r?\n", -1)) {
                if (line.startsWith("event:")) {
                    name = line.substring("event:".length()).strip();
                } else if (line.startsWith("data:")) {
                    data.append(data.isEmpty() ? "" : "\n")
                            .append(line.substring("data:".length()).strip());
                }
            }
            return new Event(text, name, data.toString());
        }

        /** Whether it is the last one of a chat completion. */
        boolean isDone() {
            return data.equals("[DONE]");
        }
    }

    private Buffer held = Buffer.buffer();
    private int newlines;
    private boolean tooLong;

    /** The events that are whole with this. */
    List<Event> feed(Buffer events) {
        List<Event> whole = new ArrayList<>();
        int start = 0;
        int from = held.length();
        held.appendBuffer(events);
        for (int i = from; i < held.length(); i++) {
            byte b = held.getByte(i);
            if (b == '\n') {
                newlines++;
            } else if (b != '\r') {
                newlines = 0;
            }
            if (newlines == 2) {
                newlines = 0;
                if (!tooLong) {
                    whole.add(Event.of(held.getString(start, i + 1)));
                }
                tooLong = false;
                start = i + 1;
            }
        }
        tooLong |= held.length() - start > MAX_EVENT_BYTES;
        held = tooLong ? Buffer.buffer() : start == 0 ? held : held.getBuffer(start, held.length());
        return whole;
    }

    /** How many bytes are held of one that is not. */
    int heldBytes() {
        return held.length();
    }

    /** Whether one is so long that it is not waited for. */
    boolean tooLong() {
        return tooLong;
    }
}

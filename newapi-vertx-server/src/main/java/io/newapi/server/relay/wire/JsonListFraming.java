package io.newapi.server.relay.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * One JSON list whose elements are the data of the events, as Google's API streams where it is not asked for events. Comments are
 * left out: lists have none.
 */
final class JsonListFraming implements Framing {

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

    private enum Place {
        AT_LINE,
        IN_DATA,
        IN_OTHER
    }

    private Place place = Place.AT_LINE;
    private int matched;
    private boolean any;

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public Buffer of(Buffer events) {
        Buffer list = Buffer.buffer(events.length());
        for (int i = 0; i < events.length(); i++) {
            byte next = events.getByte(i);
            if (next == '\n') {
                place = Place.AT_LINE;
                matched = 0;
            } else if (place == Place.AT_LINE) {
                begin(next, list);
            } else if (place == Place.IN_DATA && next != '\r') {
                list.appendByte(next);
            }
        }
        return list;
    }

    private void begin(byte next, Buffer list) {
        if (next != DATA[matched]) {
            place = Place.IN_OTHER;
        } else if (++matched == DATA.length) {
            place = Place.IN_DATA;
            list.appendString(any ? ",\r\n" : "[");
            any = true;
        }
    }

    /** White space means nothing in a list, wherever it stands between two elements. */
    @Override
    public Buffer ping(WireFormat format) {
        return Buffer.buffer("\n");
    }

    @Override
    public Buffer end() {
        return Buffer.buffer(any ? "]" : "[]");
    }
}

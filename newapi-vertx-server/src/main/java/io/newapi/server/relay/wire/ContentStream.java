package io.newapi.server.relay.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The bytes of a body, one after the other. Not thread-safe. */
final class ContentStream extends InputStream {

    private final Content content;
    private int position;

    ContentStream(Content content) {
        this.content = content;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int at, int count) throws IOException {
        int most = Math.min(count, content.length() - position);
        if (most <= 0) {
            return count == 0 ? 0 : -1;
        }
        try {
            content.read(position, into, at, most);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        position += most;
        return most;
    }
}

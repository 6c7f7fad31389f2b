package io.newapi.cli.command;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads a stream line by line, each of bounded length. Not thread-safe. */
final class LineReader {

    /** Of a longer line only the length is known. */
    static final int MOST_BYTES = 1 << 20;

    private final BufferedInputStream in;
    private byte[] bytes = new byte[4096];
    private int length;
    private boolean tooLong;
    private long number;

    LineReader(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /** Goes to the next line; false at the end. */
    boolean next() throws IOException {
        length = 0;
        tooLong = false;
        int read = in.read();
        if (read < 0) {
            return false;
        }
        number++;
        while (read >= 0 && read != '\n') {
            append((byte) read);
            read = in.read();
        }
        return true;
    }

    private void append(byte value) {
        if (length == MOST_BYTES) {
            tooLong = true;
            return;
        }
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(2 * length, MOST_BYTES));
        }
        bytes[length++] = value;
    }

    /** Which line this is, counted from 1. */
    long number() {
        return number;
    }

    boolean isTooLong() {
        return tooLong;
    }

    boolean isBlank() {
        for (int i = 0; i < length; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    /** Its bytes, without the line end. */
    byte[] line() {
        return Arrays.copyOf(bytes, length);
    }
}

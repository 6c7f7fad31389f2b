package io.newapi.server.relay.wire;

import java.nio.charset.Charset;

/**
 * Looks at any of the bytes of a body, of which it holds no more than a window at a time where they do not lie in memory. Not
 * thread-safe.
 */
final class ContentWindow {

    private static final int WINDOW_BYTES = 64 * 1024;

    private final Content content;
    private final byte[] window;
    private int start;
    private int end;

    ContentWindow(Content content) {
        this.content = content;
        if (content.inMemory()) {
            window = content.bytes();
            end = window.length;
        } else {
            window = new byte[Math.min(WINDOW_BYTES, content.length())];
        }
    }

    int length() {
        return content.length();
    }

    /** The byte at {@code at}, which must be one of the body's. */
    byte at(int at) {
        if (at < start || at >= end) {
            move(at);
        }
        return window[at - start];
    }

    /** Those from {@code from} to before {@code to}, as text. */
    String text(int from, int to, Charset charset) {
        byte[] bytes = new byte[to - from];
        content.read(from, bytes, 0, bytes.length);
        return new String(bytes, charset);
    }

    /** Whether {@code text} stands at {@code at}. */
    boolean startsWith(byte[] text, int at) {
        if (at + text.length > length()) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (at(at + i) != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** Where the text begins, from {@code from} on and ending before {@code to}; -1 if nowhere. */
    int indexOf(byte[] text, int from, int to) {
        for (int i = from; i + text.length <= to; i++) {
            if (at(i) == text[0] && startsWith(text, i)) {
                return i;
            }
        }
        return -1;
    }

    /** A little of what came before stays, for whoever looks back after he has looked ahead. */
    private void move(int at) {
        start = Math.max(0, Math.min(at - window.length / 8, length() - window.length));
        end = start + window.length;
        content.read(start, window, 0, window.length);
    }
}

package io.newapi.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/** A large form that is made while it is sent, and never held. */
final class LargeBodies {

    static final String TYPE = "multipart/form-data; boundary=" + Form.BOUNDARY;
    private static final byte[] BLOCK = block();

    private final byte[] head;
    private final int blocks;
    private final byte[] tail;

    private LargeBodies(byte[] head, int blocks, byte[] tail) {
        this.head = head;
        this.blocks = blocks;
        this.tail = tail;
    }

    /** Sound to be written down, with about so many bytes; its model stands in front of it. */
    static LargeBodies form(String model, int bytes) {
        String around = Form.of("model", model).file("file", "a.mp3", "\u0000").text();
        int at = around.indexOf('\u0000');
        return new LargeBodies(
                around.substring(0, at).getBytes(UTF_8),
                bytes / BLOCK.length,
                around.substring(at + 1).getBytes(UTF_8));
    }

    /** The same without its end. */
    LargeBodies damaged() {
        return new LargeBodies(head, blocks, new byte[0]);
    }

    int length() {
        return head.length + blocks * BLOCK.length + tail.length;
    }

    /** Hands it over in pieces. */
    void to(Consumer<byte[]> sink) {
        sink.accept(head);
        for (int i = 0; i < blocks; i++) {
            sink.accept(BLOCK);
        }
        sink.accept(tail);
    }

    /** The length of all its bytes, and their checksum. */
    String sum() {
        CRC32C sum = new CRC32C();
        to(sum::update);
        return length() + " bytes " + Long.toHexString(sum.getValue());
    }

    private static byte[] block() {
        byte[] block = new byte[64 * 1024];
        new Random(5).nextBytes(block);
        return block;
    }
}

package io.newapi.server.cluster;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What one node tells the others at once.
 *
 * <pre>
 *   16 bytes  sender, random for each run of a node
 *    8 bytes  number, from 1, one more with each frame of the sender; a sign of life has that of the frame before
 *    2 bytes  length of the address
 *    ...      address, UTF-8; empty for a sign of life
 *    ...      body
 * </pre>
 *
 * @param sender 32 hexadecimal digits
 */
record Frame(String sender, long number, String address, Buffer body) {

    private static final int SENDER_BYTES = 16;
    private static final int HEAD_BYTES = SENDER_BYTES + 8 + 2;

    /** Whether it says nothing but how much was said. */
    boolean isLifeSign() {
        return address.isEmpty();
    }

    byte[] bytes() {
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        return Buffer.buffer(HEAD_BYTES + name.length + body.length())
                .appendBytes(HexFormat.of().parseHex(sender))
                .appendLong(number)
                .appendUnsignedShort(name.length)
                .appendBytes(name)
                .appendBuffer(body)
                .getBytes();
    }

    /** The frame that these bytes are; empty if they are none. */
    static Optional<Frame> of(byte[] bytes) {
        Buffer buffer = Buffer.buffer(bytes);
        if (buffer.length() < HEAD_BYTES) {
            return Optional.empty();
        }
        int name = buffer.getUnsignedShort(SENDER_BYTES + 8);
        if (buffer.length() < HEAD_BYTES + name) {
            return Optional.empty();
        }
        return Optional.of(new Frame(
                HexFormat.of().formatHex(buffer.getBytes(0, SENDER_BYTES)),
                buffer.getLong(SENDER_BYTES),
                buffer.getString(HEAD_BYTES, HEAD_BYTES + name, "UTF-8"),
                buffer.getBuffer(HEAD_BYTES + name, buffer.length())));
    }
}

package io.newapi.server.cluster;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What one node says at once. Everybody hears everything; what is said to one is let pass by the others.
 *
 * <pre>
 *   16 bytes  sender, random for each run of a node
 *    8 bytes  number, from 1, one more with each frame of the sender; a sign of life has that of the frame before
 *    1 byte   purpose
 *   16 bytes  to whom; zeros where it is for all
 *    8 bytes  the question that is asked or answered, a number of who asks; otherwise zero
 *    2 bytes  length of the address
 *    ...      address, UTF-8; empty for a sign of life and for an answer
 *    ...      body
 * </pre>
 *
 * @param sender 32 hexadecimal digits
 * @param target likewise
 */
record Frame(String sender, long number, Purpose purpose, String target, long question, String address, Buffer body) {

    /** The target of what is for all. */
    static final String ALL = "0".repeat(32);

    private static final int ID_BYTES = 16;
    private static final int PURPOSE_AT = ID_BYTES + 8;
    private static final int TARGET_AT = PURPOSE_AT + 1;
    private static final int QUESTION_AT = TARGET_AT + ID_BYTES;
    private static final int LENGTH_AT = QUESTION_AT + 8;
    private static final int HEAD_BYTES = LENGTH_AT + 2;

    /** What a frame is for. */
    enum Purpose {
        /** Says nothing but how much was said. */
        LIFE_SIGN(0),
        /** Something that all should know. */
        TELL(1),
        /** One node wants an answer of another. */
        ASK(2),
        /** That answer. */
        ANSWER(3),
        /** Why there is no answer. */
        FAILURE(4);

        private final byte code;

        Purpose(int code) {
            this.code = (byte) code;
        }

        private static Optional<Purpose> of(byte code) {
            return Arrays.stream(values())
                    .filter(purpose -> purpose.code == code)
                    .findFirst();
        }
    }

    static Frame lifeSign(String sender, long number) {
        return new Frame(sender, number, Purpose.LIFE_SIGN, ALL, 0, "", Buffer.buffer());
    }

    static Frame tell(String sender, long number, String address, Buffer body) {
        return new Frame(sender, number, Purpose.TELL, ALL, 0, address, body);
    }

    boolean isLifeSign() {
        return purpose == Purpose.LIFE_SIGN;
    }

    /** How many bytes it has. */
    int length() {
        return HEAD_BYTES + address.getBytes(StandardCharsets.UTF_8).length + body.length();
    }

    byte[] bytes() {
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        return Buffer.buffer(HEAD_BYTES + name.length + body.length())
                .appendBytes(HexFormat.of().parseHex(sender))
                .appendLong(number)
                .appendByte(purpose.code)
                .appendBytes(HexFormat.of().parseHex(target))
                .appendLong(question)
                .appendUnsignedShort(name.length)
                .appendBytes(name)
                .appendBuffer(body)
                .getBytes();
    }

    /** The frame that these bytes are; empty if they are none, or one of a later version. */
    static Optional<Frame> of(byte[] bytes) {
        Buffer buffer = Buffer.buffer(bytes);
        if (buffer.length() < HEAD_BYTES) {
            return Optional.empty();
        }
        int name = buffer.getUnsignedShort(LENGTH_AT);
        if (buffer.length() < HEAD_BYTES + name) {
            return Optional.empty();
        }
        return Purpose.of(buffer.getByte(PURPOSE_AT))
                .map(purpose -> new Frame(
                        HexFormat.of().formatHex(buffer.getBytes(0, ID_BYTES)),
                        buffer.getLong(ID_BYTES),
                        purpose,
                        HexFormat.of().formatHex(buffer.getBytes(TARGET_AT, QUESTION_AT)),
                        buffer.getLong(QUESTION_AT),
                        buffer.getString(HEAD_BYTES, HEAD_BYTES + name, "UTF-8"),
                        buffer.getBuffer(HEAD_BYTES + name, buffer.length())));
    }
}

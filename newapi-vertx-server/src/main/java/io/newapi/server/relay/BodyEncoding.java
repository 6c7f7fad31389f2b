package io.newapi.server.relay;

import io.airlift.compress.zstd.ZstdInputStream;
import io.newapi.server.relay.wire.RelayError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.brotli.dec.BrotliInputStream;

/** How a client may encode the body of its request ({@code Content-Encoding}, RFC 9110 8.4). */
enum BodyEncoding {
    /** RFC 1952. */
    GZIP("gzip", "x-gzip") {
        @Override
        InputStream open(byte[] encoded) throws IOException {
            return new GZIPInputStream(new ByteArrayInputStream(encoded), STEP_BYTES);
        }
    },

    /** RFC 1950, and RFC 1951 without its frame, as some clients understand it. */
    DEFLATE("deflate") {
        @Override
        InputStream open(byte[] encoded) {
            return new InflaterInputStream(new ByteArrayInputStream(encoded), new Inflater(!isFramed(encoded))) {
                @Override
                public void close() throws IOException {
                    super.close();
                    inf.end();
                }
            };
        }
    },

    /** RFC 7932. */
    BROTLI("br") {
        @Override
        InputStream open(byte[] encoded) throws IOException {
            return new BrotliInputStream(new ByteArrayInputStream(encoded));
        }
    },

    /** RFC 8878. */
    ZSTD("zstd") {
        @Override
        InputStream open(byte[] encoded) {
            return new ZstdInputStream(new ByteArrayInputStream(encoded));
        }
    };

    /** What a client may be told of all of them. */
    static final String ALL = "gzip, deflate, br, zstd";

    private static final int STEP_BYTES = 16 * 1024;

    private final String text;
    private final String oldName;

    BodyEncoding(String name) {
        this(name, name);
    }

    BodyEncoding(String name, String oldName) {
        this.text = name;
        this.oldName = oldName;
    }

    /** The one of this name, in any case; empty if there is none. */
    static Optional<BodyEncoding> of(String name) {
        for (BodyEncoding encoding : values()) {
            String named = name.strip();
            if (named.equalsIgnoreCase(encoding.text) || named.equalsIgnoreCase(encoding.oldName)) {
                return Optional.of(encoding);
            }
        }
        return Optional.empty();
    }

    abstract InputStream open(byte[] encoded) throws IOException;

    /**
     * The body itself. May be called by any thread; takes a while.
     *
     * @param memory pays for the room
     * @param maxBytes the most that the body may have; a few encoded bytes may stand for very many
     * @throws RelayFailure if it is not so encoded, has more bytes, or there is no room
     */
    byte[] decode(byte[] encoded, BodyMemory.Share memory, long maxBytes) {
        try (InputStream in = open(encoded)) {
            return read(in, memory, maxBytes);
        } catch (RelayFailure e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // decoders of others tell damage in many ways
            throw new RelayFailure(RelayError.badRequest(
                    "invalid_encoding", "", "the body is not what its Content-Encoding says: " + text));
        }
    }

    private static byte[] read(InputStream in, BodyMemory.Share memory, long maxBytes) throws IOException {
        byte[] bytes = new byte[0];
        int length = 0;
        while (true) {
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, more(bytes.length, memory, maxBytes));
            }
            int read = in.read(bytes, length, bytes.length - length);
            if (read < 0) {
                return Arrays.copyOf(bytes, length);
            }
            length += read;
            if (length > maxBytes) {
                throw new RelayFailure(RequestBody.tooLarge(maxBytes));
            }
        }
    }

    /** One byte more than may come has to fit in, or it would not be noticed. */
    private static int more(int room, BodyMemory.Share memory, long maxBytes) {
        int next = (int) Math.min(Math.max(STEP_BYTES, 2L * room), Math.min(maxBytes + 1, Integer.MAX_VALUE - 8));
        if (!memory.take(next - room)) {
            throw new RelayFailure(Refusals.noMemory());
        }
        return next;
    }

    /** Whether it begins as RFC 1950 says: the method, and a check of both bytes. */
    private static boolean isFramed(byte[] encoded) {
        return encoded.length >= 2
                && (encoded[0] & 0x0f) == 8
                && ((encoded[0] & 0xff) << 8 | (encoded[1] & 0xff)) % 31 == 0;
    }
}

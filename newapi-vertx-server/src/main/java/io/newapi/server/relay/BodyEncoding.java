package io.newapi.server.relay;

import io.airlift.compress.zstd.ZstdInputStream;
import io.newapi.server.relay.wire.Content;
import io.newapi.server.relay.wire.RelayError;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
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
        InputStream open(InputStream encoded) throws IOException {
            return new GZIPInputStream(encoded, STEP_BYTES);
        }
    },

    /** RFC 1950, and RFC 1951 without its frame, as some clients understand it. */
    DEFLATE("deflate") {
        @Override
        InputStream open(InputStream encoded) throws IOException {
            BufferedInputStream ahead = new BufferedInputStream(encoded, STEP_BYTES);
            ahead.mark(2);
            boolean framed = isFramed(ahead.readNBytes(2));
            ahead.reset();
            return new InflaterInputStream(ahead, new Inflater(!framed)) {
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
        InputStream open(InputStream encoded) throws IOException {
            return new BrotliInputStream(encoded);
        }
    },

    /** RFC 8878. */
    ZSTD("zstd") {
        @Override
        InputStream open(InputStream encoded) {
            return new ZstdInputStream(encoded);
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

    abstract InputStream open(InputStream encoded) throws IOException;

    /**
     * The body itself. May be called by any thread; takes a while.
     *
     * @param into gathers it within its bounds: a few encoded bytes may stand for very many
     * @throws RelayFailure if it is not so encoded, or there is no room for it
     */
    Content decode(Content encoded, BodyGathering into) {
        try (InputStream in = open(encoded.open())) {
            byte[] step = new byte[STEP_BYTES];
            for (int read = in.read(step); read >= 0; read = in.read(step)) {
                into.add(step, read);
            }
            return into.whole();
        } catch (RelayFailure e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // decoders of others tell damage in many ways
            throw new RelayFailure(RelayError.badRequest(
                    "invalid_encoding", "", "the body is not what its Content-Encoding says: " + text));
        }
    }

    /** Whether it begins as RFC 1950 says: the method, and a check of both bytes. */
    private static boolean isFramed(byte[] encoded) {
        return encoded.length >= 2
                && (encoded[0] & 0x0f) == 8
                && ((encoded[0] & 0xff) << 8 | (encoded[1] & 0xff)) % 31 == 0;
    }
}

package io.newapi.server.admin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * An answer as it goes out: with its text in the reader's language, and compressed if that helps and the reader can undo it.
 * Immutable.
 *
 * @param headers those of the answer, and what the compression needs
 */
public record Rendered(int status, Map<String, String> headers, Buffer body) {

    /** Shorter answers are sent as they are. */
    static final int LEAST_COMPRESSED = 1024;

    /** Copies the headers. */
    public Rendered {
        headers = Map.copyOf(headers);
    }

    /** As text, for {@link #decoded}. */
    public String encoded() {
        return new JsonObject()
                .put("status", status)
                .put("headers", new JsonObject(new TreeMap<String, Object>(headers)))
                .put("body", body)
                .encode();
    }

    /**
     * What {@link #encoded} was made of.
     *
     * @throws RuntimeException if it is not such a text
     */
    public static Rendered decoded(String text) {
        JsonObject json = new JsonObject(text);
        Map<String, String> headers = new TreeMap<>();
        json.getJsonObject("headers")
                .forEach(header -> headers.put(header.getKey(), String.valueOf(header.getValue())));
        return new Rendered(json.getInteger("status"), headers, json.getBuffer("body"));
    }

    /** @param acceptEncoding the reader's header, "" if there is none */
    static Rendered of(Answer answer, Messages messages, String language, String acceptEncoding) {
        byte[] json = Json.bytes(answer.render(messages, language));
        if (json.length < LEAST_COMPRESSED) {
            return new Rendered(answer.status(), answer.headers(), Buffer.buffer(json));
        }
        Map<String, String> headers = new TreeMap<>(answer.headers());
        headers.put("Vary", "Accept-Encoding");
        if (!acceptsGzip(acceptEncoding)) {
            return new Rendered(answer.status(), headers, Buffer.buffer(json));
        }
        headers.put("Content-Encoding", "gzip");
        return new Rendered(answer.status(), headers, Buffer.buffer(gzip(json)));
    }

    private static boolean acceptsGzip(String acceptEncoding) {
        return Arrays.stream(acceptEncoding.toLowerCase(Locale.ROOT).split(",", -1))
                .map(String::strip)
                .anyMatch(coding -> coding.matches("gzip(\\s*;\\s*q=(1(\\.0*)?|0\\.0*[1-9][0-9]*))?"));
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 4);
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory can always be written to", e);
        }
        return compressed.toByteArray();
    }
}

package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.UUID;

/** A vector of length 1 that only a text and its number of dimensions decide. */
final class Embedding {

    private final float[] values;

    private Embedding(float[] values) {
        this.values = values;
    }

    static Embedding of(String text, int dimensions) {
        UUID digest = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
        SplittableRandom random =
                new SplittableRandom(digest.getMostSignificantBits() ^ digest.getLeastSignificantBits());
        double[] raw = random.doubles(dimensions, -1, 1).toArray();
        double squares = 0;
        for (double value : raw) {
            squares += value * value;
        }
        float[] values = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            values[i] = (float) (raw[i] / Math.sqrt(squares));
        }
        return new Embedding(values);
    }

    JsonArray toJson() {
        JsonArray list = new JsonArray();
        for (float value : values) {
            list.add(value);
        }
        return list;
    }

    /** Single precision, least byte first. */
    String toBase64() {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}

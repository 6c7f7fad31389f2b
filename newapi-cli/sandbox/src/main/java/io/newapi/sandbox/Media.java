package io.newapi.sandbox;

import io.vertx.core.buffer.Buffer;

/** The smallest pictures and sounds that every program can open. */
final class Media {

    /** A picture of one blue dot, as Base64. */
    static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mNwaDgAAAKEAYEYanSHAAAAAElFTkSuQmCC";

    private static final int SAMPLES_PER_SECOND = 24_000;
    private static final int BYTES_PER_SAMPLE = 2;
    private static final int MP3_FRAME_BYTES = 417;

    private Media() {}

    /** Silence of so many tenths of a second as 16-bit samples of one channel. */
    static Buffer pcm(int tenths) {
        return Buffer.buffer(new byte[tenths * SAMPLES_PER_SECOND / 10 * BYTES_PER_SAMPLE]);
    }

    /** The same with the head of a file. */
    static Buffer wav(int tenths) {
        Buffer samples = pcm(tenths);
        return Buffer.buffer("RIFF")
                .appendIntLE(36 + samples.length())
                .appendString("WAVEfmt ")
                .appendIntLE(16)
                .appendShortLE((short) 1)
                .appendShortLE((short) 1)
                .appendIntLE(SAMPLES_PER_SECOND)
                .appendIntLE(SAMPLES_PER_SECOND * BYTES_PER_SAMPLE)
                .appendShortLE((short) BYTES_PER_SAMPLE)
                .appendShortLE((short) (8 * BYTES_PER_SAMPLE))
                .appendString("data")
                .appendIntLE(samples.length())
                .appendBuffer(samples);
    }

    /** Four frames of silence for each tenth of a second: 128 kbit/s, 44.1 kHz, one channel. */
    static Buffer mp3(int tenths) {
        byte[] bytes = new byte[4 * tenths * MP3_FRAME_BYTES];
        for (int i = 0; i < bytes.length; i += MP3_FRAME_BYTES) {
            bytes[i] = (byte) 0xFF;
            bytes[i + 1] = (byte) 0xFB;
            bytes[i + 2] = (byte) 0x90;
            bytes[i + 3] = (byte) 0xC0;
        }
        return Buffer.buffer(bytes);
    }
}

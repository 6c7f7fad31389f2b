package io.newapi.server.relay.wire;

import java.util.List;
import java.util.Locale;

/** What a model does, as far as its name tells: providers do not say it. */
public enum ModelKind {
    /** Turns texts into numbers. */
    EMBEDDING(WireFormat.EMBEDDINGS),

    /** Puts documents in order. */
    RERANK(WireFormat.RERANK),

    /** Judges whether something may be said. */
    MODERATION(WireFormat.MODERATIONS),

    /** Makes images. */
    IMAGE(WireFormat.IMAGES),

    /** Speaks. */
    SPEECH(WireFormat.SPEECH),

    /** Writes down what is said. */
    TRANSCRIPTION(WireFormat.TRANSCRIPTIONS),

    /** Makes conversations shorter. */
    COMPACTION(WireFormat.RESPONSES_COMPACT),

    /** Answers; also whatever has a name that says nothing else. */
    CONVERSATION(WireFormat.CHAT);

    private static final List<String> IMAGES = List.of("dall-e", "gpt-image", "imagen-", "flux-", "flux.1-");

    private final WireFormat format;

    ModelKind(WireFormat format) {
        this.format = format;
    }

    /** In which format such a model is called first of all. */
    public WireFormat format() {
        return format;
    }

    /** The kind of a model. */
    public static ModelKind of(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        if (name.endsWith(COMPACTION.format.modelSuffix())) {
            return COMPACTION;
        }
        if (name.contains("rerank")) {
            return RERANK;
        }
        if (name.contains("moderation")) {
            return MODERATION;
        }
        if (name.startsWith("m3e") || name.contains("embed") || name.contains("bge-")) {
            return EMBEDDING;
        }
        if (IMAGES.stream().anyMatch(name::startsWith)) {
            return IMAGE;
        }
        if (name.startsWith("tts-") || name.endsWith("-tts")) {
            return SPEECH;
        }
        if (name.startsWith("whisper") || name.contains("-transcribe")) {
            return TRANSCRIPTION;
        }
        return CONVERSATION;
    }
}

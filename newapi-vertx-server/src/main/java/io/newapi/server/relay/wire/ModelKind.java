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

    /** Answers; also whatever has a name that says nothing else. */
    CONVERSATION(WireFormat.CHAT);

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
        if (name.contains("rerank")) {
            return RERANK;
        }
        if (name.contains("moderation")) {
            return MODERATION;
        }
        if (name.startsWith("m3e") || List.of("embed", "bge-").stream().anyMatch(name::contains)) {
            return EMBEDDING;
        }
        return CONVERSATION;
    }
}

package io.newapi.server.relay.provider;

import io.newapi.server.relay.wire.WireFormat;

/** How the paths of OpenAI's endpoints end, with OpenAI and with whoever copies it (OpenAI API reference). */
final class OpenAiPaths {

    private OpenAiPaths() {}

    /** With a slash in front. */
    static String of(WireFormat format) {
        return switch (format) {
            case CHAT -> "/chat/completions";
            case RESPONSES -> "/responses";
            case RESPONSES_COMPACT -> "/responses/compact";
            case COMPLETIONS -> "/completions";
            case EMBEDDINGS -> "/embeddings";
            case MODERATIONS -> "/moderations";
            case RERANK -> "/rerank";
            case IMAGES -> "/images/generations";
            case IMAGE_EDITS -> "/images/edits";
            case SPEECH -> "/audio/speech";
            case TRANSCRIPTIONS -> "/audio/transcriptions";
            case TRANSLATIONS -> "/audio/translations";
            case REALTIME -> "/realtime";
            case MESSAGES, GEMINI, EMBED_CONTENT, BATCH_EMBED_CONTENTS ->
                throw new IllegalArgumentException(format + " is not OpenAI's");
        };
    }
}

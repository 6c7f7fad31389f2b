package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.Usage;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Meters streamed answers whose events name their type, as OpenAI streams images ({@code image_generation.completed}) and transcripts
 * ({@code transcript.text.done}): the events that end something carry the usage of that.
 */
final class EventMeter extends StreamMeter {

    private final boolean ofImages;
    private final Deltas text;
    private long completed;
    private long made;

    /** Counts deltas of text. */
    private static final class Deltas extends WrittenText {
        Deltas(String model) {
            super(model);
        }
    }

    private EventMeter(Deltas text, boolean ofImages) {
        super(text);
        this.text = text;
        this.ofImages = ofImages;
    }

    static EventMeter ofImages(String model) {
        return new EventMeter(new Deltas(model), true);
    }

    static EventMeter ofTranscripts(String model) {
        return new EventMeter(new Deltas(model), false);
    }

    @Override
    Verdict look(byte[] bytes, int start, int end) {
        String type = "";
        String delta = "";
        Usage usage = null;
        boolean error = false;
        try (JsonParser json = Json.FACTORY.createParser(bytes, start, end - start)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Verdict.PASS;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                switch (name) {
                    case "type" -> type = token == JsonToken.VALUE_STRING ? json.getText() : type;
                    case "delta" -> {
                        delta = token == JsonToken.VALUE_STRING ? json.getText() : delta;
                        json.skipChildren();
                    }
                    case "usage" -> usage = token == JsonToken.START_OBJECT ? usage(json) : usage;
                    case "error" -> error |= UpstreamErrors.says(json);
                    default -> json.skipChildren();
                }
            }
        } catch (IOException e) {
            return Verdict.MALFORMED;
        }
        if (error || type.equals("error")) {
            return Verdict.ERROR;
        }
        if (!delta.isEmpty()) {
            text.piece(delta);
        }
        event(type, usage);
        return Verdict.PASS;
    }

    private @Nullable Usage usage(JsonParser json) throws IOException {
        return ofImages ? UsageReader.read(json, CompletionCount.WITH_REASONING) : UsageReader.readTranscription(json);
    }

    private void event(String type, @Nullable Usage usage) {
        if (type.endsWith(".completed") || type.endsWith(".done")) {
            completed++;
        } else if (type.endsWith(".partial_succeeded")) {
            made++;
        }
        if (usage != null) {
            reported(sum(reported(), usage), true);
        }
    }

    private static Usage sum(@Nullable Usage before, Usage more) {
        return before == null
                ? more
                : Usage.of(
                                sum(before.promptTokens(), more.promptTokens()),
                                sum(before.completionTokens(), more.completionTokens()))
                        .withCachedTokens(sum(before.cachedTokens(), more.cachedTokens()))
                        .withImageTokens(sum(before.imageTokens(), more.imageTokens()));
    }

    private static long sum(long before, long more) {
        return Math.min(before + more, Usage.MAX_COUNT);
    }

    @Override
    MeteredUsage metered(long estimatedPromptTokens) {
        if (!ofImages) {
            return super.metered(estimatedPromptTokens);
        }
        Usage usage = reported();
        long images = Math.max(completed, made);
        if (usage != null && !usage.isZero()) {
            return new MeteredUsage(usage, false, images);
        }
        return images > 0
                ? new MeteredUsage(Usage.of(0, 0), true, images)
                : new MeteredUsage(Usage.of(estimatedPromptTokens, 0), true);
    }

    @Override
    boolean complete() {
        return completed > 0;
    }

    @Override
    Buffer ending(byte[] lastEvent, Ending facts, Usage charged) {
        return Buffer.buffer();
    }
}

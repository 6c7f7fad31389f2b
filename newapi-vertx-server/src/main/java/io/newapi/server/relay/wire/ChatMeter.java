package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.Usage;
import io.newapi.core.pricing.UsageSemantics;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** Meters answers in OpenAI's chat format. */
public final class ChatMeter extends StreamMeter {

    private static final String DONE = "data: [DONE]\n\n";

    private final String object;
    private final boolean usageWanted;
    private final CompletionCount counting;
    private final ChatText text;
    private boolean usagePassedOn;
    private boolean usageChunkSeen;

    /**
     * @param model decides how text is estimated
     * @param usageWanted whether the client wants the chunk that carries nothing but the usage
     * @param counting how the upstream counts
     */
    public ChatMeter(String model, boolean usageWanted, CompletionCount counting) {
        this(new ChatText(model), usageWanted, counting, "chat.completion.chunk");
    }

    /** The same for OpenAI's old completions, which differ in the name of their chunks. */
    static ChatMeter ofCompletions(String model, boolean usageWanted, CompletionCount counting) {
        return new ChatMeter(new ChatText(model), usageWanted, counting, "text_completion");
    }

    private ChatMeter(ChatText text, boolean usageWanted, CompletionCount counting, String object) {
        super(text);
        this.object = object;
        this.text = text;
        this.usageWanted = usageWanted;
        this.counting = counting;
    }

    @Override
    Verdict look(byte[] bytes, int start, int end) {
        Usage reported = null;
        boolean choices = false;
        boolean error = false;
        try (JsonParser json = Json.FACTORY.createParser(bytes, start, end - start)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Verdict.PASS;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                switch (name) {
                    case "choices" -> {
                        text.choices(json);
                        choices = text.lastChoices() > 0;
                    }
                    case "usage" -> {
                        if (token == JsonToken.START_OBJECT) {
                            reported = UsageReader.read(json, counting);
                        } else {
                            json.skipChildren();
                        }
                    }
                    case "error" -> error |= UpstreamErrors.says(json);
                    case "object" ->
                        error |= token == JsonToken.VALUE_STRING
                                && json.getText().equals("error");
                    default -> json.skipChildren();
                }
            }
        } catch (IOException e) {
            return Verdict.MALFORMED;
        }
        if (error) {
            return Verdict.ERROR;
        }
        return reported == null || passes(reported, choices) ? Verdict.PASS : Verdict.DROP;
    }

    /** Takes a report over; false if its chunk carries nothing else, and the client did not ask for it. */
    private boolean passes(Usage report, boolean choices) {
        usageChunkSeen |= !choices;
        boolean isFinal = !choices || text.finished();
        reported(report, isFinal);
        boolean passes = choices || usageWanted;
        usagePassedOn = passes && isFinal;
        return passes;
    }

    @Override
    boolean complete() {
        return text.finished() || (usageChunkSeen && reportIsUpToDate());
    }

    @Override
    Buffer ending(byte[] lastEvent, Ending facts, Usage charged) {
        boolean told = usagePassedOn && reportIsUpToDate();
        Buffer end = usageWanted && !told ? usageChunk(object, facts, charged) : Buffer.buffer();
        return end.appendString(DONE);
    }

    /** A chunk that carries nothing but usage, for a client that wants one when the upstream sent none. */
    static Buffer usageChunk(String object, Ending facts, Usage usage) {
        long prompt = usage.semantics() == UsageSemantics.OPENAI
                ? usage.promptTokens()
                : usage.promptTokens() + usage.cachedTokens() + usage.writtenTokens();
        long total = prompt + usage.completionTokens();
        return Buffer.buffer("data: {\"id\":")
                .appendBytes(JsonText.quote(facts.requestId()))
                .appendString(",\"object\":\"" + object + "\",\"created\":" + facts.createdSeconds() + ",\"model\":")
                .appendBytes(JsonText.quote(facts.model()))
                .appendString(",\"choices\":[],\"usage\":{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":"
                        + usage.completionTokens() + ",\"total_tokens\":" + total + "}}\n\n");
    }
}

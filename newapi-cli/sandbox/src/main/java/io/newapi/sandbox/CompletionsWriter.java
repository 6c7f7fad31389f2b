package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OpenAI's older completions, which are text and nothing else. */
final class CompletionsWriter implements Writer {

    private final Reply reply;
    private final boolean usageInStream;

    /** @param usageInStream whether a stream ends with a usage chunk */
    CompletionsWriter(Reply reply, boolean usageInStream) {
        this.reply = reply;
        this.usageInStream = usageInStream;
    }

    @Override
    public JsonObject whole() {
        JsonObject whole = chunk(reply.joined(Block.Kind.TEXT), OpenAiFields.finishReason(reply.finish()));
        Usage usage = reply.usage();
        return usage == null ? whole : whole.put("usage", OpenAiFields.usage(usage));
    }

    @Override
    public String open() {
        return "";
    }

    @Override
    public String start(int index, Block block) {
        return "";
    }

    @Override
    public String piece(int index, Block block, String piece) {
        return block.is(Block.Kind.TEXT) ? Sse.data(chunk(piece, null).encode()) : "";
    }

    @Override
    public String stop(int index, Block block) {
        return "";
    }

    @Override
    public List<Ending> ending() {
        List<Ending> ending = new ArrayList<>();
        String reason = OpenAiFields.finishReason(reply.finish());
        ending.add(new Ending(Sse.data(chunk("", reason).encode()), false));
        Usage usage = reply.usage();
        if (usageInStream && usage != null) {
            JsonObject last = head().put("choices", new JsonArray()).put("usage", OpenAiFields.usage(usage));
            ending.add(new Ending(Sse.data(last.encode()), true));
        }
        ending.add(new Ending(Sse.DONE, false));
        return ending;
    }

    @Override
    public String malformed() {
        return Sse.MALFORMED;
    }

    @Override
    public String error(JsonObject error) {
        return Sse.data(error.encode());
    }

    private JsonObject chunk(String text, @Nullable String finishReason) {
        return head().put(
                        "choices",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("text", text)
                                        .put("index", 0)
                                        .putNull("logprobs")
                                        .put("finish_reason", finishReason)));
    }

    private JsonObject head() {
        return new JsonObject()
                .put("id", "cmpl-sandbox-" + reply.number())
                .put("object", "text_completion")
                .put("created", Reply.CREATED_SECONDS)
                .put("model", reply.model());
    }
}

package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OpenAI's chat completions. Reasoning is shown as {@code reasoning_content}, as providers of the format do. */
final class ChatWriter implements Writer {

    private final Reply reply;
    private final boolean usageInStream;
    private final String chunkStart;

    /** @param usageInStream whether a stream ends with a usage chunk */
    ChatWriter(Reply reply, boolean usageInStream) {
        this.reply = reply;
        this.usageInStream = usageInStream;
        String head = head("chat.completion.chunk").encode();
        this.chunkStart = head.substring(0, head.length() - 1) + ",\"choices\":[{\"index\":0,\"delta\":";
    }

    @Override
    public JsonObject whole() {
        JsonObject message = new JsonObject()
                .put("role", "assistant")
                .put("content", reply.has(Block.Kind.TEXT) ? reply.joined(Block.Kind.TEXT) : null);
        if (reply.has(Block.Kind.THINKING)) {
            message.put("reasoning_content", reply.joined(Block.Kind.THINKING));
        }
        JsonArray calls = new JsonArray();
        for (Block block : reply.blocks()) {
            if (block.is(Block.Kind.CALL)) {
                calls.add(call(block, block.whole()));
            }
        }
        if (!calls.isEmpty()) {
            message.put("tool_calls", calls);
        }
        JsonObject choice = new JsonObject()
                .put("index", 0)
                .put("message", message.putNull("refusal"))
                .putNull("logprobs")
                .put("finish_reason", OpenAiFields.finishReason(reply.finish()));
        JsonObject whole = head("chat.completion").put("choices", new JsonArray().add(choice));
        Usage usage = reply.usage();
        return usage == null ? whole : whole.put("usage", OpenAiFields.usage(usage));
    }

    @Override
    public String open() {
        return chunk(new JsonObject().put("role", "assistant").put("content", ""), null);
    }

    @Override
    public String start(int index, Block block) {
        return block.is(Block.Kind.CALL) ? toolChunk(index, call(block, "")) : "";
    }

    @Override
    public String piece(int index, Block block, String piece) {
        return switch (block.kind()) {
            case THINKING -> chunk(new JsonObject().put("reasoning_content", piece), null);
            case TEXT -> chunk(new JsonObject().put("content", piece), null);
            case CALL -> toolChunk(index, new JsonObject().put("function", new JsonObject().put("arguments", piece)));
        };
    }

    @Override
    public String stop(int index, Block block) {
        return "";
    }

    @Override
    public List<Ending> ending() {
        List<Ending> ending = new ArrayList<>();
        ending.add(new Ending(chunk(new JsonObject(), OpenAiFields.finishReason(reply.finish())), false));
        Usage usage = reply.usage();
        if (usageInStream && usage != null) {
            JsonObject chunk = head("chat.completion.chunk")
                    .put("choices", new JsonArray())
                    .put("usage", OpenAiFields.usage(usage));
            ending.add(new Ending(Sse.data(chunk.encode()), true));
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

    private static JsonObject call(Block block, String arguments) {
        return new JsonObject()
                .put("id", block.id())
                .put("type", "function")
                .put("function", new JsonObject().put("name", block.name()).put("arguments", arguments));
    }

    private String toolChunk(int index, JsonObject call) {
        return chunk(
                new JsonObject().put("tool_calls", new JsonArray().add(call.put("index", reply.callIndex(index)))),
                null);
    }

    /** A chunk with one choice; a stream of thousands of chunks builds its common part once. */
    private String chunk(JsonObject delta, @Nullable String finishReason) {
        return Sse.data(chunkStart
                + delta.encode()
                + ",\"logprobs\":null,\"finish_reason\":"
                + (finishReason == null ? "null" : "\"" + finishReason + "\"")
                + (usageInStream ? "}],\"usage\":null}" : "}]}"));
    }

    private JsonObject head(String object) {
        return new JsonObject()
                .put("id", "chatcmpl-sandbox-" + reply.number())
                .put("object", object)
                .put("created", Reply.CREATED_SECONDS)
                .put("model", reply.model());
    }
}

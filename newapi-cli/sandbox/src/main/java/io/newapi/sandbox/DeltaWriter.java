package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;

/**
 * A stream of one kind of event and a last one with usage, as OpenAI sends transcripts, speech and images.
 *
 * @param whole the answer in one piece
 * @param delta the event of one piece
 * @param done the last event
 */
record DeltaWriter(JsonObject whole, Function<String, JsonObject> delta, JsonObject done) implements Writer {

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
        return Sse.typed(delta.apply(piece));
    }

    @Override
    public String stop(int index, Block block) {
        return "";
    }

    @Override
    public List<Ending> ending() {
        return List.of(new Ending(Sse.typed(done), true));
    }

    @Override
    public String malformed() {
        return Sse.malformed(done.getString("type"));
    }

    @Override
    public String error(JsonObject error) {
        return Sse.typed(new JsonObject().put("type", "error").mergeIn(error));
    }
}

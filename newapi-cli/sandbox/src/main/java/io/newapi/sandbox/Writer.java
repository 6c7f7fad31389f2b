package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Writes one reply in one format: in one piece, or as the texts of a stream in the order of the methods, {@link #start},
 * {@link #piece} and {@link #stop} for every block. Confined to the event loop of its request.
 */
interface Writer {

    /** The answer in one piece. */
    JsonObject whole();

    /** Content type of the stream. */
    default String contentType() {
        return "text/event-stream; charset=utf-8";
    }

    /** What comes before the first block. */
    String open();

    /** What announces the block at {@code index}; may be empty. */
    String start(int index, Block block);

    /** One chunk of content. */
    String piece(int index, Block block, String piece);

    /** What ends the block at {@code index}; may be empty. */
    String stop(int index, Block block);

    /** What comes after the last block, at least one part. */
    List<Ending> ending();

    /** An event whose JSON breaks off. */
    String malformed();

    /** An event with an error in the provider's own shape. */
    String error(JsonObject error);

    /**
     * One part of a stream's end.
     *
     * @param usage whether it is the one that reports usage
     */
    record Ending(String text, boolean usage) {}
}

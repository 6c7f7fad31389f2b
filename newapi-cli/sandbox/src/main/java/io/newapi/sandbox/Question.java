package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sandbox understands of a request for a reply, whatever its format.
 *
 * @param model the model asked for
 * @param streamed whether the answer is to be a stream
 * @param maxTokens the limit of the answer, {@link Long#MAX_VALUE} without one
 * @param text the text of the last user message
 * @param promptWords words of all messages, at least 1
 * @param calls the tools to call; empty: answer with text
 * @param thinking whether reasoning is to be shown
 * @param schema the schema that the text must have as JSON, an empty object for any JSON; absent: free text
 */
record Question(
        String model,
        boolean streamed,
        long maxTokens,
        String text,
        long promptWords,
        List<Tool> calls,
        boolean thinking,
        @Nullable JsonObject schema) {}

package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What an answer must look like.
 *
 * @param name of the schema; may be empty
 * @param schema for {@link Kind#SCHEMA}; else null. Not to be changed
 * @param strict whether the schema must be kept to the letter; null if that is not said
 */
public record AnswerForm(
        Kind kind,
        String name,
        @Nullable JsonObject schema,
        @Nullable Boolean strict) {

    /** In which form. */
    public enum Kind {
        /** Words. */
        TEXT,
        /** Some JSON object. */
        JSON,
        /** JSON that fits a schema. */
        SCHEMA
    }

    /** Words. */
    public static final AnswerForm TEXT = new AnswerForm(Kind.TEXT, "", null, null);

    /** Some JSON object. */
    public static final AnswerForm JSON = new AnswerForm(Kind.JSON, "", null, null);
}

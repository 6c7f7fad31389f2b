package io.newapi.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a handler answers: a status, headers, and a body that is rendered last, when the reader's language is known. Immutable.
 */
final class Answer {

    private final int status;
    private final Map<String, String> headers;
    private final BiFunction<Messages, String, ObjectNode> body;

    private Answer(int status, Map<String, String> headers, BiFunction<Messages, String, ObjectNode> body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** Success without data. */
    static Answer ok() {
        return new Answer(200, Map.of(), (messages, language) -> envelope(true, ""));
    }

    /** Success with {@code data}. */
    static Answer ok(JsonNode data) {
        return ok().with("data", data);
    }

    static Answer ok(String data) {
        return ok(TextNode.valueOf(data));
    }

    static Answer ok(long data) {
        return ok(LongNode.valueOf(data));
    }

    /** Success without data, with a text for people. */
    static Answer said(Message message) {
        return new Answer(200, Map.of(), (messages, language) -> envelope(true, messages.text(language, message)));
    }

    /** A failure in the envelope: {@code success} false, a text for people and a stable {@code code} for programs. */
    static Answer failure(Refused refused) {
        Map<String, String> headers = refused.reason() == Message.TOO_MANY_REQUESTS
                ? Map.of("Retry-After", String.valueOf(refused.arguments().get(0)))
                : Map.of();
        return new Answer(refused.status(), headers, (messages, language) -> {
            ObjectNode envelope = envelope(
                    false,
                    messages.text(
                            language, refused.reason(), refused.arguments().toArray()));
            return envelope.put("code", refused.reason().code());
        });
    }

    /** A failure in the form that clients of OpenAI know. */
    static Answer openAiError(Refused refused) {
        return new Answer(refused.status(), Map.of(), (messages, language) -> {
            ObjectNode body = Json.object();
            body.putObject("error")
                    .put(
                            "message",
                            messages.text(
                                    language,
                                    refused.reason(),
                                    refused.arguments().toArray()))
                    .put("type", "new_api_error")
                    .put("code", refused.reason().code());
            return body;
        });
    }

    /** A body of a form of its own, not the envelope. */
    static Answer bare(int status, ObjectNode body) {
        return new Answer(status, Map.of(), (messages, language) -> body);
    }

    /** The same answer with one more key at the top level. */
    Answer with(String key, @Nullable JsonNode value) {
        return new Answer(status, headers, (messages, language) -> {
            ObjectNode rendered = body.apply(messages, language);
            rendered.set(key, value);
            return rendered;
        });
    }

    Answer with(String key, BigDecimal value) {
        return with(key, DecimalNode.valueOf(value));
    }

    Answer with(String key, boolean value) {
        return with(key, BooleanNode.valueOf(value));
    }

    /** The same answer without {@code message}, which a few endpoints do not send. */
    Answer withoutMessage() {
        return new Answer(status, headers, (messages, language) -> {
            ObjectNode rendered = body.apply(messages, language);
            rendered.remove("message");
            return rendered;
        });
    }

    /** The same answer with one more header. */
    Answer header(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new Answer(status, Map.copyOf(more), body);
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    ObjectNode render(Messages messages, String language) {
        return body.apply(messages, language);
    }

    private static ObjectNode envelope(boolean success, String message) {
        return Json.object().put("success", success).put("message", message);
    }
}

package io.newapi.server.relay.wire.chat;

import io.newapi.core.pricing.Usage;
import io.newapi.server.relay.wire.JsonTree;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A streamed chat completion in a {@link ChatStyle}. What cannot be read is left out: the meter has seen it too, and judges it. Confined
 * to one thread.
 */
final class StyledChat implements StreamRewriting {

    /** What comes before a thought in a text. */
    static final String BEGIN = "<think>\n";

    /** What comes behind it. */
    static final String END = "\n</think>\n";

    private static final String CONTENT = "content";
    private static final List<String> THOUGHTS = List.of("reasoning_content", "reasoning");
    private static final List<String> OTHERS = List.of("tool_calls", "function_call", "refusal");

    private final ChatStyle style;
    private final Codec.ReplyFacts facts;
    private final WholeEvents events = new WholeEvents();

    /** The choices in whose text a thought has begun and not ended. */
    private final Set<Object> thinking = new HashSet<>();

    StyledChat(ChatStyle style, Codec.ReplyFacts facts) {
        this.style = style;
        this.facts = facts;
    }

    @Override
    public Buffer of(Buffer part) {
        Buffer said = Buffer.buffer();
        events.feed(part).forEach(event -> say(event, said));
        return said;
    }

    @Override
    public int heldBytes() {
        return events.heldBytes();
    }

    @Override
    public boolean tooLong() {
        return events.tooLong();
    }

    @Override
    public Buffer end(Usage charged) {
        return Buffer.buffer();
    }

    private void say(WholeEvents.Event event, Buffer said) {
        if (event.data().isEmpty() || event.isDone()) {
            said.appendString(event.text());
            return;
        }
        JsonObject chunk;
        try {
            chunk = JsonTree.read(event.data().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return;
        }
        if (style.thoughtsAsContent() && chunk.getValue("choices") instanceof JsonArray choices) {
            for (Object element : choices) {
                if (element instanceof JsonObject choice) {
                    showThoughts(choice);
                }
            }
        }
        OpenAiEvents.append(said, style.plain() ? PlainChat.of(chunk, "chat.completion.chunk", facts) : chunk);
    }

    private void showThoughts(JsonObject choice) {
        if (!(choice.getValue("delta") instanceof JsonObject delta)) {
            return;
        }
        Object number = String.valueOf(choice.getValue("index"));
        String thought = THOUGHTS.stream()
                .map(name -> text(delta, name))
                .filter(words -> !words.isEmpty())
                .findFirst()
                .orElse("");
        THOUGHTS.forEach(delta::remove);
        delta.remove("reasoning_details");
        StringBuilder shown = new StringBuilder();
        if (!thought.isEmpty()) {
            shown.append(thinking.add(number) ? BEGIN : "").append(thought);
        }
        String content = text(delta, CONTENT);
        boolean goesOn = !content.isEmpty()
                || choice.getValue("finish_reason") != null
                || OTHERS.stream().anyMatch(name -> delta.getValue(name) != null);
        if (goesOn && thinking.remove(number)) {
            shown.append(END);
        }
        if (!shown.isEmpty()) {
            delta.put(CONTENT, shown.append(content).toString());
        }
    }

    private static String text(JsonObject delta, String name) {
        return delta.getValue(name) instanceof String text ? text : "";
    }
}

package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text, cut into chunks between words. Chunks are made when they are asked for: a long stream takes no memory.
 *
 * <p>With more chunks than words the words begin again, so that every chunk carries text.
 */
final class TextReply implements Reply {

    /** Words of made-up text at most; reported tokens may be more. */
    private static final long MOST_WORDS = 4096;

    private static final List<String> VOCABULARY =
            List.of("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett");

    private final List<String> words;
    private final long wordCount;
    private final long chunks;
    private final String finishReason;

    private TextReply(List<String> words, long wordCount, @Nullable Long chunks, String finishReason) {
        this.words = words;
        this.wordCount = chunks == null ? wordCount : Math.max(wordCount, chunks);
        this.chunks = chunks == null ? wordCount : chunks;
        this.finishReason = finishReason;
    }

    /** The script's text, else made-up words for its completion tokens, else an echo of {@code question}. */
    static TextReply to(ChatRequest request, Script script) {
        String content = script.content();
        if (content != null) {
            List<String> words = split(content);
            return new TextReply(words, words.size(), script.chunks(), "stop");
        }
        Long tokens = script.completionTokens();
        if (tokens != null) {
            return new TextReply(VOCABULARY, Math.min(tokens, MOST_WORDS), script.chunks(), "stop");
        }
        List<String> echo = split("Echo: " + request.question());
        long allowed = Math.min(echo.size(), request.maxTokens());
        return new TextReply(echo, allowed, script.chunks(), allowed < echo.size() ? "length" : "stop");
    }

    @Override
    public long chunks() {
        return chunks;
    }

    @Override
    public JsonObject delta(long index) {
        return new JsonObject().put("content", text(index * wordCount / chunks, (index + 1) * wordCount / chunks));
    }

    @Override
    public JsonObject message() {
        return new JsonObject().put("role", "assistant").put("content", text(0, wordCount));
    }

    @Override
    public String finishReason() {
        return finishReason;
    }

    @Override
    public long words() {
        return wordCount;
    }

    private String text(long from, long to) {
        StringBuilder text = new StringBuilder();
        for (long i = from; i < to; i++) {
            if (i > 0) {
                text.append(' ');
            }
            text.append(words.get((int) (i % words.size())));
        }
        return text.toString();
    }

    /** The words of {@code text}; at least one, for a blank text an empty one. */
    private static List<String> split(String text) {
        return List.of(text.strip().split("\\s+"));
    }
}

package io.newapi.server.relay.wire;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * A chat completion request in OpenAI's format, seen without building a tree: the fields that decide about routing and
 * price, and where in the bytes the fields stand that may have to change.
 *
 * <p>Immutable, but for the body, which is not copied and must not be changed.
 */
public final class ChatRequest {

    /** What came of looking at a body. */
    public sealed interface Scan {
        /** It can be relayed. */
        record Understood(ChatRequest request) implements Scan {}

        /** It cannot; the error says why. */
        record Refused(RelayError error) implements Scan {}

        /** Applies the function of the variant that this is. */
        default <T> T match(Function<ChatRequest, T> readable, Function<RelayError, T> refused) {
            return this instanceof Understood it
                    ? readable.apply(it.request())
                    : refused.apply(((Refused) this).error());
        }
    }

    /** A range of bytes. */
    record Span(int start, int end) {}

    /** What to write where, so that the upstream reports usage; everything else in the body stays as it is. */
    record UsageSwitch(int start, int end, String text) {
        static UsageSwitch newField(int afterBrace) {
            return new UsageSwitch(afterBrace, afterBrace, "\"stream_options\":{\"include_usage\":true},");
        }

        static UsageSwitch inPlaceOfNull(int start, int end) {
            return new UsageSwitch(start, end, "{\"include_usage\":true}");
        }

        static UsageSwitch intoObject(int afterBrace, boolean empty) {
            return new UsageSwitch(afterBrace, afterBrace, "\"include_usage\":true" + (empty ? "" : ","));
        }

        static UsageSwitch inPlaceOfFlag(int start, int end) {
            return new UsageSwitch(start, end, "true");
        }
    }

    private final byte[] body;
    private final String model;
    private final Span modelSpan;
    private final boolean stream;
    private final UsageSwitch usageSwitch;
    private final boolean usageWanted;
    private final long maxCompletionTokens;
    private final long estimatedPromptTokens;

    ChatRequest(
            byte[] body,
            String model,
            Span modelSpan,
            boolean stream,
            UsageSwitch usageSwitch,
            boolean usageWanted,
            long maxCompletionTokens,
            long estimatedPromptTokens) {
        this.body = body;
        this.model = model;
        this.modelSpan = modelSpan;
        this.stream = stream;
        this.usageSwitch = usageSwitch;
        this.usageWanted = usageWanted;
        this.maxCompletionTokens = maxCompletionTokens;
        this.estimatedPromptTokens = estimatedPromptTokens;
    }

    /**
     * Looks at a body. A field that decides about the price must not stand in it twice: which of the two an upstream
     * would take is anybody's guess.
     */
    public static Scan scan(byte[] body) {
        return new ChatRequestScanner(body).scan();
    }

    /** The model that the client asked for. */
    public String model() {
        return model;
    }

    /** Whether the answer is to be streamed. */
    public boolean stream() {
        return stream;
    }

    /** Whether the client asked for a last chunk with the usage. */
    public boolean usageWanted() {
        return usageWanted;
    }

    /** The most text units that the answer may have; 0 when the client set no limit. */
    public long maxCompletionTokens() {
        return maxCompletionTokens;
    }

    /** The estimated number of text units in the prompt. */
    public long estimatedPromptTokens() {
        return estimatedPromptTokens;
    }

    /**
     * A hash of what the requests of one conversation have in common. Reads the body again; ask only if it is wanted.
     */
    public long conversation() {
        return ConversationHash.of(body);
    }

    /**
     * The body to send upstream: the client's own bytes, with another model name where the channel maps it, and with
     * the usage asked for where the client did not.
     *
     * @param upstreamModel the model's name at the provider
     * @param askForUsage whether the provider understands {@code stream_options}
     */
    public byte[] forUpstream(String upstreamModel, boolean askForUsage) {
        boolean otherModel = !upstreamModel.equals(model);
        boolean addUsage = stream && askForUsage && !usageWanted;
        if (!otherModel && !addUsage) {
            return body;
        }
        Splice splice = new Splice(body);
        if (otherModel) {
            splice.replace(modelSpan.start(), modelSpan.end(), JsonText.quote(upstreamModel));
        }
        if (addUsage) {
            splice.replace(
                    usageSwitch.start(), usageSwitch.end(), usageSwitch.text().getBytes(StandardCharsets.UTF_8));
        }
        return splice.bytes();
    }
}

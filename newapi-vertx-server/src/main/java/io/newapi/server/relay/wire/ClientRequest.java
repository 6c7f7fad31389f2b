package io.newapi.server.relay.wire;

import io.newapi.core.pricing.expression.RequestFacts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A request to a chat model, in the format of its client, seen without building a tree: the fields that decide about routing and
 * price, and where in the bytes the fields stand that may have to change.
 *
 * <p>Immutable, but for the body, which is not copied and must not be changed.
 */
public final class ClientRequest {

    private static final byte[] NOTHING = new byte[0];

    /** What came of looking at a body. */
    public sealed interface Scan {
        /** It can be relayed. */
        record Understood(ClientRequest request) implements Scan {}

        /** It cannot; the error says why. */
        record Refused(RelayError error) implements Scan {}

        /** Applies the function of the variant that this is. */
        default <T> T match(Function<ClientRequest, T> readable, Function<RelayError, T> refused) {
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

        /** The text, if nothing follows it. */
        String alone() {
            return text.endsWith(",") ? text.substring(0, text.length() - 1) : text;
        }
    }

    /**
     * Where a guarded field stands.
     *
     * @param start the first byte of its name
     * @param end behind the last byte of its value
     * @param endBefore behind the field before it; -1 if it is the first
     * @param startAfter the first byte of the field behind it; -1 if it is the last
     */
    record Guarded(GuardedField field, int start, int end, int endBefore, int startAfter) {

        /** Whether {@code stream_options} hold nothing else. */
        boolean isAllOfOptions() {
            return field == GuardedField.INCLUDE_OBFUSCATION && endBefore < 0 && startAfter < 0;
        }
    }

    private final WireFormat format;
    private final byte[] body;
    private final String model;
    private final @Nullable Span modelSpan;
    private final boolean stream;
    private final boolean list;
    private final @Nullable UsageSwitch usageSwitch;
    private final boolean usageWanted;
    private final long maxCompletionTokens;
    private final int choices;
    private final String reasoningEffort;
    private final List<Guarded> guarded;
    private final long estimatedPromptTokens;

    /**
     * What was found.
     *
     * @param modelSpan null where the format has the model in the path
     * @param list whether what is streamed is to be a JSON list
     * @param usageSwitch null where the format reports usage unasked
     */
    ClientRequest(
            WireFormat format,
            byte[] body,
            String model,
            @Nullable Span modelSpan,
            boolean stream,
            boolean list,
            @Nullable UsageSwitch usageSwitch,
            boolean usageWanted,
            long maxCompletionTokens,
            int choices,
            String reasoningEffort,
            List<Guarded> guarded,
            long estimatedPromptTokens) {
        this.format = format;
        this.body = body;
        this.model = model;
        this.modelSpan = modelSpan;
        this.stream = stream;
        this.list = list;
        this.usageSwitch = usageSwitch;
        this.usageWanted = usageWanted;
        this.maxCompletionTokens = maxCompletionTokens;
        this.choices = choices;
        this.reasoningEffort = reasoningEffort;
        this.guarded = List.copyOf(guarded);
        this.estimatedPromptTokens = estimatedPromptTokens;
    }

    /**
     * Looks at a body. A field that decides about the price must not stand in it twice: which of the two an upstream
     * would take is anybody's guess.
     */
    public static Scan scan(WireFormat format, byte[] body) {
        return switch (format) {
            case CHAT -> new ChatRequestScanner(body).scan();
            case RESPONSES -> new ResponsesRequestScanner(body).scan();
            case MESSAGES -> new MessagesRequestScanner(body).scan();
            case GEMINI -> throw new IllegalArgumentException("this format has the model in the path");
        };
    }

    /**
     * The same for Google's format, which has two of the fields in the path.
     *
     * @param model of the path
     * @param stream whether the path asks for a stream
     * @param list whether that is to be a JSON list and not events
     */
    public static Scan scanGemini(byte[] body, String model, boolean stream, boolean list) {
        return new GeminiRequestScanner(body, model, stream, list).scan();
    }

    /**
     * The same request with another body of its format.
     *
     * @throws IllegalArgumentException if that cannot be relayed
     */
    public ClientRequest withBody(byte[] other) {
        Scan scan = format == WireFormat.GEMINI ? scanGemini(other, model, stream, list) : scan(format, other);
        return scan.match(request -> request, error -> {
            throw new IllegalArgumentException(error.message());
        });
    }

    /** Puts what is streamed into the form in which the client reads it. One for each answer. */
    public Framing framing() {
        return list ? new JsonListFraming() : Framing.EVENTS;
    }

    /** The format that it is written in, and that its answer has to have. */
    public WireFormat format() {
        return format;
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

    /** The body itself; not to be changed. */
    public byte[] body() {
        return body;
    }

    /** The size of the body in bytes. */
    public int bytes() {
        return body.length;
    }

    /** The most text units that all choices of the answer together may have; 0 when the client set no limit. */
    public long maxCompletionTokens() {
        return maxCompletionTokens * choices;
    }

    /** How much the model is to think, in the client's word; empty if it said nothing. */
    public String reasoningEffort() {
        return reasoningEffort;
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
     * What a price expression may ask of this request, by one thread at a time.
     *
     * @param headers finds a header by its name in any case; null if there is none
     */
    public RequestFacts facts(UnaryOperator<@Nullable String> headers) {
        return new BodyFacts(body, headers);
    }

    /**
     * The body to send upstream: the client's own bytes, with another model name where the channel maps it, and with
     * the usage asked for where the client did not.
     *
     * @param upstreamModel the model's name at the provider
     * @param askForUsage whether the provider understands {@code stream_options}
     * @param allowed the guarded fields that may stay
     */
    public byte[] forUpstream(String upstreamModel, boolean askForUsage, Set<GuardedField> allowed) {
        Span where = modelSpan;
        UsageSwitch asking = usageSwitch;
        boolean otherModel = where != null && !upstreamModel.equals(model);
        boolean addUsage = asking != null && stream && askForUsage && !usageWanted;
        List<Guarded> removed =
                guarded.stream().filter(it -> !allowed.contains(it.field())).toList();
        if (!otherModel && !addUsage && removed.isEmpty()) {
            return body;
        }
        Splice splice = new Splice(body);
        if (otherModel && where != null) {
            splice.replace(where.start(), where.end(), JsonText.quote(upstreamModel));
        }
        if (addUsage && asking != null) {
            String text = removed.stream().anyMatch(Guarded::isAllOfOptions) ? asking.alone() : asking.text();
            splice.replace(asking.start(), asking.end(), text.getBytes(StandardCharsets.UTF_8));
        }
        remove(removed, splice);
        return splice.bytes();
    }

    /** Takes fields out, those side by side together, with the comma that becomes one too many. */
    private static void remove(List<Guarded> fields, Splice splice) {
        for (int i = 0; i < fields.size(); ) {
            Guarded first = fields.get(i);
            Guarded last = first;
            i++;
            while (i < fields.size() && fields.get(i).start() == last.startAfter()) {
                last = fields.get(i);
                i++;
            }
            if (first.endBefore() >= 0) {
                splice.replace(first.endBefore(), last.end(), NOTHING);
            } else {
                splice.replace(first.start(), Math.max(last.end(), last.startAfter()), NOTHING);
            }
        }
    }
}

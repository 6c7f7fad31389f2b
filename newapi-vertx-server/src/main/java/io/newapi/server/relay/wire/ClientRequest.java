package io.newapi.server.relay.wire;

import io.newapi.core.pricing.ImageOrder;
import io.newapi.core.pricing.expression.RequestFacts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A request to a model, in the format of its client, seen without building a tree: the fields that decide about routing and
 * price, and where in the bytes the fields stand that may have to change.
 *
 * <p>Immutable, but for the body, which is not copied and must not be changed.
 */
public final class ClientRequest {

    private static final byte[] NOTHING = new byte[0];

    /** What may be asked of a request that has no body. */
    private static final byte[] NO_FIELDS = {'{', '}'};

    private static final String JSON = "application/json";

    /** What New API takes where the client names none. */
    private static final String DEFAULT_MODERATION = "text-moderation-stable";

    private static final String DEFAULT_IMAGES = "dall-e";

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

    /**
     * Where the model's name stands, or has to be written.
     *
     * @param missing whether the client has named none
     * @param quoted whether it is a text of JSON
     * @param prefix what belongs to the name there
     * @param before what to write in front of the name, if it is missing
     * @param behind what to write behind it, if it is missing
     */
    record ModelPlace(
            int start, int end, boolean missing, boolean quoted, String prefix, String before, String behind) {

        static ModelPlace ofJson(Span span, String prefix) {
            return new ModelPlace(span.start(), span.end(), false, true, prefix, "", "");
        }

        static ModelPlace missingInJson(int afterBrace) {
            return new ModelPlace(afterBrace, afterBrace, true, true, "", "\"model\":", ",");
        }

        byte[] text(String model) {
            String name = prefix + model;
            String written = quoted ? new String(JsonText.quote(name), StandardCharsets.UTF_8) : name;
            return (before + written + behind).getBytes(StandardCharsets.UTF_8);
        }
    }

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
    private final String contentType;
    private final String form;
    private final String model;
    private final List<ModelPlace> modelPlaces;
    private final boolean stream;
    private final boolean list;
    private final @Nullable UsageSwitch usageSwitch;
    private final boolean usageWanted;
    private final long maxCompletionTokens;
    private final int choices;
    private final String reasoningEffort;
    private final List<Guarded> guarded;
    private final long estimatedPromptTokens;
    private final boolean foreignThoughts;
    private final @Nullable ImageOrder images;

    private ClientRequest(Found found) {
        this.format = found.format;
        this.body = found.body;
        this.contentType = found.contentType;
        this.form = found.form;
        this.model = found.model;
        this.modelPlaces = List.copyOf(found.modelPlaces);
        this.stream = found.stream;
        this.list = found.list;
        this.usageSwitch = found.usageSwitch;
        this.usageWanted = found.usageWanted;
        this.maxCompletionTokens = found.maxCompletionTokens;
        this.choices = found.choices;
        this.reasoningEffort = found.reasoningEffort;
        this.guarded = List.copyOf(found.guarded);
        this.estimatedPromptTokens = found.estimatedPromptTokens;
        this.foreignThoughts = found.foreignThoughts;
        this.images = found.images;
    }

    /** What a scanner has found in a body so far. Not thread-safe. */
    static final class Found {
        private final WireFormat format;
        private final byte[] body;
        private final String model;
        private List<ModelPlace> modelPlaces = List.of();
        private String contentType = JSON;
        private String form = "";
        private boolean stream;
        private boolean list;
        private @Nullable UsageSwitch usageSwitch;
        private boolean usageWanted;
        private long maxCompletionTokens;
        private int choices = 1;
        private String reasoningEffort = "";
        private List<Guarded> guarded = List.of();
        private long estimatedPromptTokens;
        private boolean foreignThoughts;
        private @Nullable ImageOrder images;

        Found(WireFormat format, byte[] body, String model) {
            this.format = format;
            this.body = body;
            this.model = model;
        }

        /** None where the format has the model in the path only. */
        Found modelAt(List<ModelPlace> places) {
            modelPlaces = places;
            return this;
        }

        /** What is no JSON: its media type, and its short fields as a JSON object. */
        Found form(String mediaType, String fields) {
            contentType = mediaType;
            form = fields;
            return this;
        }

        Found stream(boolean streamed) {
            stream = streamed;
            return this;
        }

        /** Whether what is streamed is to be a JSON list. */
        Found list(boolean wanted) {
            list = wanted;
            return this;
        }

        /** For formats that do not report usage unasked. */
        Found usage(UsageSwitch asking, boolean wanted) {
            usageSwitch = asking;
            usageWanted = wanted;
            return this;
        }

        Found limit(long maxTokensOfEach, int answers) {
            maxCompletionTokens = maxTokensOfEach;
            choices = answers;
            return this;
        }

        Found effort(String word) {
            reasoningEffort = word;
            return this;
        }

        Found guarded(List<Guarded> fields) {
            guarded = fields;
            return this;
        }

        Found prompt(long tokens) {
            estimatedPromptTokens = tokens;
            return this;
        }

        /** Whether some of its thoughts may stem from another provider. */
        Found foreignThoughts(boolean there) {
            foreignThoughts = there;
            return this;
        }

        Found images(ImageOrder order) {
            images = order;
            return this;
        }

        Scan understood() {
            return new Scan.Understood(new ClientRequest(this));
        }
    }

    /**
     * Looks at a body. A field that decides about the price must not stand in it twice: which of the two an upstream
     * would take is anybody's guess.
     */
    public static Scan scan(WireFormat format, byte[] body) {
        return switch (format) {
            case CHAT -> new ChatRequestScanner(body).scan();
            case RESPONSES -> new ResponsesRequestScanner(body).scan();
            case RESPONSES_COMPACT -> ResponsesRequestScanner.ofCompaction(body).scan();
            case MESSAGES -> new MessagesRequestScanner(body).scan();
            case COMPLETIONS -> new CompletionsRequestScanner(body).scan();
            case EMBEDDINGS -> scanEmbeddings(body, "");
            case MODERATIONS -> new InputRequestScanner(format, body, DEFAULT_MODERATION, "input").scan();
            case RERANK -> new InputRequestScanner(format, body, "", "query", "documents").scan();
            case IMAGES -> new ImagesRequestScanner(format, body, DEFAULT_IMAGES).scan();
            case IMAGE_EDITS -> new ImagesRequestScanner(format, body, "").scan();
            case SPEECH -> new SpeechRequestScanner(body).scan();
            case TRANSCRIPTIONS, TRANSLATIONS -> scanForm(format, body, JSON);
            case GEMINI, EMBED_CONTENT, BATCH_EMBED_CONTENTS, REALTIME ->
                throw new IllegalArgumentException("this format has the model in the path");
        };
    }

    /**
     * The same for a form with files.
     *
     * @param contentType the request's header; a body of JSON is taken as that, where the format takes one
     */
    public static Scan scanForm(WireFormat format, byte[] body, String contentType) {
        boolean json = contentType.regionMatches(true, 0, JSON, 0, JSON.length());
        return json && format == WireFormat.IMAGE_EDITS
                ? scan(format, body)
                : new FormScanner(format, body, contentType).scan();
    }

    /**
     * The same for embeddings.
     *
     * @param model what the path names; it counts where the body names none. May be empty
     */
    public static Scan scanEmbeddings(byte[] body, String model) {
        return new InputRequestScanner(WireFormat.EMBEDDINGS, body, model, "input").scan();
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
     * The same for Google's embeddings, which have the model in the path, and in the body too.
     *
     * @param format one of Google's formats for embeddings
     * @param model of the path
     */
    public static Scan scanGeminiEmbedding(WireFormat format, byte[] body, String model) {
        return new GeminiEmbedScanner(format, body, model).scan();
    }

    /**
     * The same for a live connection, which has no body.
     *
     * @param model of the query; may be empty
     */
    public static Scan scanRealtime(String model) {
        if (model.isBlank() || model.length() > RequestScanner.MAX_MODEL_CHARS) {
            String reason = model.isBlank()
                    ? "the query names no model"
                    : "the model has more than " + RequestScanner.MAX_MODEL_CHARS + " characters";
            return new Scan.Refused(RelayError.badRequest("invalid_request", "model", reason));
        }
        return new Found(WireFormat.REALTIME, NO_FIELDS, model).form("", "").understood();
    }

    /** The same for a request whose text units Google's clients want to have counted. */
    public static Scan scanGeminiCount(byte[] body, String model) {
        return new GeminiCountScanner(body, model).scan();
    }

    /**
     * The same request with another body of its format, which is one of conversations.
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

    /** Whether it has to be written anew even for a provider that speaks its format. */
    public boolean isRewritten() {
        return foreignThoughts;
    }

    /** Whether the body is JSON, and no form. */
    public boolean isJson() {
        return form.isEmpty() && contentType.equals(JSON);
    }

    /** The media type of the body. */
    public String contentType() {
        return contentType;
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

    /** The images that are asked for; null in requests for something else. */
    public @Nullable ImageOrder images() {
        return images;
    }

    /**
     * A hash of what the requests of one conversation have in common. Reads the body again; ask only if it is wanted, and only
     * of {@linkplain WireFormat#conversation conversations}.
     */
    public long conversation() {
        return ConversationHash.of(body);
    }

    /**
     * Whether some text in the body contains {@code words}, however it is written there. Reads the body again; ask only if
     * it is wanted.
     *
     * @param words in lower case
     */
    public boolean mentions(String words) {
        return Mention.of(words, body);
    }

    /**
     * What a price expression may ask of this request, by one thread at a time.
     *
     * @param headers finds a header by its name in any case; null if there is none
     */
    public RequestFacts facts(UnaryOperator<@Nullable String> headers) {
        return new BodyFacts(form.isEmpty() ? body : form.getBytes(StandardCharsets.UTF_8), headers);
    }

    /**
     * The body to send upstream: the client's own bytes, with another model name where the channel maps it, and with
     * the usage asked for where the client did not; without thoughts that the provider would refuse.
     *
     * @param upstreamModel the model's name at the provider
     * @param askForUsage whether the provider understands {@code stream_options}
     * @param allowed the guarded fields that may stay
     */
    public byte[] forUpstream(String upstreamModel, boolean askForUsage, Set<GuardedField> allowed) {
        byte[] spliced = spliced(upstreamModel, askForUsage, allowed);
        return foreignThoughts ? ForeignThoughts.without(spliced, upstreamModel) : spliced;
    }

    private byte[] spliced(String upstreamModel, boolean askForUsage, Set<GuardedField> allowed) {
        UsageSwitch asking = usageSwitch;
        String suffix = format.modelSuffix();
        String named = without(suffix, upstreamModel);
        boolean otherModel = !named.equals(without(suffix, model));
        List<ModelPlace> renamed = modelPlaces.stream()
                .filter(place -> place.missing() || otherModel)
                .toList();
        boolean addUsage = asking != null && stream && askForUsage && !usageWanted;
        List<Guarded> removed =
                guarded.stream().filter(it -> !allowed.contains(it.field())).toList();
        if (renamed.isEmpty() && !addUsage && removed.isEmpty()) {
            return body;
        }
        Splice splice = new Splice(body);
        for (ModelPlace place : renamed) {
            splice.replace(place.start(), place.end(), place.text(named));
        }
        if (addUsage && asking != null) {
            String text = removed.stream().anyMatch(Guarded::isAllOfOptions) ? asking.alone() : asking.text();
            splice.replace(asking.start(), asking.end(), text.getBytes(StandardCharsets.UTF_8));
        }
        remove(removed, splice);
        return splice.bytes();
    }

    private static String without(String suffix, String name) {
        return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
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

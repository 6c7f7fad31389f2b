package io.newapi.server.relay.wire;

import io.newapi.core.pricing.ImageOrder;
import io.newapi.core.pricing.expression.RequestFacts;
import java.nio.charset.StandardCharsets;
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

    static final String JSON = "application/json";

    /** What may be asked of a request that has no body. */
    private static final Content NO_FIELDS = Content.of(new byte[] {'{', '}'});

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

    private final Found found;
    private final Content body;
    private final long conversation;

    /** A request that was scanned now, and elsewhere if its body does not lie in memory. */
    ClientRequest(Found found) {
        this(
                found,
                found.body,
                found.format.conversation() && !found.body.inMemory() ? ConversationHash.of(found.body) : 0);
    }

    private ClientRequest(Found found, Content body, long conversation) {
        this.found = found;
        this.body = body;
        this.conversation = conversation;
    }

    /**
     * Looks at a body. A field that decides about the price must not stand in it twice: which of the two an upstream
     * would take is anybody's guess.
     */
    public static Scan scan(WireFormat format, byte[] body) {
        return scan(format, Content.of(body));
    }

    /** The same for a body that may lie elsewhere than in memory; reading that takes a while. */
    public static Scan scan(WireFormat format, Content body) {
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
    public static Scan scanForm(WireFormat format, Content body, String contentType) {
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
    public static Scan scanEmbeddings(Content body, String model) {
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
        return scanGemini(Content.of(body), model, stream, list);
    }

    /** The same for a body that may lie elsewhere than in memory. */
    public static Scan scanGemini(Content body, String model, boolean stream, boolean list) {
        return new GeminiRequestScanner(body, model, stream, list).scan();
    }

    /**
     * The same for Google's embeddings, which have the model in the path, and in the body too.
     *
     * @param format one of Google's formats for embeddings
     * @param model of the path
     */
    public static Scan scanGeminiEmbedding(WireFormat format, Content body, String model) {
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
    public static Scan scanGeminiCount(Content body, String model) {
        return new GeminiCountScanner(body, model).scan();
    }

    /**
     * The same request with another body of its format, which is one of conversations.
     *
     * @throws IllegalArgumentException if that cannot be relayed
     */
    public ClientRequest withBody(byte[] other) {
        Scan scan = found.format == WireFormat.GEMINI
                ? scanGemini(other, found.model, found.stream, found.list)
                : scan(found.format, other);
        return scan.match(request -> request, error -> {
            throw new IllegalArgumentException(error.message());
        });
    }

    /** Puts what is streamed into the form in which the client reads it. One for each answer. */
    public Framing framing() {
        if (found.list) {
            return new JsonListFraming();
        }
        return found.format == WireFormat.RESPONSES ? new ResponsesFraming() : Framing.EVENTS;
    }

    /** The format that it is written in, and that its answer has to have. */
    public WireFormat format() {
        return found.format;
    }

    /** The model that the client asked for. */
    public String model() {
        return found.model;
    }

    /** Whether the answer is to be streamed. */
    public boolean stream() {
        return found.stream;
    }

    /** Whether the client asked for a last chunk with the usage. */
    public boolean usageWanted() {
        return found.usageWanted;
    }

    /** The body itself, not to be changed; read from where it lies if it is not {@link #inMemory}. */
    public byte[] body() {
        return body.bytes();
    }

    /** The same, wherever it lies. */
    public Content content() {
        return body;
    }

    /** Whether the body lies in memory; if not, what reads it takes a while. */
    public boolean isInMemory() {
        return body.inMemory();
    }

    /** The same request with its body in memory; takes a while to read it if it was not there before. */
    public ClientRequest inMemory() {
        return body.inMemory() ? this : new ClientRequest(found, Content.of(body.bytes()), conversation);
    }

    /** Whether it has to be written anew even for a provider that speaks its format. */
    public boolean isRewritten() {
        return found.foreignThoughts;
    }

    /** Whether the body is JSON, and no form. */
    public boolean isJson() {
        return found.form.isEmpty() && found.contentType.equals(JSON);
    }

    /** The media type of the body. */
    public String contentType() {
        return found.contentType;
    }

    /** The size of the body in bytes. */
    public int bytes() {
        return body.length();
    }

    /** The most text units that all choices of the answer together may have; 0 when the client set no limit. */
    public long maxCompletionTokens() {
        return found.maxCompletionTokens * found.choices;
    }

    /** How much the model is to think, in the client's word; empty if it said nothing. */
    public String reasoningEffort() {
        return found.reasoningEffort;
    }

    /** The estimated number of text units in the prompt. */
    public long estimatedPromptTokens() {
        return found.estimatedPromptTokens;
    }

    /** The images that are asked for; null in requests for something else. */
    public @Nullable ImageOrder images() {
        return found.images;
    }

    /**
     * A hash of what the requests of one conversation have in common. Reads the body again if it lies in memory; ask only if it is
     * wanted, and only of {@linkplain WireFormat#conversation conversations}.
     */
    public long conversation() {
        return body.inMemory() ? ConversationHash.of(body) : conversation;
    }

    /**
     * Whether some text in the body contains {@code words}, however it is written there. Reads the body again; ask only if
     * it is wanted.
     *
     * @param words in lower case
     */
    public boolean mentions(String words) {
        return Mention.of(words, body());
    }

    /**
     * What a price expression may ask of this request, by one thread at a time.
     *
     * @param headers finds a header by its name in any case; null if there is none
     */
    public RequestFacts facts(UnaryOperator<@Nullable String> headers) {
        return new BodyFacts(
                found.form.isEmpty() ? body : Content.of(found.form.getBytes(StandardCharsets.UTF_8)), headers);
    }

    /** Whether the client wants numbers as bytes in base64. */
    public boolean base64() {
        return found.base64;
    }

    /**
     * The body to send upstream: the client's own bytes, with another model name where the channel maps it, and with
     * the usage asked for where the client did not; without thoughts that the provider would refuse. Takes a while if the body
     * does not lie in memory.
     *
     * @param upstreamModel the model's name at the provider
     * @param askForUsage whether the provider understands {@code stream_options}
     * @param allowed the guarded fields that may stay
     */
    public byte[] forUpstream(String upstreamModel, boolean askForUsage, Set<GuardedField> allowed) {
        byte[] edited = edited(upstreamModel, askForUsage, allowed).bytes();
        return found.foreignThoughts ? ForeignThoughts.without(edited, upstreamModel) : edited;
    }

    /** The same, without being read, for a request that {@linkplain #isRewritten is not rewritten}. */
    public Content edited(String upstreamModel, boolean askForUsage, Set<GuardedField> allowed) {
        return UpstreamEdits.in(body, found, upstreamModel, askForUsage, allowed);
    }
}

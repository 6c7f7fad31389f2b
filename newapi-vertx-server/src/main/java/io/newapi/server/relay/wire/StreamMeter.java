package io.newapi.server.relay.wire;

import io.newapi.core.pricing.Usage;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the events of one streamed answer, in one format, and sums up what it took. Keeps no text. Confined to one thread.
 */
public abstract class StreamMeter {

    /** A picture or a sound, if it is no text: what the original counts for a picture without a count. */
    private static final long TOKENS_PER_HUGE_EVENT = 1400;

    /** Of text in English, says OpenAI's guide ("What are tokens"). */
    private static final int BYTES_PER_TOKEN = 4;

    /** What is to become of an event. */
    enum Verdict {
        /** It is the client's. */
        PASS,
        /** It is not. */
        DROP,
        /** It is the client's when the call is charged: nothing comes behind it. */
        LAST,
        /** It reports an error. */
        ERROR,
        /** It cannot be read; that is not ours to judge. */
        MALFORMED
    }

    private final WrittenText written;
    private long hugeEvents;
    private long hugeTextBytes;
    private @Nullable Usage usage;
    private boolean usageIsFinal;
    private long piecesAtUsage;

    /** @param written counts what it finds in the events */
    StreamMeter(WrittenText written) {
        this.written = written;
    }

    /** Looks at the data of an event. */
    abstract Verdict look(byte[] bytes, int start, int end);

    /** Whether the upstream has said why the answer is over, or sent what comes last. */
    abstract boolean complete();

    /**
     * What the client still has to get when the answer is complete.
     *
     * @param lastEvent the event that was told to be {@link Verdict#LAST}; empty if there was none
     */
    abstract Buffer ending(byte[] lastEvent, Ending facts, Usage charged);

    /** Notes an event that is too long to be looked at as a whole. */
    final void hugeEvent() {
        hugeEvents++;
    }

    /** Notes how much text such an event had that nobody has looked at. */
    final void hugeText(long bytes) {
        hugeTextBytes += bytes;
    }

    /** Takes over what the upstream says that it took. */
    final void reported(Usage report, boolean isFinal) {
        usage = report;
        usageIsFinal = isFinal;
        piecesAtUsage = writtenPieces();
    }

    /** What the upstream has said last; null if nothing. */
    final @Nullable Usage reported() {
        return usage;
    }

    /** Whether nothing was written behind the last report. */
    final boolean reportIsUpToDate() {
        return piecesAtUsage == writtenPieces();
    }

    /**
     * What to charge: the upstream's report, or the estimate of what has passed. A report that came before the end, and
     * behind which more was written, counts for the prompt only.
     */
    MeteredUsage metered(long estimatedPromptTokens) {
        Usage report = usage;
        if (report == null) {
            return new MeteredUsage(Usage.of(estimatedPromptTokens, writtenTokens()), true);
        }
        boolean saysAll = usageIsFinal || report.completionTokens() > 0;
        if ((reportIsUpToDate() && saysAll) || report.completionTokens() >= writtenTokens()) {
            return new MeteredUsage(report, false);
        }
        return new MeteredUsage(report.withCompletionTokens(writtenTokens()), true);
    }

    private long writtenPieces() {
        return written.pieces() + hugeEvents;
    }

    private long writtenTokens() {
        return written.tokens() + Math.max(TOKENS_PER_HUGE_EVENT * hugeEvents, hugeTextBytes / BYTES_PER_TOKEN);
    }
}

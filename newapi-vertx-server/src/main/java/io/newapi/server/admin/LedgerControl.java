package io.newapi.server.admin;

import io.newapi.core.quota.JournalStatus;
import io.newapi.core.quota.WriterId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What an administrator may see and do of this node's ledger. Thread-safe. */
public interface LedgerControl {

    /** What came of writing a writer off. */
    enum WriteOff {
        /** What it held is back in the balances. */
        DONE,
        /** It had ended before. */
        ENDED_BEFORE,
        /** It is this node's own. */
        OWN,
        /** It lives, or was not watched for long enough to say that it does not. */
        MAY_LIVE,
        /** There is no such writer. */
        UNKNOWN
    }

    /** The journals that this node writes. */
    List<JournalStatus> journals();

    /** How much they may take together, in bytes. */
    long maxJournalBytes();

    /** After how long without a sign of life a writer is closed; zero for never. */
    Duration reclaimAfter();

    /** For how long a writer must have stood still before it may be written off without force; empty if never. */
    Optional<Duration> observation();

    /** For how long this node has seen a writer stand still; empty when it has not seen it. */
    Optional<Duration> silenceOf(WriterId writer);

    /** Gives back what a writer holds that is gone. Blocks. */
    WriteOff writeOff(WriterId writer, boolean force);
}

package io.newapi.core.quota;

import java.io.Serial;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/**
 * Owns the balances. A writer moves quota in one kind of transaction only, the {@link #exchange}: it books what was
 * settled, returns what is idle and takes what is short, together with the position in its journal, so that every
 * settlement is booked exactly once wherever a crash falls.
 *
 * <p>Implementations are thread-safe; they pass one contract suite, {@code QuotaAuthorityContract}. They have {@link
 * ExchangeDecision} do the arithmetic, and those with transactions run them through {@link LedgerTransactions}. A stage
 * fails with {@link ExchangeFailure}; any other failure counts as one that may have happened. Amounts are quota units.
 */
public interface QuotaAuthority {

    /** Makes a new writer known, before its first exchange. Fails if it is known already. */
    CompletionStage<Void> register(WriterId writer);

    /** Runs one exchange. At most one per writer is under way. */
    CompletionStage<Answer> exchange(Exchange exchange);

    /**
     * What is booked for a writer now, after waiting for any exchange of it whose end is not known. A database answers from
     * a transaction that wrote something and was committed: what was only read may still be undone.
     *
     * @param accounts whose leases are wanted; more may be reported
     */
    CompletionStage<View> resync(WriterId writer, Set<Account> accounts);

    /**
     * Asks every other writer that holds some of these accounts to return what is idle. Each sees it in its next
     * exchange, and answers in the one after that; repeating it is harmless.
     *
     * @param asking the writer that is short
     */
    CompletionStage<Void> recall(WriterId asking, Set<Account> accounts);

    /** Ends grants to a writer; from here its settlements are only booked. Repeating it is harmless. */
    CompletionStage<View> beginClose(WriterId writer);

    /** Gives everything that the writer still holds back to the balances and closes it. Repeating it is harmless. */
    CompletionStage<Void> finishClose(WriterId writer);

    /** The state of a writer; it only ever grows. */
    enum WriterState {
        /** It may take and return quota. */
        OPEN,
        /** Its leases are being given back; settlements are booked as late charges. */
        CLOSING,
        /** It holds nothing. Settlements that turn up are booked as late charges. */
        CLOSED,
        /** The authority has never heard of it, so its journal proves nothing and must not be booked. */
        MISSING
    }

    /**
     * What a writer wants from one exchange.
     *
     * @param from the position of the first of {@code entries}, as the writer believes it
     * @param entries journal entries to book; those that turn out to be booked already are skipped
     * @param positions for each entry the position behind it, ascending
     * @param returns free units offered back, per account, not negative; even 0 answers a recall
     * @param requests shortfalls, in the order in which they are to be served
     * @param touched every account whose lease the writer wants reported
     */
    record Exchange(
            WriterId writer,
            long from,
            List<JournalEntry> entries,
            List<Long> positions,
            Map<Account, Long> returns,
            List<GrantRequest> requests,
            Set<Account> touched) {
        /** Immutable copies. */
        public Exchange {
            entries = List.copyOf(entries);
            positions = List.copyOf(positions);
            returns = Map.copyOf(returns);
            requests = List.copyOf(requests);
            touched = Set.copyOf(touched);
            if (entries.size() != positions.size()) {
                throw new IllegalArgumentException(entries.size() + " entries with " + positions.size() + " positions");
            }
        }

        /** Every account whose lease or balance the exchange may change or report, in the order of locks. */
        public SortedSet<Account> accounts() {
            SortedSet<Account> accounts = new TreeSet<>(touched);
            accounts.addAll(returns.keySet());
            for (GrantRequest request : requests) {
                accounts.add(request.user().account());
                request.token().ifPresent(token -> accounts.add(token.account()));
            }
            for (JournalEntry entry : entries) {
                accounts.add(entry.payer().userAccount());
                if (entry.payer().share() != Payer.TokenShare.NONE) {
                    accounts.add(Account.token(entry.payer().tokenId()));
                }
            }
            return accounts;
        }
    }

    /**
     * Quota that one caller is short of, of the user and of the token together: both are granted or neither.
     *
     * @param user the shortfall of the user's account, with the wish beyond it
     * @param token the shortfall of the token's limit, if it has one
     */
    record GrantRequest(Shortfall user, Optional<Shortfall> token) {}

    /**
     * What one account is short of.
     *
     * @param units needed, not negative; 0 sets no condition
     * @param recentlySpentUnits what the writer spent of this account lately: a hint for the size of a slice
     * @param tight whether no more than needed is to be granted
     */
    record Shortfall(Account account, long units, long recentlySpentUnits, boolean tight) {}

    /**
     * What came of an exchange.
     *
     * @param view what is booked now
     * @param verdicts one for each request, in order; empty when the writer is not open
     * @param recalled accounts whose free units somebody else needs
     */
    record Answer(View view, List<Verdict> verdicts, Set<Account> recalled) {
        /** Immutable copies. */
        public Answer {
            verdicts = List.copyOf(verdicts);
            recalled = Set.copyOf(recalled);
        }
    }

    /**
     * What an authority has booked for a writer.
     *
     * @param appliedPosition everything before it is booked
     * @param held leased units per account; accounts that are not named hold nothing
     */
    record View(WriterState state, long appliedPosition, Map<Account, Long> held) {
        /** An immutable copy. */
        public View {
            held = Map.copyOf(held);
        }

        /** What is leased of {@code account}. */
        public long heldOf(Account account) {
            return held.getOrDefault(account, 0L);
        }
    }

    /** The decision on one request. */
    sealed interface Verdict {
        /** Everything that was short has been leased. */
        record Granted() implements Verdict {}

        /**
         * The account's balance does not cover the shortfall.
         *
         * @param balanceUnits what it has; negative after an overage
         * @param leasedElsewhereUnits what other writers hold of it, and might return
         * @param recallPending whether some of them were asked to and have not answered yet
         */
        record Insufficient(Account account, long balanceUnits, long leasedElsewhereUnits, boolean recallPending)
                implements Verdict {

            /** Whether {@code units} are not there even if everybody returned everything. */
            public boolean proves(long units) {
                return leasedElsewhereUnits < units && balanceUnits < units - leasedElsewhereUnits;
            }
        }

        /** The account takes no charges: missing, disabled or deleted. */
        record Closed(Account account) implements Verdict {}
    }

    /** An exchange or resync did not succeed. */
    final class ExchangeFailure extends RuntimeException {

        @Serial
        private static final long serialVersionUID = 1;

        private final boolean mayHaveHappened;

        /** @param mayHaveHappened whether the transaction may have been committed all the same */
        public ExchangeFailure(String message, boolean mayHaveHappened, Throwable cause) {
            super(message, cause);
            this.mayHaveHappened = mayHaveHappened;
        }

        /** Whether it must be treated as in doubt; false means that nothing was changed. */
        public boolean mayHaveHappened() {
            return mayHaveHappened;
        }
    }
}

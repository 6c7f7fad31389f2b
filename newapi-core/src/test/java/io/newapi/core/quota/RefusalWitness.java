package io.newapi.core.quota;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Stands between one ledger and its authority, and knows therefore what a refusal may rest on. For one thread.
 *
 * <p>A balance that suffices, from the moment of a question on, is a reason for no refusal. A refusal from memory rests on
 * an answer that was heard no longer ago than the memory reaches, and that was asked for after the last poke.
 */
final class RefusalWitness implements QuotaAuthority {

    /** An answer: when it was heard, and the moment before it was asked for. */
    private record Heard(long atNanos, int askedFor) {}

    private final QuotaAuthority inner;
    private final LedgerClock clock;
    private final BalanceHistory history;
    private final Duration memory;
    private final List<Heard> answers = new ArrayList<>();
    private int poked;
    private long position;
    private boolean closing;

    RefusalWitness(QuotaAuthority inner, LedgerClock clock, BalanceHistory history, Duration memory) {
        this.inner = inner;
        this.clock = clock;
        this.history = history;
        this.memory = memory;
    }

    /** The ledger was told that balances have changed. */
    void poked() {
        poked = history.now();
    }

    /** Whether so much was missing at some time since a moment. */
    boolean allows(Account refused, long units, int asked) {
        return history.hadLessThan(units, refused, asked);
    }

    /** The same for a refusal that was given without asking. */
    boolean allowsFromMemory(Account refused, long units) {
        OptionalInt earliest = answers.stream()
                .filter(answer -> clock.nanoTime() - answer.atNanos() < memory.toNanos())
                .mapToInt(Heard::askedFor)
                .filter(askedFor -> askedFor > poked)
                .min();
        return earliest.isPresent() && history.hadLessThan(units, refused, earliest.getAsInt());
    }

    /** Up to where the ledger was told that its journal is booked. */
    long positionHeard() {
        return position;
    }

    /** Whether the ledger has begun to close its writer. */
    boolean isClosing() {
        return closing;
    }

    @Override
    public CompletionStage<Void> register(WriterId writer) {
        return inner.register(writer);
    }

    @Override
    public CompletionStage<Answer> exchange(Exchange exchange) {
        int askedFor = history.now();
        return inner.exchange(exchange).thenApply(answer -> {
            answers.add(new Heard(clock.nanoTime(), askedFor));
            hear(answer.view());
            return answer;
        });
    }

    @Override
    public CompletionStage<View> resync(WriterId writer, Set<Account> accounts) {
        return inner.resync(writer, accounts).thenApply(this::hear);
    }

    @Override
    public CompletionStage<Void> recall(WriterId asking, Set<Account> accounts) {
        return inner.recall(asking, accounts);
    }

    @Override
    public CompletionStage<View> beginClose(WriterId writer) {
        closing = true;
        return inner.beginClose(writer).thenApply(this::hear);
    }

    @Override
    public CompletionStage<Void> finishClose(WriterId writer) {
        return inner.finishClose(writer);
    }

    private View hear(View view) {
        position = Math.max(position, view.appliedPosition());
        return view;
    }
}

package io.newapi.core.quota;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Balances in memory: for tests, and for programs that keep their books elsewhere. Everything happens at once, under
 * one lock. Thread-safe.
 */
public final class InMemoryQuotaAuthority implements QuotaAuthority {

    private static final class Writer {
        private WriterState state = WriterState.OPEN;
        private long appliedPosition;
        private final Map<Account, Long> held = new HashMap<>();
        private final Set<Account> recalled = new HashSet<>();
    }

    private static final View MISSING = new View(WriterState.MISSING, 0, Map.of());

    private final Map<Account, Long> balances = new HashMap<>();
    private final Map<Account, Long> charged = new HashMap<>();
    private final Map<WriterId, Writer> writers = new HashMap<>();
    private final Set<Account> disabled = new HashSet<>();
    private final Consumer<JournalEntry> bookkeeper;

    /** No accounts yet; what is booked shows in the balances only. */
    public InMemoryQuotaAuthority() {
        this(entry -> {});
    }

    /**
     * No accounts yet.
     *
     * @param bookkeeper is given every entry once, in the order of booking; called under the lock, must not fail
     */
    public InMemoryQuotaAuthority(Consumer<JournalEntry> bookkeeper) {
        this.bookkeeper = bookkeeper;
    }

    /**
     * Adds to an account, and opens it if it was not known.
     *
     * @throws ArithmeticException if the balance would exceed 64 bits
     */
    public synchronized void credit(Account account, Quota amount) {
        balances.merge(account, amount.units(), Math::addExact);
    }

    /** What is left of an account, with what is leased from it and not yet booked as spent. */
    public synchronized QuotaBalance balance(Account account) {
        return new QuotaBalance(Math.addExact(balances.getOrDefault(account, 0L), leased(account, Optional.empty())));
    }

    /** What was booked as spent on an account. */
    public synchronized Quota charged(Account account) {
        return Quota.of(charged.getOrDefault(account, 0L));
    }

    /** What is leased of an account to all writers together. */
    public synchronized Quota leased(Account account) {
        return Quota.of(leased(account, Optional.empty()));
    }

    /** Lets no more be leased of an account; what was spent and what comes back is still booked. */
    public synchronized void disable(Account account) {
        disabled.add(account);
    }

    /** Undoes {@link #disable}. */
    public synchronized void enable(Account account) {
        disabled.remove(account);
    }

    @Override
    public synchronized CompletionStage<Void> register(WriterId writer) {
        if (writers.putIfAbsent(writer, new Writer()) != null) {
            return CompletableFuture.failedFuture(new IllegalStateException("writer " + writer + " is known already"));
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<Answer> exchange(Exchange exchange) {
        Writer writer = writers.get(exchange.writer());
        if (writer == null) {
            return CompletableFuture.completedFuture(new Answer(MISSING, List.of(), Set.of()));
        }
        Map<Account, ExchangeDecision.Balance> rows = new HashMap<>();
        for (Account account : exchange.accounts()) {
            Long units = balances.get(account);
            if (units != null) {
                rows.put(account, new ExchangeDecision.Balance(units, !disabled.contains(account)));
            }
        }
        ExchangeDecision decision = ExchangeDecision.of(
                exchange,
                view(writer, writer.held.keySet()),
                writer.recalled,
                rows,
                account -> elsewhere(account, exchange.writer()),
                this::openWriters);
        decision.booked().forEach(bookkeeper);
        decision.changes().forEach((account, change) -> {
            balances.merge(account, change.balanceUnits(), Math::addExact);
            charged.merge(account, change.spentUnits(), Math::addExact);
        });
        decision.leases().forEach((account, lease) -> hold(writer, account, lease));
        writer.appliedPosition = decision.answer().view().appliedPosition();
        return CompletableFuture.completedFuture(decision.answer());
    }

    @Override
    public synchronized CompletionStage<Void> recall(WriterId asking, Set<Account> accounts) {
        writers.forEach((id, writer) -> {
            if (!id.equals(asking)) {
                accounts.stream().filter(writer.held::containsKey).forEach(writer.recalled::add);
            }
        });
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<View> resync(WriterId writer, Set<Account> accounts) {
        Writer known = writers.get(writer);
        return CompletableFuture.completedFuture(known == null ? MISSING : view(known, accounts));
    }

    @Override
    public synchronized CompletionStage<View> beginClose(WriterId writer) {
        Writer known = writers.get(writer);
        if (known == null) {
            return CompletableFuture.completedFuture(MISSING);
        }
        if (known.state == WriterState.OPEN) {
            known.state = WriterState.CLOSING;
        }
        return CompletableFuture.completedFuture(view(known, known.held.keySet()));
    }

    @Override
    public synchronized CompletionStage<Void> finishClose(WriterId writer) {
        Writer known = writers.get(writer);
        if (known != null) {
            known.held.forEach((account, units) -> balances.merge(account, units, Math::addExact));
            known.held.clear();
            known.recalled.clear();
            known.state = WriterState.CLOSED;
        }
        return CompletableFuture.completedFuture(null);
    }

    private ExchangeDecision.Elsewhere elsewhere(Account account, WriterId asking) {
        boolean pending = writers.entrySet().stream()
                .anyMatch(writer -> !writer.getKey().equals(asking)
                        && writer.getValue().recalled.contains(account));
        return new ExchangeDecision.Elsewhere(leased(account, Optional.of(asking)), pending);
    }

    private int openWriters() {
        return (int) writers.values().stream()
                .filter(writer -> writer.state == WriterState.OPEN)
                .count();
    }

    private long leased(Account account, Optional<WriterId> except) {
        long sum = 0;
        for (Map.Entry<WriterId, Writer> writer : writers.entrySet()) {
            if (except.isEmpty() || !except.get().equals(writer.getKey())) {
                sum = Math.addExact(sum, writer.getValue().held.getOrDefault(account, 0L));
            }
        }
        return sum;
    }

    private static void hold(Writer writer, Account account, ExchangeDecision.Lease lease) {
        if (lease.heldUnits() == 0) {
            writer.held.remove(account);
        } else {
            writer.held.put(account, lease.heldUnits());
        }
        // what is no longer held cannot be asked for
        if (lease.heldUnits() == 0 || lease.recallAnswered()) {
            writer.recalled.remove(account);
        }
    }

    private static View view(Writer writer, Set<Account> accounts) {
        Map<Account, Long> held = new HashMap<>(writer.held);
        held.keySet().retainAll(accounts);
        return new View(writer.state, writer.appliedPosition, held);
    }
}

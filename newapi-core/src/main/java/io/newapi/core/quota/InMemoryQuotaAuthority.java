package io.newapi.core.quota;

import java.util.ArrayList;
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
            return CompletableFuture.completedFuture(
                    new Answer(new View(WriterState.MISSING, 0, Map.of()), List.of(), Set.of()));
        }
        for (int i = 0; i < exchange.entries().size(); i++) {
            if (exchange.positions().get(i) > writer.appliedPosition) {
                book(writer, exchange.entries().get(i));
                writer.appliedPosition = exchange.positions().get(i);
            }
        }
        List<Verdict> verdicts = new ArrayList<>();
        Set<Account> recalled = new HashSet<>(writer.recalled);
        recalled.removeAll(exchange.returns().keySet());
        if (writer.state == WriterState.OPEN) {
            exchange.returns().forEach((account, units) -> giveBack(writer, account, units));
            for (GrantRequest request : exchange.requests()) {
                verdicts.add(grant(exchange.writer(), writer, request));
            }
        }
        return CompletableFuture.completedFuture(new Answer(view(writer, exchange.touched()), verdicts, recalled));
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
        return CompletableFuture.completedFuture(
                known == null ? new View(WriterState.MISSING, 0, Map.of()) : view(known, accounts));
    }

    @Override
    public synchronized CompletionStage<View> beginClose(WriterId writer) {
        Writer known = writers.get(writer);
        if (known == null) {
            return CompletableFuture.completedFuture(new View(WriterState.MISSING, 0, Map.of()));
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

    private void book(Writer writer, JournalEntry entry) {
        bookkeeper.accept(entry);
        Payer payer = entry.payer();
        take(writer, payer.userAccount(), entry.units(), true);
        if (payer.share() != Payer.TokenShare.NONE) {
            boolean leased = payer.share() == Payer.TokenShare.LIMITED;
            take(writer, Account.token(payer.tokenId()), entry.units(), leased);
        }
    }

    private void take(Writer writer, Account account, long units, boolean leased) {
        long fromLease = leased ? Math.min(writer.held.getOrDefault(account, 0L), units) : 0;
        if (fromLease > 0) {
            hold(writer, account, -fromLease);
        }
        balances.merge(account, fromLease - units, Math::addExact);
        charged.merge(account, units, Math::addExact);
    }

    private void giveBack(Writer writer, Account account, long offered) {
        writer.recalled.remove(account);
        long units = Math.min(offered, writer.held.getOrDefault(account, 0L));
        if (units > 0) {
            hold(writer, account, -units);
            balances.merge(account, units, Math::addExact);
        }
    }

    private Verdict grant(WriterId id, Writer writer, GrantRequest request) {
        List<Shortfall> shortfalls = new ArrayList<>();
        shortfalls.add(request.user());
        request.token().ifPresent(shortfalls::add);
        shortfalls.removeIf(shortfall -> shortfall.units() == 0);
        for (Shortfall shortfall : shortfalls) {
            Long balance = balances.get(shortfall.account());
            if (balance == null || disabled.contains(shortfall.account())) {
                return new Verdict.Closed(shortfall.account());
            }
            if (balance < shortfall.units()) {
                return new Verdict.Insufficient(
                        shortfall.account(),
                        balance,
                        leased(shortfall.account(), Optional.of(id)),
                        recallPending(shortfall.account(), id));
            }
        }
        for (Shortfall shortfall : shortfalls) {
            long balance = balances.getOrDefault(shortfall.account(), 0L);
            long slice = Slice.size(shortfall, balance, openWriters());
            balances.put(shortfall.account(), balance - slice);
            hold(writer, shortfall.account(), slice);
        }
        return new Verdict.Granted();
    }

    private boolean recallPending(Account account, WriterId asking) {
        return writers.entrySet().stream()
                .anyMatch(writer -> !writer.getKey().equals(asking)
                        && writer.getValue().recalled.contains(account));
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

    private static void hold(Writer writer, Account account, long units) {
        writer.held.merge(account, units, (had, change) -> {
            long left = Math.addExact(had, change);
            return left == 0 ? null : left;
        });
        if (!writer.held.containsKey(account)) {
            // what is no longer held cannot be asked for
            writer.recalled.remove(account);
        }
    }

    private static View view(Writer writer, Set<Account> accounts) {
        Map<Account, Long> held = new HashMap<>(writer.held);
        held.keySet().retainAll(accounts);
        return new View(writer.state, writer.appliedPosition, held);
    }
}

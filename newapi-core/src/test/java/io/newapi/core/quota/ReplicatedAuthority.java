package io.newapi.core.quota;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Balances of which there are copies that lag behind: it remembers every change, so that it can go back to the state
 * before the last ones. For one thread.
 */
final class ReplicatedAuthority implements QuotaAuthority {

    /** What is stored, and what only a simulation knows of it. */
    private static final class State {
        final InMemoryQuotaAuthority balances = new InMemoryQuotaAuthority(this::book);
        final Map<Account, Long> credited = new HashMap<>();
        final Set<WriterId> writers = new HashSet<>();
        final Map<String, Integer> booked = new HashMap<>();

        private void book(JournalEntry entry) {
            booked.merge(entry.settlement().requestId(), 1, Integer::sum);
        }
    }

    private final List<Consumer<State>> changes = new ArrayList<>();
    private final Map<WriterId, Long> furthest = new HashMap<>();
    private final Runnable afterChange;
    private final boolean keepsCharges;
    private State state = new State();
    private int ghosts;

    /**
     * No accounts yet.
     *
     * @param afterChange called after every change of a balance
     * @param keepsCharges the mistake of going back to older positions, but not to older balances
     */
    ReplicatedAuthority(Runnable afterChange, boolean keepsCharges) {
        this.afterChange = afterChange;
        this.keepsCharges = keepsCharges;
    }

    /** Forgets the last changes: a copy that has not seen them takes over. */
    void failOver(int changesLost) {
        int kept = Math.max(0, changes.size() - changesLost);
        List<Consumer<State>> lost = List.copyOf(changes.subList(kept, changes.size()));
        changes.subList(kept, changes.size()).clear();
        state = new State();
        changes.forEach(change -> change.accept(state));
        if (keepsCharges) {
            keepCharges(lost);
        }
        afterChange.run();
    }

    private void keepCharges(List<Consumer<State>> lost) {
        for (Consumer<State> change : lost) {
            if (change instanceof Booking booking) {
                WriterId ghost = new WriterId(String.format("f%031x", ++ghosts));
                change(to -> {
                    now(to.balances.register(ghost));
                    now(to.balances.exchange(booking.as(ghost)));
                    now(to.balances.finishClose(ghost));
                });
            }
        }
    }

    /** The charges of an exchange. */
    private record Booking(Exchange exchange) implements Consumer<State> {
        @Override
        public void accept(State to) {
            now(to.balances.exchange(exchange));
        }

        Exchange as(WriterId writer) {
            return new Exchange(
                    writer, 0, exchange.entries(), exchange.positions(), Map.of(), List.of(), exchange.touched());
        }
    }

    private void change(Consumer<State> change) {
        changes.add(change);
        change.accept(state);
        afterChange.run();
    }

    private <T> CompletionStage<T> change(
            Consumer<State> again, Function<InMemoryQuotaAuthority, CompletionStage<T>> now) {
        changes.add(again);
        CompletionStage<T> answer = now.apply(state.balances);
        afterChange.run();
        return answer;
    }

    int changes() {
        return changes.size();
    }

    void credit(Account account, long units) {
        change(to -> {
            to.balances.credit(account, Quota.of(units));
            to.credited.merge(account, units, Long::sum);
        });
    }

    void disable(Account account) {
        change(to -> to.balances.disable(account));
    }

    void enable(Account account) {
        change(to -> to.balances.enable(account));
    }

    // ---- what is stored ----

    long credited(Account account) {
        return state.credited.getOrDefault(account, 0L);
    }

    /** What is left of an account, with what is leased from it. */
    long balance(Account account) {
        return state.balances.balance(account).units();
    }

    long leased(Account account) {
        return state.balances.leased(account).units();
    }

    long charged(Account account) {
        return state.balances.charged(account).units();
    }

    /** How often a settlement was booked. */
    int booked(String id) {
        return state.booked.getOrDefault(id, 0);
    }

    /** The settlements that were booked more than once. */
    List<String> bookedTwice() {
        return state.booked.entrySet().stream()
                .filter(each -> each.getValue() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    boolean knows(WriterId writer) {
        return state.writers.contains(writer);
    }

    Set<WriterId> writers() {
        return Set.copyOf(state.writers);
    }

    View view(WriterId writer, Set<Account> accounts) {
        return now(state.balances.resync(writer, accounts));
    }

    long position(WriterId writer) {
        return view(writer, Set.of()).appliedPosition();
    }

    /** Up to where a writer's journal was ever booked, here or in what was lost since. */
    long furthestPosition(WriterId writer) {
        return furthest.getOrDefault(writer, 0L);
    }

    // ---- what writers ask for ----

    @Override
    public CompletionStage<Void> register(WriterId writer) {
        return change(
                to -> {
                    now(to.balances.register(writer));
                    to.writers.add(writer);
                },
                balances -> {
                    state.writers.add(writer);
                    return balances.register(writer);
                });
    }

    @Override
    public CompletionStage<Answer> exchange(Exchange exchange) {
        return change(new Booking(exchange), balances -> balances.exchange(exchange))
                .whenComplete((answer, failure) -> {
                    if (answer != null) {
                        furthest.merge(exchange.writer(), answer.view().appliedPosition(), Math::max);
                    }
                });
    }

    @Override
    public CompletionStage<View> resync(WriterId writer, Set<Account> accounts) {
        return state.balances.resync(writer, accounts);
    }

    @Override
    public CompletionStage<Void> recall(WriterId asking, Set<Account> accounts) {
        return change(to -> now(to.balances.recall(asking, accounts)), balances -> balances.recall(asking, accounts));
    }

    @Override
    public CompletionStage<View> beginClose(WriterId writer) {
        return change(to -> now(to.balances.beginClose(writer)), balances -> balances.beginClose(writer));
    }

    @Override
    public CompletionStage<Void> finishClose(WriterId writer) {
        return change(to -> now(to.balances.finishClose(writer)), balances -> balances.finishClose(writer));
    }

    private static <T> T now(CompletionStage<T> stage) {
        CompletableFuture<T> done = stage.toCompletableFuture();
        if (!done.isDone()) {
            throw new IllegalStateException("balances in memory answer at once");
        }
        return done.join();
    }
}

package io.newapi.core.quota;

import io.newapi.core.quota.QuotaAuthority.Answer;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.GrantRequest;
import io.newapi.core.quota.QuotaAuthority.Shortfall;
import io.newapi.core.quota.QuotaAuthority.Verdict;
import io.newapi.core.quota.QuotaAuthority.View;
import io.newapi.core.quota.QuotaAuthority.WriterState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * What an exchange comes to: the arithmetic that every authority shares, without the storage in which they differ.
 *
 * <p>An authority runs one transaction: it locks the writer's row, then the writer's leases and the balances of {@link
 * Exchange#accounts()}, has the exchange decided, and writes {@link #booked()}, {@link #changes()}, {@link #leases()}
 * and the new position of {@link #answer()}. A writer that is not known changes nothing.
 *
 * <p>Immutable: everything is decided when {@link #of} returns.
 */
public final class ExchangeDecision {

    /**
     * A balance as it is stored.
     *
     * @param units what is left beside the leases; negative after an overage
     * @param chargeable whether quota may be leased from it: neither disabled nor deleted
     */
    public record Balance(long units, boolean chargeable) {}

    /**
     * What other writers hold of an account.
     *
     * @param heldUnits the sum, not negative
     * @param recallPending whether some of them were asked to return it and have not answered
     */
    public record Elsewhere(long heldUnits, boolean recallPending) {}

    /**
     * What an exchange adds to an account.
     *
     * @param balanceUnits to add to the balance; mostly negative
     * @param spentUnits to add to what was spent
     * @param requests to add to the number of requests
     */
    public record Change(long balanceUnits, long spentUnits, long requests) {}

    /**
     * A lease of the writer after the exchange.
     *
     * @param heldUnits what is held of it now; 0 when there is no lease any more
     * @param isNew whether there was none before
     * @param recallAnswered whether a recall that was asked of it is answered by this exchange
     */
    public record Lease(long heldUnits, boolean isNew, boolean recallAnswered) {}

    private final Exchange exchange;
    private final Map<Account, Balance> balances;
    private final Function<Account, Elsewhere> elsewhere;
    private final IntSupplier openWriters;
    private final Map<Account, Long> heldBefore;
    private final Map<Account, Long> held;
    private final Set<Account> recalled;
    private final Map<Account, Elsewhere> lookedUp = new HashMap<>();
    private final SortedMap<Account, Change> changes = new TreeMap<>();
    private final List<JournalEntry> booked = new ArrayList<>();
    private final boolean fromLater;
    private final Answer answer;
    private int sharing;

    private ExchangeDecision(
            Exchange exchange,
            View before,
            Set<Account> recalled,
            Map<Account, Balance> balances,
            Function<Account, Elsewhere> elsewhere,
            IntSupplier openWriters) {
        this.exchange = exchange;
        this.balances = Map.copyOf(balances);
        this.elsewhere = elsewhere;
        this.openWriters = openWriters;
        this.fromLater = exchange.from() > before.appliedPosition();
        this.heldBefore = before.held();
        this.held = new HashMap<>(before.held());
        this.recalled = new HashSet<>(recalled);
        this.answer = before.state() == WriterState.MISSING
                ? new Answer(new View(WriterState.MISSING, 0, Map.of()), List.of(), Set.of())
                : decide(before);
    }

    /**
     * Decides an exchange: books what is not booked yet, takes back what is returned, then serves the requests in their
     * order.
     *
     * @param before the writer as it is booked, with its leases of at least the {@link Exchange#accounts()}
     * @param recalled those of the writer's accounts that others have asked for
     * @param balances of the {@link Exchange#accounts()}, without what is leased; an account without one does not exist
     * @param elsewhere what other writers hold; asked at most once for each account, and only when its balance falls
     *     short
     * @param openWriters how many writers are open, at least 1; asked at most once, and only when something is granted
     * @throws ArithmeticException if an amount exceeds 64 bits; then nothing may be written
     */
    public static ExchangeDecision of(
            Exchange exchange,
            View before,
            Set<Account> recalled,
            Map<Account, Balance> balances,
            Function<Account, Elsewhere> elsewhere,
            IntSupplier openWriters) {
        return new ExchangeDecision(exchange, before, recalled, balances, elsewhere, openWriters);
    }

    /** What the writer is to be told, after the commit. */
    public Answer answer() {
        return answer;
    }

    /** The entries that had not been booked, in their order. */
    public List<JournalEntry> booked() {
        return Collections.unmodifiableList(booked);
    }

    /** What changes on each account that was charged, given back to or leased from, in the order of locks. */
    public SortedMap<Account, Change> changes() {
        return Collections.unmodifiableSortedMap(changes);
    }

    /** The leases that are to be written, in the order of locks. */
    public SortedMap<Account, Lease> leases() {
        if (fromLater) {
            return Collections.emptySortedMap();
        }
        SortedMap<Account, Lease> written = new TreeMap<>();
        held.forEach((account, units) -> {
            boolean answered = exchange.returns().containsKey(account);
            if (answered || !units.equals(heldBefore.get(account))) {
                written.put(account, new Lease(units, !heldBefore.containsKey(account), answered));
            }
        });
        return written;
    }

    private Answer decide(View before) {
        if (fromLater) {
            return nothing(before);
        }
        long position = book(before.appliedPosition());
        List<Verdict> verdicts = new ArrayList<>();
        if (before.state() == WriterState.OPEN) {
            exchange.returns().forEach(this::takeBack);
            exchange.requests().forEach(request -> verdicts.add(grant(request)));
        }
        Map<Account, Long> reported = new HashMap<>(held);
        reported.keySet().retainAll(exchange.touched());
        return new Answer(new View(before.state(), position, reported), verdicts, recalled);
    }

    /**
     * The authority was put back to an older state: what was booked in between must not be skipped. The writer learns of it
     * by the position.
     */
    private Answer nothing(View before) {
        Map<Account, Long> reported = new HashMap<>(held);
        reported.keySet().retainAll(exchange.touched());
        return new Answer(new View(before.state(), before.appliedPosition(), reported), List.of(), recalled);
    }

    /** Books the entries behind {@code applied}; returns the new position. */
    private long book(long applied) {
        long position = applied;
        for (int i = 0; i < exchange.entries().size(); i++) {
            long end = exchange.positions().get(i);
            if (end > position) {
                book(exchange.entries().get(i));
                position = end;
            }
        }
        return position;
    }

    private void book(JournalEntry entry) {
        booked.add(entry);
        Payer payer = entry.payer();
        charge(payer.userAccount(), entry, true);
        if (payer.share() != Payer.TokenShare.NONE) {
            charge(Account.token(payer.tokenId()), entry, payer.share() == Payer.TokenShare.LIMITED);
        }
    }

    /** What is spent comes out of the lease first; what the lease does not cover, out of the balance. */
    private void charge(Account account, JournalEntry entry, boolean leased) {
        long fromLease = leased ? Math.min(held.getOrDefault(account, 0L), entry.units()) : 0;
        hold(account, -fromLease);
        change(
                account,
                fromLease - entry.units(),
                entry.units(),
                entry.settlement().requests());
    }

    private void takeBack(Account account, long offered) {
        long units = Math.min(offered, held.getOrDefault(account, 0L));
        hold(account, -units);
        change(account, units, 0, 0);
        recalled.remove(account);
    }

    private Verdict grant(GrantRequest request) {
        List<Shortfall> shortfalls = new ArrayList<>(2);
        shortfalls.add(request.user());
        request.token().ifPresent(shortfalls::add);
        shortfalls.removeIf(shortfall -> shortfall.units() == 0);
        for (Shortfall shortfall : shortfalls) {
            Account account = shortfall.account();
            Balance stored = balances.get(account);
            if (stored == null || !stored.chargeable()) {
                return new Verdict.Closed(account);
            }
            long balance = balance(account);
            if (balance < shortfall.units()) {
                // many callers may fall short of one account: it is looked up once
                Elsewhere others = lookedUp.computeIfAbsent(account, elsewhere);
                return new Verdict.Insufficient(account, balance, others.heldUnits(), others.recallPending());
            }
        }
        for (Shortfall shortfall : shortfalls) {
            long slice = Slice.size(shortfall, balance(shortfall.account()), openWriters());
            hold(shortfall.account(), slice);
            change(shortfall.account(), -slice, 0, 0);
        }
        return new Verdict.Granted();
    }

    private long balance(Account account) {
        Balance stored = balances.get(account);
        Change change = changes.get(account);
        return Math.addExact(stored == null ? 0 : stored.units(), change == null ? 0 : change.balanceUnits());
    }

    private int openWriters() {
        if (sharing == 0) {
            sharing = openWriters.getAsInt();
        }
        return sharing;
    }

    private void hold(Account account, long change) {
        if (change != 0) {
            held.merge(account, change, Math::addExact);
        }
    }

    private void change(Account account, long balanceUnits, long spentUnits, long requests) {
        if (balanceUnits != 0 || spentUnits != 0 || requests != 0) {
            changes.merge(
                    account,
                    new Change(balanceUnits, spentUnits, requests),
                    (had, more) -> new Change(
                            Math.addExact(had.balanceUnits(), more.balanceUnits()),
                            Math.addExact(had.spentUnits(), more.spentUnits()),
                            Math.addExact(had.requests(), more.requests())));
        }
    }
}

package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.quota.QuotaAuthority.Answer;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.View;
import io.newapi.core.quota.QuotaAuthority.WriterState;
import io.newapi.core.quota.ReserveOutcome.Reserved;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Several ledgers, as they are in production, on one set of balances, with calls and accidents by chance: one run of one
 * seed. Each ledger has its own clock and thread, which stand still when its process is dead or stopped.
 */
final class LedgerSimulation {

    private static final int STEPS = 120;
    private static final int LEDGERS = 3;
    private static final int USERS = 2;
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(25);

    /** A ledger and its process. */
    private static final class LedgerNode {
        final VirtualTime time = new VirtualTime();
        final DoubtfulAuthority connection;
        final UsageJournal journal;
        final LeasedLedger ledger;
        boolean leaving;
        boolean stopped;

        LedgerNode(DoubtfulAuthorityOf connections, UsageJournal journal) {
            this.journal = journal;
            this.connection = connections.at(time);
            this.ledger = now(LeasedLedger.open(connection, journal, time, time, LedgerSettings.DEFAULT));
        }
    }

    private interface DoubtfulAuthorityOf {
        DoubtfulAuthority at(VirtualTime time);
    }

    /** Somebody who waits for an answer. */
    private record Asked(LedgerNode process, CompletableFuture<ReserveOutcome> outcome) {}

    /** A call that holds quota. */
    private record Call(LedgerNode process, Reservation reservation) {}

    private final RandomGenerator chance;
    private final InMemoryQuotaAuthority balances = new InMemoryQuotaAuthority(this::booked);
    private final int faultyOneIn;
    private final boolean overage;
    private final @Nullable JournalDirectory directory;

    private final List<LedgerNode> processes = new ArrayList<>();
    private final List<LedgerNode> ended = new ArrayList<>();
    private final List<Asked> asked = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();

    private final Map<Account, Long> credited = new HashMap<>();
    private final Map<Account, Long> settled = new HashMap<>();
    private final Map<Account, Long> allowedShortage = new HashMap<>();
    private final Map<String, Integer> unbooked = new HashMap<>();
    private int settlements;
    private int writers;

    /** @param directory for journals in files; null for journals in memory */
    LedgerSimulation(long seed, @Nullable Path directory) {
        chance = new SplittableRandom(seed);
        faultyOneIn = chance.nextInt(2, 12);
        overage = chance.nextBoolean();
        this.directory = directory == null ? null : JournalDirectory.open(directory);
    }

    void run() {
        for (int user = 1; user <= USERS; user++) {
            credit(Account.user(user), chance.nextInt(6, 40));
            credit(Account.token(user), chance.nextInt(6, 40));
        }
        for (int i = 0; i < LEDGERS; i++) {
            processes.add(open());
        }
        for (int step = 0; step < STEPS; step++) {
            doSomething();
            check();
            checkMemory(false);
        }
        end();
    }

    private LedgerNode open() {
        WriterId writer = new WriterId(String.format("%032x", ++writers));
        JournalDirectory files = directory;
        UsageJournal journal =
                files == null ? new MemoryJournal(writer) : files.create(writer, JournalSettings.LEAST_SEGMENT_BYTES);
        return new LedgerNode(time -> new DoubtfulAuthority(balances, time, chance, faultyOneIn), journal);
    }

    private void doSomething() {
        LedgerNode process = processes.get(chance.nextInt(processes.size()));
        switch (chance.nextInt(24)) {
            case 0, 1, 2, 3, 4, 5 -> ask(process);
            case 6, 7, 8, 9, 10, 11 -> endSomeCall();
            case 12, 13, 14, 15, 16 -> letTimePass(Duration.ofMillis(chance.nextLong(400)));
            case 17 -> letTimePass(Duration.ofMillis(chance.nextLong(5_000)));
            case 18 -> advance(process, Duration.ofSeconds(chance.nextLong(60)));
            case 19 -> changeBalance(process);
            case 20 -> process.time.jumpWallClock(Duration.ofSeconds(chance.nextLong(120)));
            case 21 -> chargeWithoutReservation(process);
            case 22 -> replace(process);
            default -> process.connection.decide();
        }
        hear();
    }

    // ---- calls ----

    private Payer somebody() {
        long user = chance.nextLong(1, USERS + 1);
        return switch (chance.nextInt(4)) {
            case 0 -> Payer.user(user);
            case 1 -> Payer.unlimitedToken(user, user);
            default -> Payer.limitedToken(user, user);
        };
    }

    private void ask(LedgerNode process) {
        if (!process.stopped) {
            Quota amount = Quota.of(chance.nextInt(8));
            asked.add(new Asked(
                    process, process.ledger.reserve(somebody(), amount).toCompletableFuture()));
        }
    }

    private void hear() {
        asked.removeIf(each -> {
            if (!each.outcome().isDone()) {
                return false;
            }
            if (each.outcome().join() instanceof Reserved reserved) {
                Call call = new Call(each.process(), reserved.reservation());
                calls.add(call);
                if (call.process().leaving) {
                    allow(call);
                }
            }
            return true;
        });
    }

    private void endSomeCall() {
        if (calls.isEmpty()) {
            return;
        }
        Call call = calls.remove(chance.nextInt(calls.size()));
        if (chance.nextInt(4) == 0) {
            assertThat(call.reservation().release()).isTrue();
        } else {
            long held = call.reservation().heldUnits();
            settle(call.reservation(), chance.nextLong(held + 1) + (overage && chance.nextInt(3) == 0 ? 3 : 0));
        }
        assertThat(call.reservation().release()).isFalse();
        assertThat(call.reservation().settle(Settlement.of("again", Quota.of(1))))
                .isFalse();
    }

    private void settle(Reservation reservation, long used) {
        String id = "call " + ++settlements;
        unbooked.put(id, 1);
        Payer payer = reservation.payer();
        long over = Math.max(0, used - reservation.heldUnits());
        spend(payer.userAccount(), used, over);
        if (payer.share() == Payer.TokenShare.LIMITED) {
            spend(Account.token(payer.tokenId()), used, over);
        } else if (payer.share() == Payer.TokenShare.UNLIMITED) {
            spend(Account.token(payer.tokenId()), used, used);
        }
        assertThat(reservation.settle(Settlement.of(id, Quota.of(used)))).isTrue();
    }

    private void spend(Account account, long used, long beyondReservation) {
        settled.merge(account, used, Long::sum);
        allowedShortage.merge(account, beyondReservation, Long::sum);
    }

    private void chargeWithoutReservation(LedgerNode process) {
        if (overage && !process.leaving && !process.stopped) {
            settle(process.ledger.unchecked(somebody()), chance.nextLong(1, 3));
        }
    }

    private void booked(JournalEntry entry) {
        String id = entry.settlement().requestId();
        assertThat(unbooked.remove(id))
                .as("%s is booked, and not for the first time", id)
                .isNotNull();
    }

    // ---- time, balances, processes ----

    private void letTimePass(Duration by) {
        for (LedgerNode process : processes) {
            advance(process, by);
        }
    }

    private static void advance(LedgerNode process, Duration by) {
        if (!process.stopped) {
            process.time.advance(by);
        }
    }

    private void credit(Account account, long units) {
        balances.credit(account, Quota.of(units));
        credited.merge(account, units, Long::sum);
    }

    private void changeBalance(LedgerNode process) {
        Account account = chance.nextBoolean()
                ? Account.user(chance.nextLong(1, USERS + 1))
                : Account.token(chance.nextLong(1, USERS + 1));
        switch (chance.nextInt(3)) {
            case 0 -> credit(account, chance.nextLong(10));
            case 1 -> balances.disable(account);
            default -> balances.enable(account);
        }
        process.ledger.poke();
    }

    /** A process leaves, is killed, or stops for so long that others close its ledger; another one begins. */
    private void replace(LedgerNode process) {
        if (processes.size() - ended.size() > LEDGERS || process.leaving || process.stopped) {
            return;
        }
        switch (chance.nextInt(3)) {
            case 0 -> {
                process.leaving = true;
                allowCallsInFlight(process);
                var unused = process.ledger.close();
            }
            case 1 -> kill(process);
            default -> stopAndClose(process);
        }
        processes.add(open());
    }

    /** Its calls end with it, uncharged; its journal is booked by somebody else. */
    private void kill(LedgerNode process) {
        process.stopped = true;
        ended.add(process);
        asked.removeIf(each -> each.process() == process);
        calls.removeIf(each -> each.process() == process);
        if (chance.nextBoolean()) {
            recover(process);
        }
    }

    /** What it spent and reserved, and nobody can know, may be spent again. */
    private void stopAndClose(LedgerNode process) {
        allowCallsInFlight(process);
        allowWhatIsUnbooked(process);
        process.connection.decide();
        var unused = now(balances.beginClose(process.journal.writer()));
        now(balances.finishClose(process.journal.writer()));
        process.time.jumpWallClock(Duration.ofMinutes(2));
    }

    private void allowCallsInFlight(LedgerNode process) {
        calls.stream().filter(call -> call.process() == process).forEach(this::allow);
    }

    /** A ledger that is closed while a call holds quota gives that quota back; the call is charged late. */
    private void allow(Call call) {
        Payer payer = call.reservation().payer();
        long units = call.reservation().heldUnits();
        allowedShortage.merge(payer.userAccount(), units, Long::sum);
        payer.limitAccount().ifPresent(limit -> allowedShortage.merge(limit, units, Long::sum));
    }

    private void allowWhatIsUnbooked(LedgerNode process) {
        View view = now(balances.resync(process.journal.writer(), new HashSet<>(credited.keySet())));
        for (JournalEntry entry :
                process.journal.read(view.appliedPosition(), 1_000).entries()) {
            allowedShortage.merge(entry.payer().userAccount(), entry.units(), Long::sum);
            entry.payer().limitAccount().ifPresent(limit -> allowedShortage.merge(limit, entry.units(), Long::sum));
        }
    }

    private void recover(LedgerNode process) {
        process.connection.decide();
        JournalDirectory files = directory;
        if (files != null) {
            // FileJournal: in production another process opens the files; the dead one's object only lets go of them
            process.journal.close();
        }
        WriterId writer = process.journal.writer();
        View view = now(balances.beginClose(writer));
        UsageJournal left = files == null ? process.journal : files.openLeft(writer);
        long position = Math.max(view.appliedPosition(), left.start());
        for (UsageJournal.Page page = left.read(position, 2);
                !page.entries().isEmpty();
                page = left.read(position, 2)) {
            Answer answer = now(balances.exchange(new Exchange(
                    writer, position, page.entries(), page.positions(), Map.of(), List.of(), credited.keySet())));
            assertThat(answer.view().appliedPosition()).isGreaterThan(position);
            position = answer.view().appliedPosition();
        }
        now(balances.finishClose(writer));
        left.delete();
        ended.remove(process);
        processes.remove(process);
    }

    // ---- what must hold ----

    private void check() {
        for (Map.Entry<Account, Long> each : credited.entrySet()) {
            Account account = each.getKey();
            long balance = balances.balance(account).units();
            long charged = balances.charged(account).units();
            assertThat(balance + charged)
                    .as("%s: what is there and what was charged", account)
                    .isEqualTo(each.getValue());
            long left = each.getValue() - settled.getOrDefault(account, 0L) - reserved(account);
            assertThat(left)
                    .as("%s: what is neither spent nor reserved", account)
                    .isGreaterThanOrEqualTo(-allowedShortage.getOrDefault(account, 0L));
        }
    }

    /**
     * Memory never promises more than is leased; when nothing is under way, it promises all of it. A ledger that others
     * have closed promises nothing any more, whatever its memory says.
     */
    private void checkMemory(boolean atRest) {
        for (LedgerNode node : processes) {
            View view = now(balances.resync(node.journal.writer(), credited.keySet()));
            if (node.stopped || view.state() != WriterState.OPEN) {
                continue;
            }
            List<JournalEntry> unapplied =
                    node.journal.read(view.appliedPosition(), 1_000).entries();
            for (Account account : credited.keySet()) {
                long promised =
                        node.ledger.cell(account).freeUnits() + reserved(node, account) + units(unapplied, account);
                if (atRest) {
                    assertThat(promised).as("%s in memory", account).isEqualTo(view.heldOf(account));
                } else {
                    assertThat(promised).as("%s in memory", account).isLessThanOrEqualTo(view.heldOf(account));
                }
            }
        }
    }

    private static long units(List<JournalEntry> entries, Account account) {
        return entries.stream()
                .filter(entry -> pays(entry.payer(), account))
                .mapToLong(JournalEntry::units)
                .sum();
    }

    private static boolean pays(Payer payer, Account account) {
        return payer.userAccount().equals(account)
                || payer.limitAccount().filter(account::equals).isPresent();
    }

    private long reserved(LedgerNode node, Account account) {
        return calls.stream()
                .filter(call ->
                        call.process() == node && pays(call.reservation().payer(), account))
                .mapToLong(call -> call.reservation().heldUnits())
                .sum();
    }

    private long reserved(Account account) {
        return processes.stream().mapToLong(node -> reserved(node, account)).sum();
    }

    private void end() {
        processes.forEach(process -> process.connection.calm());
        letTimePass(LONG_ENOUGH);
        hear();
        assertThat(asked.stream().filter(each -> !each.process().stopped))
                .as("calls without an answer")
                .isEmpty();
        while (!calls.isEmpty()) {
            endSomeCall();
        }
        letTimePass(LONG_ENOUGH);
        checkMemory(true);
        List.copyOf(ended).forEach(this::recover);
        for (LedgerNode process : processes) {
            CompletionStage<Void> left = process.ledger.close();
            process.time.advance(LONG_ENOUGH);
            now(left);
        }
        check();
        assertThat(unbooked).as("settlements that were never booked").isEmpty();
        for (Account account : credited.keySet()) {
            assertThat(balances.leased(account)).as("leased of %s", account).isEqualTo(Quota.ZERO);
            assertThat(balances.charged(account).units()).isEqualTo(settled.getOrDefault(account, 0L));
        }
        reserveAllThatIsLeft();
        JournalDirectory files = directory;
        if (files != null) {
            assertThat(files.writersLeft()).as("journals left").isEmpty();
            files.close();
        }
    }

    /** Whatever is left of a balance can be had, to the last unit. */
    private void reserveAllThatIsLeft() {
        LedgerNode last = open();
        last.connection.calm();
        for (int user = 1; user <= USERS; user++) {
            balances.enable(Account.user(user));
            long left = balances.balance(Account.user(user)).units();
            if (left > 0) {
                CompletableFuture<ReserveOutcome> outcome =
                        last.ledger.reserve(Payer.user(user), Quota.of(left)).toCompletableFuture();
                last.time.advance(Duration.ofSeconds(1));
                assertThat(outcome.join()).isInstanceOf(Reserved.class);
                ((Reserved) outcome.join()).reservation().release();
            }
        }
        CompletionStage<Void> closed = last.ledger.close();
        last.time.advance(LONG_ENOUGH);
        now(closed);
    }

    private static <T> T now(CompletionStage<T> stage) {
        assertThat(stage.toCompletableFuture()).isDone();
        return stage.toCompletableFuture().join();
    }
}

package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.quota.JournalRecovery.Recovered;
import io.newapi.core.quota.QuotaAuthority.Answer;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.View;
import io.newapi.core.quota.QuotaAuthority.WriterState;
import io.newapi.core.quota.ReserveOutcome.Insufficient;
import io.newapi.core.quota.ReserveOutcome.Reserved;
import io.newapi.core.quota.SettledCalls.Settled;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Several ledgers, as they are in production, on one set of balances, with calls and accidents by chance: one run of one
 * seed. Each ledger has its own clock and thread, which stand still when its process is dead or stopped.
 */
final class LedgerSimulation {

    private static final int STEPS = 120;
    private static final int LEDGERS = 3;
    private static final int MOST_LEDGERS = 6;
    private static final int USERS = 2;
    private static final int MOST_RECOVERIES = 20;
    private static final int LARGE_DETAIL_CHARS = 12_000;
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(25);
    private static final Duration REFUSAL_MEMORY = Duration.ofSeconds(1);
    private static final Duration SLEEP = Duration.ofMinutes(2);
    private static final Duration FORGOTTEN_TIME = Duration.ofDays(-1);
    private static final JournalSettings FILES = JournalSettings.DEFAULT.withFsync(FsyncMode.OFF);

    /** A ledger and its process. */
    private final class LedgerNode {
        final VirtualTime time = new VirtualTime();
        final WriterId writer = new WriterId(String.format("%032x", ++writers));
        final DoubtfulAuthority connection = connection(time);
        final RefusalWitness witness = new RefusalWitness(connection, time, history, remembered);
        final Disk disk;
        final GuardedJournal journal;
        final LeasedLedger ledger;
        final int failoversBefore = failovers;
        boolean leaving;
        boolean overslept;
        boolean mustEnd;
        boolean mustKeep;

        @Nullable
        CompletableFuture<Recovered> recovery;

        @Nullable
        Asked lastRefused;

        LedgerNode(Disk disk) {
            this.disk = disk;
            boolean keeps = failsOver && disk.files == null;
            journal = new GuardedJournal(disk.create(writer), () -> passedByAll(writer), alarms::add, keeps);
            ledger = now(
                    second == null || flaw == Flaw.LEDGER_WITHOUT_FOLLOWER
                            ? LeasedLedger.open(witness, journal, time, time, settings)
                            : LeasedLedger.open(
                                    witness, journal, time, time, settings, LedgerListener.none(), second.at(time)));
        }

        boolean isUnknown() {
            return !balances.knows(writer);
        }
    }

    /** What survives a process, unless it is lost: its journals, in files or in memory. */
    private final class Disk {
        final @Nullable Path path;
        final List<LedgerNode> dead = new ArrayList<>();
        final List<DoubtfulAuthority> recoverers = new ArrayList<>();

        @Nullable
        JournalDirectory files;

        Disk() {
            path = directory == null ? null : directory.resolve("disk" + writers);
            disks.add(this);
            begin();
        }

        private void begin() {
            files = path == null ? null : JournalDirectory.open(path, FILES);
        }

        UsageJournal create(WriterId writer) {
            return files == null
                    ? new MemoryJournal(writer)
                    : files.create(writer, JournalSettings.LEAST_SEGMENT_BYTES);
        }

        /** The process that used it is gone; another one may begin here. */
        void survives(LedgerNode killed) {
            dead.add(killed);
            close(killed);
            begin();
        }

        void close(LedgerNode killed) {
            killed.journal.close();
            close();
        }

        void close() {
            if (files != null) {
                files.close();
            }
        }

        /** Whoever reads what is booked waits for those who did not know how their last exchange ended. */
        void decide() {
            dead.forEach(each -> each.connection.decide());
            recoverers.forEach(DoubtfulAuthority::decide);
        }
    }

    /** Somebody who waits for an answer. */
    private record Asked(
            LedgerNode process, Payer payer, long units, int moment, CompletableFuture<ReserveOutcome> outcome) {}

    /** A call that holds quota. */
    private record Call(LedgerNode process, Reservation reservation) {}

    private final RandomGenerator chance;
    private final Flaw flaw;
    private final BalanceHistory history = new BalanceHistory();
    private final ReplicatedAuthority balances;
    private final QuotaAuthority authority;
    private final @Nullable SecondStore second;
    private final Duration remembered;
    private final LedgerSettings settings;
    private final boolean overage;
    private final boolean failsOver;
    private final boolean losesDisks;
    private final @Nullable Path directory;

    private final List<LedgerNode> processes = new ArrayList<>();
    private final Map<WriterId, LedgerNode> everybody = new HashMap<>();
    private final List<Asked> asked = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final Set<Account> accounts = new LinkedHashSet<>();
    private final SettledCalls settled = new SettledCalls();
    private final Map<Account, Long> allowedShortage = new HashMap<>();
    private final Set<String> alarms = new LinkedHashSet<>();
    private final List<Disk> disks = new ArrayList<>();
    private int faultyOneIn;
    private int writers;
    private int failovers;

    /** @param directory for journals in files; null for journals in memory */
    LedgerSimulation(long seed, @Nullable Path directory) {
        this(seed, directory, Flaw.NONE);
    }

    /** The same with a mistake, which {@link #run} is to notice. */
    LedgerSimulation(long seed, @Nullable Path directory, Flaw flaw) {
        chance = new SplittableRandom(seed);
        faultyOneIn = chance.nextInt(2, 12);
        overage = chance.nextBoolean();
        failsOver = chance.nextInt(3) == 0;
        losesDisks = chance.nextBoolean();
        second = chance.nextBoolean() ? new SecondStore(chance, faultyOneIn, flaw) : null;
        remembered = chance.nextBoolean() ? REFUSAL_MEMORY : Duration.ZERO;
        settings = LedgerSettings.DEFAULT.withRefusalMemory(
                flaw == Flaw.MEMORY_TOO_LONG ? remembered.multipliedBy(5) : remembered);
        balances = new ReplicatedAuthority(this::balancesChanged, flaw == Flaw.POSITIONS_GO_BACK_ALONE);
        authority = new FlawedAuthority(balances, flaw, chance);
        this.directory = directory;
        this.flaw = flaw;
    }

    void run() {
        for (int user = 1; user <= USERS; user++) {
            credit(Account.user(user), chance.nextInt(6, 40));
            credit(Account.token(user), chance.nextInt(6, 40));
        }
        for (int i = 0; i < LEDGERS; i++) {
            open(new Disk());
        }
        for (int step = 0; step < STEPS; step++) {
            doSomething();
            check();
            checkMemory(false);
        }
        end();
    }

    private LedgerNode open(Disk disk) {
        LedgerNode process = new LedgerNode(disk);
        processes.add(process);
        everybody.put(process.writer, process);
        return process;
    }

    private DoubtfulAuthority connection(VirtualTime time) {
        return new DoubtfulAuthority(authority, time, chance, faultyOneIn);
    }

    private void doSomething() {
        LedgerNode process = processes.get(chance.nextInt(processes.size()));
        switch (chance.nextInt(31)) {
            case 0, 1, 2, 3, 4, 5 -> ask(process);
            case 6, 7, 8, 9, 10, 11 -> endSomeCall();
            case 12, 13, 14, 15, 16 -> letTimePass(Duration.ofMillis(chance.nextLong(400)));
            case 17 -> letTimePass(Duration.ofMillis(chance.nextLong(5_000)));
            case 18 -> process.time.advance(Duration.ofSeconds(chance.nextLong(60)));
            case 19 -> changeBalance(process);
            case 20 -> process.time.jumpWallClock(Duration.ofSeconds(chance.nextLong(120)));
            case 21 -> chargeWithoutReservation(process);
            case 22 -> replace(process);
            case 23 -> renew(process);
            case 24 -> recover(process);
            case 25 -> turnSecondStore();
            case 26 -> failOver();
            case 27, 28, 29 -> askAgain(process);
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
        ask(process, somebody(), chance.nextInt(8));
    }

    /** Somebody who was refused goes on calling. */
    private void askAgain(LedgerNode process) {
        Asked refused = process.lastRefused;
        if (refused != null) {
            ask(process, refused.payer(), refused.units());
        }
    }

    private void ask(LedgerNode process, Payer payer, long amount) {
        int moment = history.now();
        CompletableFuture<ReserveOutcome> outcome =
                process.ledger.reserve(payer, Quota.of(amount)).toCompletableFuture();
        Asked call = new Asked(process, payer, Math.max(1, amount), moment, outcome);
        if (outcome.isDone() && outcome.join() instanceof Insufficient known) {
            checkRefusedFromMemory(call, known);
        } else {
            asked.add(call);
        }
    }

    private void hear() {
        asked.removeIf(each -> {
            if (!each.outcome().isDone()) {
                return false;
            }
            ReserveOutcome outcome = each.outcome().join();
            if (outcome instanceof Reserved reserved) {
                Call call = new Call(each.process(), reserved.reservation());
                calls.add(call);
                if (call.process().overslept) {
                    alarms.add("writer " + call.process().writer + " reserved what had been given back");
                }
                if (call.process().leaving) {
                    allow(call);
                }
            } else if (outcome instanceof Insufficient refusal) {
                checkRefused(each, refusal);
                each.process().lastRefused = each;
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
            settle(
                    call.process(),
                    call.reservation(),
                    chance.nextLong(held + 1) + (overage && chance.nextInt(3) == 0 ? 3 : 0));
        }
        assertThat(call.reservation().release()).isFalse();
        assertThat(call.reservation().settle(Settlement.of("again", Quota.of(1))))
                .isFalse();
    }

    private void settle(LedgerNode process, Reservation reservation, long used) {
        Payer payer = reservation.payer();
        Settled call = settled.settle(process.writer, payer, used);
        long over = Math.max(0, used - reservation.heldUnits());
        call.accounts().forEach(account -> allow(account, SettledCalls.pays(payer, account) ? over : used));
        if (process.isUnknown()) {
            settled.giveUpBooking(call);
            settled.giveUpStoring(call);
        }
        String detail = directory == null ? "" : "x".repeat(chance.nextInt(LARGE_DETAIL_CHARS));
        assertThat(reservation.settle(new Settlement(call.id(), Quota.of(used), 0, 1, 0, 0, 0, detail)))
                .isTrue();
    }

    private void chargeWithoutReservation(LedgerNode process) {
        if (overage && !process.leaving) {
            settle(process, process.ledger.unchecked(somebody()), chance.nextLong(1, 3));
        }
    }

    // ---- time, balances, databases ----

    private void letTimePass(Duration by) {
        for (LedgerNode process : processes) {
            process.time.advance(by);
        }
    }

    private void credit(Account account, long units) {
        accounts.add(account);
        balances.credit(account, units);
    }

    private void balancesChanged() {
        history.changed(accounts, account -> balances.balance(account) - balances.leased(account));
    }

    private void changeBalance(LedgerNode process) {
        Account account = someAccount(process);
        switch (chance.nextInt(3)) {
            case 0 -> credit(account, chance.nextLong(10));
            case 1 -> balances.disable(account);
            default -> balances.enable(account);
        }
        process.witness.poked();
        if (flaw != Flaw.POKE_UNHEARD) {
            process.ledger.poke();
        }
        if (chance.nextBoolean()) {
            askAgain(process);
        }
    }

    /** Mostly one of somebody who waits, whose answer may be under way, or was refused. */
    private Account someAccount(LedgerNode process) {
        Asked refused = process.lastRefused;
        Payer payer = asked.stream()
                .filter(each -> each.process() == process)
                .map(Asked::payer)
                .findFirst()
                .orElseGet(() -> refused == null ? somebody() : refused.payer());
        return payer.share() == Payer.TokenShare.NONE || chance.nextBoolean()
                ? payer.userAccount()
                : Account.token(payer.tokenId());
    }

    private void turnSecondStore() {
        if (second != null) {
            second.turn();
        }
    }

    private long passedByAll(WriterId writer) {
        long booked = balances.furthestPosition(writer);
        return second == null ? booked : Math.min(booked, second.position(writer));
    }

    /**
     * A copy of the balances takes over that has not seen the last changes. What the ledgers hold may be leased again by
     * others, and what was booked lies in the balances until it is booked once more. What is in no journal any more is gone.
     */
    private void failOver() {
        if (!failsOver || chance.nextInt(3) != 0) {
            return;
        }
        Map<Account, Long> before = new HashMap<>();
        accounts.forEach(account -> before.put(account, balances.leased(account) + balances.credited(account)));
        List<Settled> booked =
                settled.all().filter(call -> balances.booked(call.id()) > 0).toList();
        failovers++;
        balances.failOver(chance.nextInt(1, 15));
        accounts.forEach(account -> allow(account, before.getOrDefault(account, 0L) - balances.credited(account)));
        for (Settled call : booked) {
            if (balances.booked(call.id()) == 0) {
                call.accounts().forEach(account -> allow(account, call.units()));
                if (isPastBooking(call.writer())) {
                    settled.giveUpBooking(call);
                }
            }
        }
        everybody.values().stream().filter(LedgerNode::isUnknown).forEach(node -> {
            node.mustKeep |= !isPastBooking(node.writer);
            settled.of(node.writer).forEach(settled::giveUpBooking);
            settled.of(node.writer).forEach(settled::giveUpStoring);
        });
        for (LedgerNode process : processes) {
            boolean behind = balances.position(process.writer) < process.witness.positionHeard();
            process.mustEnd |= !process.leaving && (behind || process.isUnknown());
            // its close may be forgotten as well
            process.overslept &= balances.view(process.writer, Set.of()).state() != WriterState.OPEN;
        }
    }

    /** Whether a writer's journal was deleted, or nobody will look into it again before it is. */
    private boolean isPastBooking(WriterId writer) {
        LedgerNode node = everybody.get(writer);
        if (node == null || node.journal.isDeleted() || node.witness.isClosing()) {
            return true;
        }
        boolean recovering = processes.stream().anyMatch(each -> each.disk == node.disk && each.recovery != null);
        return !processes.contains(node) && (recovering || !node.disk.dead.contains(node));
    }

    // ---- processes ----

    /** A process leaves, is killed, or stops for so long that others close its ledger; another one begins. */
    private void replace(LedgerNode process) {
        if (process.leaving) {
            return;
        }
        int what = chance.nextInt(losesDisks ? 4 : 3);
        if (what >= 2) {
            kill(process, what == 3);
        } else if (processes.size() <= LEDGERS) {
            if (what == 0) {
                leave(process);
            } else {
                stopAndClose(process);
            }
            open(new Disk());
        }
    }

    private void leave(LedgerNode process) {
        process.leaving = true;
        allowCallsInFlight(process);
        var unused = process.ledger.close();
    }

    /** What {@link RenewedLedger} does. */
    private void renew(LedgerNode process) {
        if (!process.leaving && process.ledger.wasEnded() && processes.size() < MOST_LEDGERS) {
            leave(process);
            open(new Disk());
        }
    }

    /** Its calls end with it, uncharged; its journal is booked by the next process on its disk, or is lost. */
    private void kill(LedgerNode process, boolean withItsDisk) {
        processes.remove(process);
        asked.removeIf(each -> each.process() == process);
        calls.removeIf(each -> each.process() == process);
        if (withItsDisk) {
            loseDiskOf(process);
            open(new Disk());
        } else {
            process.disk.survives(process);
            open(process.disk);
        }
    }

    /** Nobody can know any more what the last settlements were; others close the writers whose journals these were. */
    private void loseDiskOf(LedgerNode process) {
        Disk disk = process.disk;
        disk.close(process);
        disk.decide();
        process.connection.decide();
        for (LedgerNode lost :
                Stream.concat(disk.dead.stream(), Stream.of(process)).toList()) {
            if (second != null) {
                second.decide(lost.writer);
            }
            for (Settled call : settled.of(lost.writer)) {
                if (balances.booked(call.id()) == 0) {
                    settled.giveUpBooking(call);
                }
                if (second != null && second.stored(call.id()) == 0) {
                    settled.giveUpStoring(call);
                }
            }
            closeFromOutside(lost.writer);
        }
        disk.dead.clear();
        disks.remove(disk);
    }

    /**
     * What it spent and reserved, and nobody can know, may be spent again. When it goes on, its wall clock shows that it
     * slept, or has forgotten the time of day.
     */
    private void stopAndClose(LedgerNode process) {
        allowCallsInFlight(process);
        process.connection.decide();
        settled.of(process.writer).stream()
                .filter(call -> balances.booked(call.id()) == 0)
                .forEach(call -> accounts.forEach(account -> allow(account, call.leasedUnits(account))));
        closeFromOutside(process.writer);
        process.time.jumpWallClock(chance.nextBoolean() ? SLEEP : FORGOTTEN_TIME);
        process.overslept = true;
    }

    private void closeFromOutside(WriterId writer) {
        var unused = now(balances.beginClose(writer));
        now(balances.finishClose(writer));
    }

    private void allowCallsInFlight(LedgerNode process) {
        calls.stream().filter(call -> call.process() == process).forEach(this::allow);
    }

    /** A ledger that is closed while a call holds quota gives that quota back; the call is charged late. */
    private void allow(Call call) {
        Payer payer = call.reservation().payer();
        long units = call.reservation().heldUnits();
        allow(payer.userAccount(), units);
        payer.limitAccount().ifPresent(limit -> allow(limit, units));
    }

    private void allow(Account account, long shortage) {
        allowedShortage.merge(account, shortage, Long::sum);
    }

    // ---- recovery ----

    /** A process books, some time after its start, what others have left on its disk. */
    private void recover(LedgerNode process) {
        Disk disk = process.disk;
        if (disk.dead.isEmpty() || process.recovery != null) {
            return;
        }
        disk.decide();
        JournalDirectory files = disk.files;
        if (files == null) {
            List.copyOf(disk.dead).forEach(this::recoverFromMemory);
            return;
        }
        DoubtfulAuthority connection = connection(process.time);
        disk.recoverers.add(connection);
        JournalRecovery recovery = second == null || flaw == Flaw.RECOVERY_WITHOUT_FOLLOWER
                ? new JournalRecovery(files, connection)
                : new JournalRecovery(files, connection, second.at(process.time));
        process.recovery = recovery.recoverAllBut(process.writer).toCompletableFuture();
    }

    /** What a {@link JournalRecovery} does with files. */
    private void recoverFromMemory(LedgerNode dead) {
        View view = now(balances.beginClose(dead.writer));
        if (view.state() == WriterState.MISSING) {
            return;
        }
        UsageJournal left = dead.journal;
        long position = view.appliedPosition();
        for (UsageJournal.Page page = left.read(position, 2);
                !page.entries().isEmpty();
                page = left.read(position, 2)) {
            Answer answer = now(balances.exchange(new Exchange(
                    dead.writer, position, page.entries(), page.positions(), Map.of(), List.of(), accounts)));
            assertThat(answer.view().appliedPosition()).isGreaterThan(position);
            position = answer.view().appliedPosition();
        }
        now(balances.finishClose(dead.writer));
        if (second != null && flaw != Flaw.RECOVERY_WITHOUT_FOLLOWER) {
            second.storeAll(left);
        }
        left.delete();
        recovered(dead);
    }

    private void recovered(LedgerNode dead) {
        dead.disk.dead.remove(dead);
        settled.of(dead.writer).forEach(call -> checkKept(call, "when its journal was deleted"));
    }

    private void hearOfRecovery(LedgerNode process) {
        CompletableFuture<Recovered> recovery = process.recovery;
        JournalDirectory files = process.disk.files;
        if (recovery != null && recovery.isDone() && files != null) {
            process.recovery = null;
            if (!recovery.isCompletedExceptionally()) {
                assertThat(recovery.join().setAside()).as("damaged journals").isEmpty();
            }
            Set<WriterId> left = new HashSet<>(files.writersLeft());
            List.copyOf(process.disk.dead).stream()
                    .filter(dead -> !left.contains(dead.writer))
                    .forEach(this::recovered);
        }
    }

    // ---- what must hold ----

    private void check() {
        processes.forEach(this::hearOfRecovery);
        for (Account account : accounts) {
            assertThat(balances.balance(account) + balances.charged(account))
                    .as("%s: what is there and what was charged", account)
                    .isEqualTo(balances.credited(account));
            long left = balances.credited(account) - settled.units(account) - reserved(account);
            assertThat(left)
                    .as("%s: what is neither spent nor reserved", account)
                    .isGreaterThanOrEqualTo(-allowedShortage.getOrDefault(account, 0L));
        }
        assertThat(balances.bookedTwice())
                .as("settlements that were booked twice")
                .isEmpty();
        if (second != null) {
            assertThat(second.storedTwice())
                    .as("settlements that were stored twice")
                    .isEmpty();
        }
        assertThat(alarms).isEmpty();
    }

    /** A refusal for an amount that lay in the balance all the time, whoever held the rest. */
    private void checkRefused(Asked call, Insufficient refusal) {
        long owed = allowedShortage.getOrDefault(refusal.account(), 0L);
        if (!call.process().witness.allows(refusal.account(), call.units() + owed, call.moment())) {
            alarms.add(call.units() + " of " + refusal.account() + " were refused though it was there");
        }
    }

    private void checkRefusedFromMemory(Asked call, Insufficient refusal) {
        long owed = allowedShortage.getOrDefault(refusal.account(), 0L);
        if (!call.process().witness.allowsFromMemory(refusal.account(), call.units() + owed)) {
            alarms.add(call.units() + " of " + refusal.account() + " were refused from memory, without a reason");
        }
    }

    private void checkKept(Settled call, String when) {
        if (settled.mustBeBooked(call)) {
            assertThat(balances.booked(call.id()))
                    .as("%s of writer %s: how often it is booked %s", call.id(), call.writer(), when)
                    .isEqualTo(1);
        }
        if (second != null && settled.mustBeStored(call)) {
            assertThat(second.stored(call.id()))
                    .as("%s of writer %s: how often it is stored %s", call.id(), call.writer(), when)
                    .isEqualTo(1);
        }
    }

    /**
     * Memory never promises more than is leased; when nothing is under way, it promises all of it. A ledger that others
     * have closed promises nothing any more, whatever its memory says; and one whose authority went back does not know it.
     */
    private void checkMemory(boolean atRest) {
        for (LedgerNode node : processes) {
            View view = balances.view(node.writer, accounts);
            if (view.state() != WriterState.OPEN || node.failoversBefore != failovers) {
                continue;
            }
            for (Account account : accounts) {
                long promised =
                        node.ledger.cell(account).freeUnits() + reserved(node, account) + unbooked(node, account);
                if (atRest) {
                    assertThat(promised).as("%s in memory", account).isEqualTo(view.heldOf(account));
                } else {
                    assertThat(promised).as("%s in memory", account).isLessThanOrEqualTo(view.heldOf(account));
                }
            }
        }
    }

    private long unbooked(LedgerNode node, Account account) {
        return settled.of(node.writer).stream()
                .filter(call -> balances.booked(call.id()) == 0)
                .mapToLong(call -> call.leasedUnits(account))
                .sum();
    }

    private long reserved(LedgerNode node, Account account) {
        return calls.stream()
                .filter(call -> call.process() == node
                        && SettledCalls.pays(call.reservation().payer(), account))
                .mapToLong(call -> call.reservation().heldUnits())
                .sum();
    }

    private long reserved(Account account) {
        return processes.stream().mapToLong(node -> reserved(node, account)).sum();
    }

    // ---- the end ----

    private void end() {
        calm();
        letTimePass(LONG_ENOUGH);
        hear();
        assertThat(asked).as("calls without an answer").isEmpty();
        while (!calls.isEmpty()) {
            endSomeCall();
        }
        letTimePass(LONG_ENOUGH);
        checkMemory(true);
        processes.stream()
                .filter(process -> process.mustEnd)
                .forEach(process -> assertThat(process.ledger.wasEnded())
                        .as("a ledger whose authority went back should have ended itself")
                        .isTrue());
        recoverAll();
        processes.forEach(this::close);
        check();
        expectEverythingInItsPlace();
        reserveAllThatIsLeft();
        disks.forEach(Disk::close);
    }

    private void calm() {
        faultyOneIn = 0;
        processes.forEach(process -> process.connection.calm());
        disks.forEach(disk -> disk.recoverers.forEach(DoubtfulAuthority::calm));
        if (second != null) {
            second.calm();
        }
    }

    private void recoverAll() {
        for (int i = 0; i < MOST_RECOVERIES && somethingCanBeRecovered(); i++) {
            for (LedgerNode process : processes) {
                recover(process);
                process.time.advance(LONG_ENOUGH);
                hearOfRecovery(process);
            }
        }
    }

    private boolean somethingCanBeRecovered() {
        return processes.stream()
                .anyMatch(process -> process.recovery != null
                        || process.disk.dead.stream().anyMatch(dead -> balances.knows(dead.writer)));
    }

    private void close(LedgerNode process) {
        CompletableFuture<Void> left = process.ledger.close().toCompletableFuture();
        process.time.advance(LONG_ENOUGH);
        assertThat(left).as("the end of %s", process.ledger).isDone();
        assertThat(process.journal.isDeleted() || process.isUnknown())
                .as("the journal of writer %s is deleted", process.writer)
                .isTrue();
    }

    private void expectEverythingInItsPlace() {
        if (failovers > 0) {
            // ended before, by what the copy has not seen: whoever watches writers closes them
            balances.writers().forEach(this::closeFromOutside);
        }
        settled.all().forEach(call -> checkKept(call, "at the end"));
        for (Account account : accounts) {
            long booked = settled.all()
                    .filter(call ->
                            balances.booked(call.id()) > 0 && call.accounts().anyMatch(account::equals))
                    .mapToLong(Settled::units)
                    .sum();
            assertThat(balances.leased(account)).as("leased of %s", account).isZero();
            assertThat(balances.charged(account)).isEqualTo(booked);
        }
        for (LedgerNode process : processes) {
            assertThat(process.disk.dead).as("journals left").allMatch(LedgerNode::isUnknown);
        }
        everybody.values().stream()
                .filter(node -> node.mustKeep)
                .forEach(node -> assertThat(node.journal.isDeleted())
                        .as("the journal of writer %s is deleted, though nobody knows it", node.writer)
                        .isFalse());
    }

    /** Whatever is left of a balance can be had, to the last unit. */
    private void reserveAllThatIsLeft() {
        LedgerNode last = open(new Disk());
        for (int user = 1; user <= USERS; user++) {
            balances.enable(Account.user(user));
            long left = balances.balance(Account.user(user));
            if (left > 0) {
                CompletableFuture<ReserveOutcome> outcome =
                        last.ledger.reserve(Payer.user(user), Quota.of(left)).toCompletableFuture();
                last.time.advance(Duration.ofSeconds(1));
                assertThat(outcome.join()).isInstanceOf(Reserved.class);
                ((Reserved) outcome.join()).reservation().release();
            }
        }
        close(last);
    }

    private static <T> T now(CompletionStage<T> stage) {
        assertThat(stage.toCompletableFuture()).isDone();
        return stage.toCompletableFuture().join();
    }
}

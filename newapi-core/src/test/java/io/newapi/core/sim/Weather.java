package io.newapi.core.sim;

import org.jspecify.annotations.Nullable;

/** The accidents of a run, and what administrators and the original's nodes do meanwhile. */
final class Weather {

    private static final int MANY_TICKS = 45;

    private final World world;

    private int administered;
    private int administeredTotal;
    private int totalSeen;
    private boolean changeBegun;
    private boolean copyStarted;

    Weather(World world) {
        this.world = world;
    }

    void clear() {
        changeBegun = false;
        copyStarted = false;
    }

    boolean somebodyIsPaused() {
        for (Node node : world.nodes) {
            if (node.up && node.isPaused()) {
                return true;
            }
        }
        return false;
    }

    /** One accident, if the chosen one is possible in this run and now. */
    boolean strike() {
        Scenario may = world.scenario;
        if (may.bias == Bias.COPY_OF_A_CUT_OFF_NODE && !copyStarted && world.steps > 120) {
            return startCopyOfCutOffNode();
        }
        Dice dice = world.dice;
        Node node = world.nodes[dice.below(may.nodes)];
        return switch (dice.below(40)) {
            case 0, 1, 2, 3, 4, 5 -> may.lostAnswers && giveUp();
            case 6, 7, 8, 9 -> may.lostAnswers && drop(false);
            case 10, 11 -> may.lostAnswers && drop(true);
            case 12, 13, 14 -> may.pauses && pause(node);
            case 15 -> may.suspends && suspend(node);
            case 16 -> may.wallJumps && jump(node);
            case 17, 18 -> may.partitions && cut(node);
            case 19, 20 -> cure(node);
            case 21 -> may.crashes && crash(node);
            case 22, 23, 24 -> !node.up && start(node);
            case 25 -> may.copies && copy();
            case 26 -> may.databaseCrashes && stallOrCrash();
            case 27 -> may.databaseOutages && toggleDatabase();
            case 28 -> may.databaseCrashes && stallOrCrash();
            case 29 -> may.logOutages && toggleLogs();
            case 30, 31 -> may.foreignWriter && foreign();
            case 32, 33 -> (may.admin || changeBegun) && administer();
            case 34 -> may.flips && flip();
            case 35 -> may.leaving && node.isRunning() && leave(node);
            case 36 -> may.copies && purge();
            case 37 -> !world.db.up && mendDatabase();
            case 38 -> !world.logs.up && toggleLogs();
            default -> world.db.logStalls && stallOrCrash();
        };
    }

    // ---- connections ----

    private @Nullable Transaction someTransaction() {
        int count = world.activeTransactions();
        return count == 0 ? null : world.activeTransaction(world.dice.below(count));
    }

    private boolean giveUp() {
        Transaction it = someTransaction();
        return it != null && it.giveUp();
    }

    private boolean drop(boolean deadlock) {
        Transaction it = someTransaction();
        return it != null && it.phase != Transaction.Phase.VISIBLE && it.drop(deadlock);
    }

    private boolean cut(Node node) {
        if (node.cut || !node.up) {
            return false;
        }
        node.cut = true;
        world.tellOf(node, "is cut off");
        return true;
    }

    private boolean cure(Node node) {
        if (!node.cut || (world.scenario.bias == Bias.COPY_OF_A_CUT_OFF_NODE && !world.dice.oneIn(8))) {
            return false;
        }
        node.cut = false;
        world.tellOf(node, "is connected again");
        return true;
    }

    // ---- processes ----

    private boolean pause(Node node) {
        if (!node.up || node.isPaused()) {
            return false;
        }
        node.pausedUntilStep = world.steps + world.dice.between(15, 90);
        world.tellOf(node, "stops until step " + node.pausedUntilStep);
        return true;
    }

    private boolean suspend(Node node) {
        if (!pause(node)) {
            return false;
        }
        node.suspend();
        world.tellOf(node, "is suspended, its clock with it");
        return true;
    }

    private boolean jump(Node node) {
        int by = world.dice.between(-MANY_TICKS, MANY_TICKS) * World.TICK;
        node.jumpWallClock(by);
        if (world.telling()) {
            world.tellOf(node, "has its wall clock set by " + by);
        }
        return true;
    }

    private boolean crash(Node node) {
        if (!node.up) {
            return false;
        }
        Disk disk = node.openDisk();
        world.tellOf(node, "is killed");
        node.stop();
        if (world.scenario.diskLosses && world.dice.oneIn(3) && mayBeLost(disk)) {
            lose(disk);
        }
        return true;
    }

    /** What is lost must be certain at once, or the simulator would not know what to expect. */
    private boolean mayBeLost(Disk disk) {
        for (int i = 0; i < world.activeTransactions(); i++) {
            Transaction it = world.activeTransaction(i);
            if (it.kind == Transaction.Kind.EXCHANGE && disk.has(it.writer)) {
                return false;
            }
        }
        return world.db.isFlushed();
    }

    private void lose(Disk disk) {
        if (world.telling()) {
            world.tell(disk.name() + " is lost");
        }
        for (int i = 0; i < world.sessionCount; i++) {
            if (!disk.has(i) || !world.db.exists(world.sessions[i].writer)) {
                continue;
            }
            Session session = world.sessions[i];
            Journal journal = session.journal;
            int elsewhere = 0;
            for (Disk other : world.disks) {
                if (other != disk && other.has(i)) {
                    elsewhere = Math.max(elsewhere, other.length(i));
                }
            }
            int kept = Math.max(elsewhere, world.db.position(session.writer));
            int end = Math.min(journal.length, journal.lostFrom);
            for (int account = 0; account < Accounts.COUNT; account++) {
                world.journalled[account] -= journal.all(account, kept, end);
            }
            int logged = Math.max(elsewhere, world.logs.position(session.writer));
            journal.lose(kept, logged);
        }
        disk.clear(world.newIdentity());
    }

    private boolean start(Node node) {
        Disk home = world.disks[node.number];
        if (home.user == null && !(world.scenario.copies && world.dice.oneIn(3))) {
            node.start(home);
            return true;
        }
        Disk other = world.disks[world.dice.below(World.DISKS)];
        if (other.user != null) {
            return false;
        }
        node.start(other);
        return true;
    }

    private boolean copy() {
        Disk from = world.disks[world.dice.below(World.DISKS)];
        Disk to = world.disks[world.dice.below(World.DISKS)];
        if (from == to || to.user != null || !to.isEmpty() || from.isEmpty()) {
            return false;
        }
        copy(from, to);
        return true;
    }

    private void copy(Disk from, Disk to) {
        to.copy(from, world.newIdentity());
        if (world.telling()) {
            world.tell(from.name() + " is copied to " + to.name());
        }
    }

    /** The directed beginning: a node that lives is cut off, and a process starts on a copy of its disk. */
    private boolean startCopyOfCutOffNode() {
        Node victim = world.nodes[0];
        Node other = world.nodes[world.scenario.nodes - 1];
        Disk to = world.disks[World.DISKS - 1];
        if (!victim.isConnected() || victim.current == null || to.user != null || !to.isEmpty()) {
            return false;
        }
        copyStarted = true;
        cut(victim);
        copy(victim.openDisk(), to);
        if (other.up) {
            other.stop();
        }
        other.start(to);
        return true;
    }

    private boolean leave(Node node) {
        if (node.leaving || node.current == null) {
            return false;
        }
        node.leave();
        return true;
    }

    // ---- databases ----

    private boolean stallOrCrash() {
        if (!world.db.up) {
            return false;
        }
        if (!world.db.logStalls) {
            world.db.logStalls = true;
            world.tellIfTelling("the database writes no log: commits are visible, but not durable");
            return true;
        }
        if (world.dice.oneIn(3)) {
            world.db.logStalls = false;
            world.tellIfTelling("the database writes its log again");
            return true;
        }
        world.tellIfTelling("the database is killed; what is not in its log never happened");
        stopDatabase();
        world.db.undo();
        world.db.up = world.dice.oneIn(2);
        return true;
    }

    private boolean toggleDatabase() {
        if (!world.db.up || world.db.logStalls) {
            return false;
        }
        world.tellIfTelling("the database is down");
        world.db.flush();
        stopDatabase();
        world.db.up = false;
        return true;
    }

    private boolean mendDatabase() {
        world.db.up = true;
        world.tellIfTelling("the database is up again");
        return true;
    }

    private void stopDatabase() {
        world.db.logStalls = false;
        for (int i = 0; i < world.activeTransactions(); i++) {
            Transaction it = world.activeTransaction(i);
            if (it.kind != Transaction.Kind.LOG) {
                it.drop(false);
                it.breakAnswer();
            }
        }
    }

    private boolean toggleLogs() {
        world.logs.up = !world.logs.up;
        world.tellIfTelling(world.logs.up ? "the log database is up again" : "the log database is down");
        return true;
    }

    // ---- others who change balances ----

    private int someAccount() {
        int account = world.dice.below(Accounts.COUNT);
        return account == 1 && world.scenario.users == 1 ? 0 : account;
    }

    private boolean foreign() {
        int account = someAccount();
        if (!world.db.up || world.db.isLocked(account)) {
            return false;
        }
        if (world.dice.oneIn(3)) {
            credit(account, world.dice.between(1, 5));
        } else {
            charge(account, world.dice.between(1, 4));
        }
        return true;
    }

    private void credit(int account, int units) {
        world.db.addToBalance(account, units);
        world.db.credited(account, units);
        world.flushUnlessStalled();
        if (world.telling()) {
            world.tell(Accounts.name(account) + " is credited with " + units + ": " + world.db.balance(account));
        }
    }

    /** The original charges, whatever is leased; it may go below zero. */
    void charge(int account, int units) {
        Database db = world.db;
        if (!world.scenario.foreignOverdraft && db.balance(account) < units) {
            return;
        }
        db.overdrawn(account, Math.max(0, -(db.balance(account) - units)) - Math.max(0, -db.balance(account)));
        db.addToBalance(account, -units);
        db.chargedByOthers(account, units);
        world.flushUnlessStalled();
        if (world.telling()) {
            world.tell(
                    "the original charges " + Accounts.name(account) + " with " + units + ": " + db.balance(account));
        }
    }

    /** An administrator sets a total: what is in the balance and what is leased. */
    private boolean administer() {
        Database db = world.db;
        if (!db.up) {
            return false;
        }
        if (world.has(Bug.ABSOLUTE_ADMIN)) {
            return administerInTwoSteps();
        }
        int account = someAccount();
        if (db.isLocked(account) || isHeldByLocked(account)) {
            return false;
        }
        int held = db.heldOfAll(account, -1, world.sessionCount);
        set(account, world.dice.between(0, 20), held, db.balance(account) + held);
        return true;
    }

    /** Whether one of the lease rows is locked, so that a recall would have to wait. */
    private boolean isHeldByLocked(int account) {
        for (int writer = 0; writer < world.sessionCount; writer++) {
            if (world.db.held(writer, account) > 0 && world.db.isWriterLocked(writer)) {
                return true;
            }
        }
        return false;
    }

    private boolean administerInTwoSteps() {
        Database db = world.db;
        if (!changeBegun) {
            administered = someAccount();
            administeredTotal = world.dice.between(0, 20);
            totalSeen = db.heldOfAll(administered, -1, world.sessionCount);
            changeBegun = true;
            return true;
        }
        if (db.isLocked(administered) || isHeldByLocked(administered)) {
            return false;
        }
        changeBegun = false;
        int held = db.heldOfAll(administered, -1, world.sessionCount);
        set(administered, administeredTotal, totalSeen, db.balance(administered) + held);
        world.checkBooks(0);
        return true;
    }

    private void set(int account, int total, int heldAsRead, int totalBefore) {
        Database db = world.db;
        int change = total - heldAsRead - db.balance(account);
        int before = Math.max(0, -db.balance(account));
        db.addToBalance(account, change);
        db.credited(account, total - totalBefore);
        db.overdrawn(account, Math.max(0, Math.max(0, -db.balance(account)) - before));
        if (db.balance(account) < 0) {
            for (int writer = 0; writer < world.sessionCount; writer++) {
                if (db.held(writer, account) > 0) {
                    db.setRecalled(writer, account, true);
                }
            }
        }
        world.flushUnlessStalled();
        if (world.telling()) {
            world.tell("an administrator sets " + Accounts.name(account) + " to " + total + ": balance "
                    + db.balance(account));
        }
    }

    private boolean flip() {
        int account = Accounts.token(world.dice.below(Accounts.TOKENS));
        if (!world.db.up || world.db.isLocked(account)) {
            return false;
        }
        world.db.setUnlimited(account, !world.db.isUnlimited(account));
        world.flushUnlessStalled();
        if (world.telling()) {
            world.tell(Accounts.name(account) + (world.db.isUnlimited(account) ? " is unlimited now" : " is limited"));
        }
        return true;
    }

    private boolean isBeingClosed(Session session) {
        for (Node node : world.nodes) {
            if (node.recoverer.isClosing(session) || node.reclaimer.isClosing(session)) {
                return true;
            }
        }
        return false;
    }

    /** Long after a writer was closed and all was written, its row is removed; a copy of its disk may still exist. */
    private boolean purge() {
        if (world.sessionCount == 0 || !world.db.up || !world.db.isFlushed()) {
            return false;
        }
        int writer = world.dice.below(world.sessionCount);
        Session session = world.sessions[writer];
        if (world.db.state(writer) != Database.CLOSED
                || session.isAlive()
                || isBeingClosed(session)
                || world.db.isWriterLocked(writer)
                || world.db.position(writer) < session.journal.length
                || world.logs.position(writer) < session.journal.length) {
            return false;
        }
        world.db.purgeWriter(writer);
        world.flushUnlessStalled();
        if (world.telling()) {
            world.tell("the row of writer " + writer + " is removed after a long time");
        }
        return true;
    }
}

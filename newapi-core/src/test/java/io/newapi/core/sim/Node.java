package io.newapi.core.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A machine, and the process that runs on it at times. */
final class Node {

    private static final int NEVER = -1;

    /** More than any run takes. */
    private static final int VERY_LONG = 1 << 20;

    private final World world;
    final int number;
    final Call[] calls = new Call[World.CALLS_PER_NODE];
    final Closer reclaimer;
    final Closer recoverer;
    final Closer leaver;

    boolean up;
    boolean cut;
    boolean leaving;
    long pausedUntilStep;

    @Nullable
    Disk disk;

    /** The session in which calls begin. */
    @Nullable
    Session current;

    @Nullable
    private Session registering;

    /** What this process last saw of the tokens, by account. */
    final boolean[] sawUnlimited = new boolean[Accounts.COUNT];

    // clocks
    private int rate;
    private long clockOffset;
    private long wallOffset;
    private long suspendedAt;

    // what was observed of other writers, and when, by this machine's own clock
    private final int[] observedNo = new int[World.SESSIONS];
    private final long[] observedAt = new long[World.SESSIONS];

    Node(World world, int number) {
        this.world = world;
        this.number = number;
        for (int i = 0; i < calls.length; i++) {
            calls[i] = new Call(world, this, i);
        }
        reclaimer = new Closer(world, this, "reclaimer");
        recoverer = new Closer(world, this, "recovery");
        leaver = new Closer(world, this, "leaver");
    }

    void clear() {
        up = false;
        cut = false;
        disk = null;
        rate = world.dice.between(14, 17);
        clockOffset = world.dice.below(1_000);
        wallOffset = world.dice.below(1_000);
        forget();
    }

    private void forget() {
        current = null;
        registering = null;
        leaving = false;
        pausedUntilStep = 0;
        suspendedAt = NEVER;
        reclaimer.clear();
        recoverer.clear();
        leaver.clear();
        Arrays.fill(observedNo, NEVER);
        for (Call call : calls) {
            call.vanish();
        }
        for (int account = 0; account < Accounts.COUNT; account++) {
            look(account);
        }
    }

    String name() {
        return "node " + number;
    }

    // ---- clocks, in parts of a tick ----

    /** The clock that does not jump; it stands still while the machine is suspended. */
    long clock() {
        long now = suspendedAt == NEVER ? world.now : suspendedAt;
        return now * rate + clockOffset;
    }

    long wallClock() {
        return (long) world.now * World.TICK + wallOffset;
    }

    void jumpWallClock(int by) {
        wallOffset += by;
    }

    void suspend() {
        suspendedAt = world.now;
    }

    void wakeUp() {
        if (suspendedAt != NEVER) {
            clockOffset -= (world.now - suspendedAt) * rate;
            suspendedAt = NEVER;
            if (world.scenario.losesClocks) {
                jumpWallClock(-VERY_LONG);
                world.tellOf(this, "has forgotten the time of day");
            }
        }
        pausedUntilStep = 0;
    }

    boolean isPaused() {
        return world.steps < pausedUntilStep;
    }

    boolean isRunning() {
        if (!up) {
            return false;
        }
        if (isPaused()) {
            return false;
        }
        if (suspendedAt != NEVER) {
            wakeUp();
        }
        return true;
    }

    boolean isConnected() {
        return isRunning() && !cut;
    }

    // ---- the process ----

    void start(Disk on) {
        up = true;
        disk = on;
        on.user = this;
        forget();
        world.tellOf(this, "starts on " + on.name());
    }

    /** The process ends, or is killed; what it had in memory is gone. */
    void stop() {
        world.abandonTransactions(this);
        for (int i = 0; i < world.sessionCount; i++) {
            Session session = world.sessions[i];
            if (session.node == this && session.isAlive()) {
                session.state = Session.State.DEAD;
            }
        }
        up = false;
        openDisk().user = null;
        disk = null;
        forget();
    }

    Disk openDisk() {
        Disk open = disk;
        if (open == null) {
            throw new IllegalStateException(name() + " has no disk");
        }
        return open;
    }

    void leave() {
        leaving = true;
        Session session = current;
        if (session != null) {
            session.state = Session.State.LEAVING;
        }
        world.tellOf(this, "leaves");
    }

    void registered(Session session) {
        registering = null;
        current = session;
        if (leaving) {
            session.state = Session.State.LEAVING;
        }
        world.tellOf(this, "has session " + session.number);
    }

    void notRegistered(Session session) {
        if (registering == session) {
            registering = null;
        }
    }

    void look(int account) {
        sawUnlimited[account] = world.db.isUnlimited(account);
    }

    /** A hint arrives: somebody wants what is idle here. */
    void hear(int account) {
        Session session = current;
        if (up && session != null) {
            session.cells[account].recalled = true;
            world.tellOf(this, "hears that " + Accounts.name(account) + " is wanted");
        }
    }

    boolean hasDueCalls(Session session) {
        for (Call call : calls) {
            if (call.isDue(session)) {
                return true;
            }
        }
        return false;
    }

    /** Writes down what the waiting calls of a session are short of. */
    int askFor(Session session, Request[] requests) {
        int count = 0;
        for (Call call : calls) {
            if (call.isDue(session)) {
                call.ask(requests[count++], session);
            }
        }
        return count;
    }

    // ---- duties ----

    boolean step() {
        if (!isRunning()) {
            return false;
        }
        return switch (world.dice.below(8)) {
            case 0 -> beginRegistration();
            case 1 -> observe();
            case 2 -> recoverSomething();
            case 3 -> reclaimer.step();
            case 4 -> recoverer.step();
            case 5 -> leaver.step();
            case 6 -> drain();
            default -> world.dice.oneIn(2) && lookAtTokens();
        };
    }

    private boolean lookAtTokens() {
        if (!isConnected() || !world.scenario.flips) {
            return false;
        }
        for (int account = 0; account < Accounts.COUNT; account++) {
            look(account);
        }
        return true;
    }

    private boolean beginRegistration() {
        Session session = registering;
        if (session != null) {
            return session.register();
        }
        if (current != null || leaving || world.sessionCount == World.SESSIONS) {
            return false;
        }
        session = world.newSession(this, openDisk());
        registering = session;
        return true;
    }

    /** Looks at the exchange numbers of all writers; closes one that stood still for too long. */
    private boolean observe() {
        if (!isConnected() || !world.db.up) {
            return false;
        }
        int dead = NEVER;
        for (int writer = 0; writer < world.sessionCount; writer++) {
            int state = world.db.state(writer);
            if (state != Database.OPEN && state != Database.CLOSING) {
                continue;
            }
            int no = world.db.exchangeNo(writer);
            if (no != observedNo[writer]) {
                observedNo[writer] = no;
                observedAt[writer] = clock();
            } else if (dead == NEVER && standsStill(writer) && !isBeingClosedHere(writer)) {
                dead = writer;
            }
        }
        if (dead != NEVER && reclaimer.isIdle()) {
            world.tellOf(this, "sees that writer " + dead + " stood still");
            reclaimer.close(world.sessions[dead], observedNo[dead]);
        }
        return true;
    }

    private boolean isBeingClosedHere(int writer) {
        Session session = world.sessions[writer];
        return recoverer.isClosing(session) || leaver.isClosing(session);
    }

    private boolean standsStill(int writer) {
        if (observedNo[writer] == NEVER || observedNo[writer] != world.db.exchangeNo(writer)) {
            return false;
        }
        if (world.scenario.strict) {
            // nobody but an administrator, who knows that the node is dead
            return world.resting && !world.sessions[writer].isAlive();
        }
        int reclaim = world.has(Bug.RECLAIM_TOO_EARLY) ? World.RECLAIM / 3 : World.RECLAIM;
        return clock() - observedAt[writer] >= reclaim;
    }

    private boolean recoverSomething() {
        if (!recoverer.isIdle() || !isConnected() || !world.db.up) {
            return false;
        }
        Disk mine = openDisk();
        for (int i = 0; i < world.sessionCount; i++) {
            Session session = world.sessions[i];
            if (mine.has(i) && !(session.node == this && session.isAlive())) {
                int expected = NEVER;
                boolean copied = session.journal.place != mine.identity;
                if (copied
                        && !world.has(Bug.COPY_CLOSES_THE_LIVING)
                        && world.db.state(session.writer) == Database.OPEN) {
                    if (!standsStill(session.writer)) {
                        continue;
                    }
                    expected = observedNo[session.writer];
                }
                recoverer.recover(session, mine.length(i), expected);
                return true;
            }
        }
        return false;
    }

    /** Lets sessions that have nothing left to do go, and the process after the last of them. */
    private boolean drain() {
        boolean sessionsLeft = registering != null;
        for (int i = 0; i < world.sessionCount; i++) {
            Session session = world.sessions[i];
            if (session.node != this || !session.isAlive()) {
                continue;
            }
            if (session.state == Session.State.FENCED || session.closed) {
                if (deleteIfDrained(session)) {
                    return true;
                }
            } else if (session.state == Session.State.LEAVING
                    && session.calls == 0
                    && session.isApplied()
                    && leaver.isIdle()) {
                leaver.close(session, NEVER);
                return true;
            }
            sessionsLeft = true;
        }
        if (leaving && !sessionsLeft && recoverer.isIdle() && reclaimer.isIdle() && hasNothingToRecover()) {
            world.tellOf(this, "exits");
            stop();
            return true;
        }
        return false;
    }

    private boolean hasNothingToRecover() {
        return !world.resting || (openDisk().isEmpty() && !world.hasDeadWriters());
    }

    /** Whether it serves, and nothing is left to be done. */
    boolean isAtRest() {
        if (!up) {
            return true;
        }
        for (Call call : calls) {
            if (!call.isIdle()) {
                return false;
            }
        }
        boolean serves = current != null || world.sessionCount == World.SESSIONS;
        return serves && registering == null && reclaimer.isIdle() && recoverer.isIdle() && leaver.isIdle();
    }

    private boolean deleteIfDrained(Session session) {
        boolean forgets = world.has(Bug.LATE_CHARGES_DROPPED_BY_ZOMBIE) && session.state == Session.State.FENCED;
        boolean logged = session.log.isIdle()
                && (session.log.position >= session.journal.length || world.has(Bug.DELETED_BEFORE_LOGGED));
        if (session.calls > 0 || !(forgets || (session.isApplied() && logged))) {
            return false;
        }
        world.checkMayDelete(session, session.journal.length);
        openDisk().remove(session.number);
        session.state = Session.State.DRAINED;
        if (current == session) {
            current = null;
        }
        world.tellOf(this, "deletes the journal of session " + session.number);
        return true;
    }
}

package io.newapi.core.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One run of the protocol: machines, databases, messages and accidents, all in one thread. A seeded scheduler decides
 * who does its next single step; the invariants are looked at after every step. Everything is allocated once and used
 * again for the next seed.
 */
final class World {

    static final int NODES = 3;
    static final int CALLS_PER_NODE = 3;
    static final int SESSIONS = 24;
    static final int DISKS = 5;
    private static final int TRANSACTIONS = 20;

    /** Clocks count parts of a tick. */
    static final int TICK = 16;

    // on a node's own clock: the proportions of the real figures
    static final int EXCHANGE_INTERVAL = 4 * TICK;
    static final int EXCHANGE_INTERVAL_AT_REST = 12 * TICK;
    static final int DEADLINE = 30 * TICK;
    static final int RECLAIM = 40 * TICK;
    static final int IDLE_RETURN = 12 * TICK;
    static final int TIGHT = 3 * TICK;
    static final int RECALL_WAIT = 8 * TICK;

    static final int RECALL_ROUNDS = 3;

    final Dice dice = new Dice();
    final Scenario scenario = new Scenario();
    final Database db = new Database();
    final LogDatabase logs = new LogDatabase();
    final Commits commits = new Commits(this);
    final Bridge bridge = new Bridge(this);
    final Node[] nodes = new Node[NODES];
    final Disk[] disks = new Disk[DISKS];
    final Session[] sessions = new Session[SESSIONS];
    private final Transaction[] transactions = new Transaction[TRANSACTIONS];
    private final Transaction[] active = new Transaction[TRANSACTIONS];
    final Weather weather = new Weather(this);
    private final Ending ending = new Ending(this);
    private final int[] firstSessionOfNode = new int[NODES];

    // what really happened, known to the simulator only
    final int[] journalled = new int[Accounts.COUNT];
    final int[] overage = new int[Accounts.COUNT];
    final int[] reserved = new int[Accounts.COUNT];

    int sessionCount;
    private int activeCount;
    private int identities;
    int now;
    long steps;

    /** Accidents happen. */
    boolean accidents;

    boolean callsMayBegin;

    /** On a node's own clock. */
    int exchangeInterval;

    boolean idleReturns;

    /** The end of the run: everything is mended. */
    boolean resting;

    private boolean memoryChanged;
    private long bugs;

    private @Nullable Story story;

    World() {
        for (int i = 0; i < NODES; i++) {
            nodes[i] = new Node(this, i);
        }
        for (int i = 0; i < DISKS; i++) {
            disks[i] = new Disk(i);
        }
        for (int i = 0; i < SESSIONS; i++) {
            sessions[i] = new Session(this, i);
        }
        for (int i = 0; i < TRANSACTIONS; i++) {
            transactions[i] = new Transaction(this, i);
            active[i] = transactions[i];
        }
    }

    // ---- one run ----

    /**
     * Runs one seed from the beginning to the end.
     *
     * @param with the mistakes that are made, see {@link Bug#bit}
     * @return the number of steps
     * @throws Violation if an invariant does not hold
     */
    long run(long seed, Bias bias, long with, @Nullable Story teller) {
        begin(seed, bias, with, teller);
        while (steps < scenario.stepsOfChaos) {
            step();
        }
        ending.run();
        return steps;
    }

    private void begin(long seed, Bias bias, long with, @Nullable Story teller) {
        dice.seed(seed);
        scenario.roll(dice, bias);
        bugs = with;
        story = teller;
        now = 1;
        steps = 0;
        accidents = true;
        callsMayBegin = true;
        exchangeInterval = EXCHANGE_INTERVAL;
        idleReturns = scenario.idleReturns;
        resting = false;
        sessionCount = 0;
        identities = 0;
        for (int i = 0; i < TRANSACTIONS; i++) {
            active[i] = transactions[i];
            active[i].phase = Transaction.Phase.FREE;
            active[i].asker = null;
        }
        activeCount = 0;
        db.clear();
        logs.clear();
        bridge.clear();
        bridge.up = scenario.hints;
        weather.clear();
        Arrays.fill(journalled, 0);
        Arrays.fill(overage, 0);
        Arrays.fill(reserved, 0);
        Arrays.fill(firstSessionOfNode, -1);
        for (Session session : sessions) {
            session.state = Session.State.UNUSED;
            session.node = null;
        }
        for (int account = 0; account < Accounts.COUNT; account++) {
            db.open(account, dice.between(6, 20));
        }
        if (scenario.flips) {
            db.setUnlimited(Accounts.token(0), dice.oneIn(2));
            db.flush();
        }
        for (Disk disk : disks) {
            disk.clear(newIdentity());
            disk.user = null;
        }
        for (Node node : nodes) {
            node.clear();
            Arrays.fill(reserved, 0);
            if (node.number < scenario.nodes) {
                node.start(disks[node.number]);
            }
        }
    }

    boolean has(Bug bug) {
        return (bugs & bug.bit()) != 0;
    }

    boolean telling() {
        return story != null;
    }

    void tell(String event) {
        Story listener = story;
        if (listener != null) {
            listener.tell(steps, now, event);
        }
    }

    void tellIfTelling(String event) {
        if (story != null) {
            tell(event);
        }
    }

    void tellOf(Node node, String event) {
        if (story != null) {
            tell(node.name() + " " + event);
        }
    }

    // ---- the scheduler ----

    /** One step of somebody, chosen by chance. */
    void step() {
        db.changed = false;
        memoryChanged = false;
        while (!tryStep()) {
            // whoever was chosen had nothing to do
        }
        steps++;
        if (memoryChanged || db.changed) {
            checkMemory();
        }
    }

    private boolean tryStep() {
        int r = dice.below(128);
        if (accidents && dice.oneIn(scenario.accidentEvery)) {
            memoryChanged = true;
            return weather.strike();
        }
        if (r < (resting ? 10 : 5) || (r < 32 && weather.somebodyIsPaused())) {
            return passTime();
        }
        if (r < 14 && !bridge.isEmpty()) {
            return bridge.deliver();
        }
        if (r < 64 && activeCount > 0) {
            return active[dice.below(activeCount)].advance();
        }
        Node node = nodes[dice.below(scenario.nodes)];
        if (!node.isRunning()) {
            return false;
        }
        memoryChanged = true;
        if (dice.below(64) < (callsMayBegin ? 30 : 8)) {
            return node.calls[dice.below(CALLS_PER_NODE)].step();
        }
        return dice.oneIn(3) ? node.step() : stepOfSession(node);
    }

    private boolean passTime() {
        int most = weather.somebodyIsPaused() ? 3 * scenario.ticksAtOnce : scenario.ticksAtOnce;
        now += dice.between(1, most);
        return true;
    }

    private boolean stepOfSession(Node node) {
        Session session = node.current;
        if (session == null || dice.oneIn(4)) {
            if (sessionCount == 0) {
                return false;
            }
            session = sessions[dice.below(sessionCount)];
            if (session.node != node || !session.isAlive()) {
                return false;
            }
        }
        if (dice.oneIn(4)) {
            return session.log.step();
        }
        if (has(Bug.TWO_EXCHANGES) && dice.oneIn(2)) {
            return session.secondTeller.step();
        }
        return session.teller.step();
    }

    // ---- what others build with ----

    int newIdentity() {
        return ++identities;
    }

    Session newSession(Node node, Disk disk) {
        Session session = sessions[sessionCount++];
        session.begin(node, disk);
        if (firstSessionOfNode[node.number] < 0) {
            firstSessionOfNode[node.number] = session.number;
        }
        if (has(Bug.JOURNAL_OF_TWO)) {
            shareJournal(session, disk);
        }
        return session;
    }

    /** The mistake of a process that goes on with a journal which it found. */
    private void shareJournal(Session session, Disk disk) {
        for (int i = 0; i < session.number; i++) {
            if (disk.has(i) && sessions[i].journal.place != disk.identity && sessions[i].journal.hasRoom()) {
                session.writer = sessions[i].writer;
                session.journal.copy(sessions[i].journal, disk.length(i));
                session.believedApplied = Math.min(db.position(session.writer), session.journal.length);
                disk.remove(i);
                disk.keep(session.number, session.journal.length);
                return;
            }
        }
    }

    /** A transaction that was not used; null when the model has no room for more. */
    @Nullable
    Transaction begin(Transaction.Kind kind, Asker asker, int writer) {
        if (activeCount == TRANSACTIONS) {
            return null;
        }
        Transaction it = active[activeCount++];
        it.begin(kind, asker, writer);
        return it;
    }

    void ended(Transaction it) {
        for (int i = 0; i < activeCount; i++) {
            if (active[i] == it) {
                activeCount--;
                active[i] = active[activeCount];
                active[activeCount] = it;
                return;
            }
        }
    }

    int activeTransactions() {
        return activeCount;
    }

    Transaction activeTransaction(int index) {
        return active[index];
    }

    void abandonTransactions(Node node) {
        for (int i = 0; i < activeCount; i++) {
            Asker asker = active[i].asker;
            if (asker != null && asker.isOf(node)) {
                active[i].abandon();
            }
        }
    }

    /** Where the position of a writer is kept. */
    int positionRow(int writer) {
        Node node = sessions[writer].node;
        return has(Bug.POSITION_PER_NODE) && node != null ? firstSessionOfNode[node.number] : writer;
    }

    /** Where a log loop believes to go on, if it does not ask the log database. */
    int logPositionOf(Session session, int remembered) {
        return has(Bug.LOG_POSITION_IN_MAIN_DATABASE) ? db.logPosition(session.writer) : remembered;
    }

    void logged(Session session, int position) {
        if (has(Bug.LOG_POSITION_IN_MAIN_DATABASE)) {
            db.setLogPosition(session.writer, position);
            flushUnlessStalled();
        }
    }

    /** Whether a writer is not closed, and its process is gone. */
    boolean hasDeadWriters() {
        for (int writer = 0; writer < sessionCount; writer++) {
            int state = db.state(writer);
            if ((state == Database.OPEN || state == Database.CLOSING) && !sessions[writer].isAlive()) {
                return true;
            }
        }
        return false;
    }

    void flushUnlessStalled() {
        if (!db.logStalls) {
            db.flush();
        }
    }

    /** Flags the leases of an account of all writers but one; false while one of the rows is locked. */
    boolean flagLeases(int account, int except) {
        for (int writer = 0; writer < sessionCount; writer++) {
            if (writer != except && db.held(writer, account) > 0 && db.isWriterLocked(writer)) {
                return false;
            }
        }
        for (int writer = 0; writer < sessionCount; writer++) {
            if (writer != except && db.held(writer, account) > 0) {
                db.setRecalled(writer, account, true);
            }
        }
        flushUnlessStalled();
        return true;
    }

    // ---- the invariants ----

    /** I1 and I2, after a commit that concerned a writer. */
    void checkBooks(int writer) {
        db.checkConservation(sessionCount);
        Session session = sessions[writer];
        if (!db.exists(writer)) {
            return;
        }
        int position = Math.min(db.position(positionRow(writer)), session.journal.length);
        for (int account = 0; account < Accounts.COUNT; account++) {
            int recorded = session.journal.all(account, 0, position);
            if (db.chargedOf(writer, account) != recorded) {
                throw new Violation(
                        "I2",
                        "writer " + writer + " was charged " + db.chargedOf(writer, account) + " of "
                                + Accounts.name(account) + ", but its first " + position + " records make "
                                + recorded);
            }
        }
    }

    /** I3 and I4. */
    private void checkMemory() {
        for (Node node : nodes) {
            Session session = node.current;
            if (session != null && session.isServing() && !session.closed) {
                checkMemoryOf(session);
            }
        }
        for (int account = 0; account < Accounts.COUNT; account++) {
            int left = db.funds(account) - journalled[account] - reserved[account];
            if (left < -(overage[account] + db.namedShortage(account))) {
                throw new Violation(
                        "I4",
                        Accounts.name(account) + " had " + db.funds(account) + " units, but " + journalled[account]
                                + " are journalled and " + reserved[account] + " reserved; overage "
                                + overage[account] + " and other known reasons " + db.namedShortage(account)
                                + " do not explain it");
            }
        }
    }

    private void checkMemoryOf(Session session) {
        int writer = session.writer;
        if (db.state(writer) != Database.OPEN) {
            return;
        }
        boolean idle = session.teller.isIdle() && session.secondTeller.isIdle();
        int position = db.position(positionRow(writer));
        for (int account = 0; account < Accounts.COUNT; account++) {
            Cell cell = session.cells[account];
            int unapplied = session.journal.leased(account, position, session.journal.length);
            int held = db.held(writer, account);
            int used = cell.free + cell.owed + unapplied;
            // while an exchange is under way memory may know less than there is, never more
            if (held < used || (idle && held != used)) {
                throw new Violation(
                        "I3",
                        session.name() + " holds " + held + " of " + Accounts.name(account) + ", but has "
                                + cell.free + " free, " + cell.owed + " in calls, and " + unapplied
                                + " journalled and not applied");
            }
        }
    }

    /** I4 for one reservation: the lease that it was taken from is there, and large enough. */
    void checkBacked(Session session, int account) {
        int writer = session.writer;
        if (db.isGivenBack(writer, account)) {
            throw new Violation(
                    "I4", session.name() + " reserves " + Accounts.name(account) + " from a lease that was given back");
        }
        if (db.state(writer) != Database.OPEN) {
            return;
        }
        Cell cell = session.cells[account];
        int unapplied = session.journal.leased(account, db.position(positionRow(writer)), session.journal.length);
        int missing = cell.free + cell.owed + cell.toBeSubtracted + unapplied - db.held(writer, account);
        if (missing > 0) {
            throw new Violation(
                    "I4",
                    session.name() + " reserves " + Accounts.name(account) + " though " + missing
                            + " units of it were spent by calls that have not subtracted them yet");
        }
    }

    /** I5: both positions have passed what is deleted. */
    void checkMayDelete(Session session, int length) {
        int applied = db.position(positionRow(session.writer));
        int logged = logs.position(session.writer);
        if (applied < length || logged < length) {
            throw new Violation(
                    "I5",
                    "the journal of writer " + session.writer + " with " + length + " records is deleted; applied are "
                            + applied + ", logged " + logged);
        }
    }

    /** Units that a writer has spent or reserved, and that the database cannot know. */
    int outOfReach(int writer, int account) {
        Session session = sessions[writer];
        Journal journal = session.journal;
        int end = Math.min(journal.length, journal.lostFrom);
        int unapplied = journal.leased(account, db.position(positionRow(writer)), end);
        return unapplied + (session.isAlive() ? session.cells[account].reserved : 0);
    }
}

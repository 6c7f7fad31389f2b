package io.newapi.core.sim;

/**
 * Runs the exchanges of a session, one at a time.
 *
 * <pre>
 *   IDLE --> TAKING (free units to be returned) --> BUILT (content is fixed) --> READY (clocks are read) --> SENT
 *   SENT --answer or error--> CORRECTING (memory, one account a step) --> IDLE
 *   SENT --in doubt--> UNKNOWN --> RESYNCING --answer--> CORRECTING
 * </pre>
 */
final class Teller implements Asker {

    private static final int MOST_RECORDS = 3;

    enum State {
        IDLE,
        TAKING,
        BUILT,
        READY,
        SENT,
        UNKNOWN,
        RESYNCING,
        CORRECTING
    }

    private final World world;
    private final Session session;

    private State state = State.IDLE;
    private int account;

    // the exchange
    private int end;
    private int offered;
    private final int[] offers = new int[Accounts.COUNT];
    private int touched;
    private final Request[] requests = new Request[World.CALLS_PER_NODE];
    private int requestCount;
    private long sentAt;
    private long sentAtWall;

    // what it is corrected by
    private boolean resynced;
    private boolean answered;
    private final int[] heldNow = new int[Accounts.COUNT];
    private int positionNow;
    private int recalledNow;

    private long lastExchange;
    private boolean wanted;

    Teller(World world, Session session) {
        this.world = world;
        this.session = session;
        for (int i = 0; i < requests.length; i++) {
            requests[i] = new Request();
        }
    }

    void clear() {
        state = State.IDLE;
        requestCount = 0;
        offered = 0;
        lastExchange = session.node == null ? 0 : session.owner().clock();
        wanted = false;
    }

    boolean isIdle() {
        return state == State.IDLE;
    }

    /** An exchange is to follow at once. */
    void want() {
        wanted = true;
    }

    boolean step() {
        return switch (state) {
            case IDLE -> isDue() && start();
            case TAKING -> take();
            case BUILT -> readClocks();
            case READY -> send();
            case UNKNOWN -> resync();
            case CORRECTING -> correct();
            case SENT, RESYNCING -> false;
        };
    }

    /** Whether something waits for an exchange, apart from the interval. */
    boolean isNeeded() {
        if (session.closed) {
            return session.journal.length > session.believedApplied;
        }
        if (session.journal.length > session.believedApplied || wanted) {
            return true;
        }
        if (session.isServing()) {
            for (Cell cell : session.cells) {
                if (cell.recalled) {
                    return true;
                }
            }
            return session.owner().hasDueCalls(session);
        }
        return false;
    }

    private boolean isDue() {
        if (!session.isServing() && session.state != Session.State.FENCED) {
            return false;
        }
        if (session.closed || session.state == Session.State.FENCED) {
            return session.journal.length > session.believedApplied && !world.has(Bug.LATE_CHARGES_DROPPED_BY_ZOMBIE);
        }
        return isNeeded() || session.owner().clock() - lastExchange >= world.exchangeInterval;
    }

    private boolean start() {
        state = State.TAKING;
        account = 0;
        offered = 0;
        wanted = false;
        for (int i = 0; i < Accounts.COUNT; i++) {
            offers[i] = 0;
        }
        return take();
    }

    private boolean take() {
        if (session.isServing()) {
            while (account < Accounts.COUNT && !isToBeReturned(session.cells[account])) {
                account++;
            }
            if (account < Accounts.COUNT) {
                takeOut(account);
                account++;
                return true;
            }
        }
        fix();
        return true;
    }

    private boolean isToBeReturned(Cell cell) {
        return cell.recalled
                || (cell.free > 0 && world.idleReturns && session.owner().clock() - cell.lastUse >= World.IDLE_RETURN);
    }

    private void takeOut(int from) {
        Cell cell = session.cells[from];
        int free = Math.max(0, cell.free);
        offers[from] = world.has(Bug.RESERVED_RETURNED) ? free + cell.reserved : free;
        cell.free -= free;
        offered |= Accounts.bit(from);
        if (world.telling()) {
            world.tell(session.name() + " takes " + offers[from] + " free units of " + Accounts.name(from)
                    + " out, to return them");
        }
    }

    private void fix() {
        end = Math.min(session.believedApplied + MOST_RECORDS, session.journal.length);
        touched = offered | session.journal.touched(session.believedApplied, end);
        requestCount = session.isServing() ? session.owner().askFor(session, requests) : 0;
        for (int i = 0; i < requestCount; i++) {
            touched |= Accounts.bit(requests[i].user);
            if (requests[i].token >= 0) {
                touched |= Accounts.bit(requests[i].token);
            }
        }
        state = State.BUILT;
        if (world.telling()) {
            world.tell(session.name() + " builds an exchange: records " + session.believedApplied + " to " + end + ", "
                    + requestCount + " requests, returns of " + Accounts.names(offered));
        }
    }

    private boolean readClocks() {
        sentAt = session.owner().clock();
        sentAtWall = session.owner().wallClock();
        state = State.READY;
        return true;
    }

    private boolean send() {
        if (!isConnected()) {
            return false;
        }
        Transaction it = world.begin(Transaction.Kind.EXCHANGE, this, session.writer);
        if (it == null) {
            return false;
        }
        it.journal = session.journal;
        it.from = session.believedApplied;
        it.end = end;
        it.offered = offered;
        System.arraycopy(offers, 0, it.offers, 0, offers.length);
        it.accounts = touched;
        it.exchangeNo = session.countExchange();
        for (int i = 0; i < requestCount; i++) {
            it.requests[i].copy(requests[i]);
        }
        it.requestCount = requestCount;
        lastExchange = sentAt;
        state = State.SENT;
        return true;
    }

    private boolean resync() {
        if (!isConnected()) {
            return false;
        }
        Transaction it = world.begin(Transaction.Kind.RESYNC, this, session.writer);
        if (it == null) {
            return false;
        }
        state = State.RESYNCING;
        return true;
    }

    // ---- how it ended ----

    @Override
    public void locked(Transaction transaction) {
        // the accounts were known when it was built
    }

    @Override
    public void applied(Transaction it) {
        resynced = state == State.RESYNCING;
        answered = !resynced;
        positionNow = it.position;
        System.arraycopy(it.held, 0, heldNow, 0, heldNow.length);
        recalledNow = it.recalled | it.negative;
        for (int i = 0; i < it.requestCount; i++) {
            requests[i].copy(it.requests[i]);
        }
        if (it.state != Database.OPEN && !world.has(Bug.ZOMBIE_RESERVES)) {
            fenced(it);
            return;
        }
        if (answered) {
            if (world.has(Bug.DEADLINE_FROM_ANSWER)) {
                session.extendDeadline(session.owner().clock(), session.owner().wallClock());
            } else {
                session.extendDeadline(sentAt, sentAtWall);
            }
        }
        account = 0;
        state = State.CORRECTING;
    }

    private void fenced(Transaction it) {
        if (!session.closed) {
            session.fence(it.state);
        }
        for (int i = 0; i < requestCount; i++) {
            if (requests[i].isAwaited()) {
                requests[i].call().sessionIsGone();
            }
        }
        requestCount = 0;
        session.believedApplied = Math.max(session.believedApplied, positionNow);
        state = State.IDLE;
    }

    @Override
    public void notApplied() {
        if (state == State.RESYNCING) {
            state = State.UNKNOWN;
            return;
        }
        asBefore();
    }

    @Override
    public void inDoubt() {
        if (world.has(Bug.DOUBT_IS_FAILURE)) {
            notApplied();
        } else if (world.has(Bug.DOUBT_IS_SUCCESS) && state == State.SENT) {
            asPlanned();
        } else {
            state = State.UNKNOWN;
        }
    }

    private void asBefore() {
        resynced = false;
        answered = false;
        positionNow = session.believedApplied;
        recalledNow = 0;
        for (int i = 0; i < Accounts.COUNT; i++) {
            heldNow[i] = session.cells[i].believedHeld;
        }
        account = 0;
        state = State.CORRECTING;
    }

    private void asPlanned() {
        asBefore();
        positionNow = end;
        for (int i = 0; i < Accounts.COUNT; i++) {
            int spent = session.journal.leased(i, session.believedApplied, end);
            heldNow[i] = Math.max(0, session.cells[i].believedHeld - spent - offers[i]);
        }
    }

    /** Memory follows the database: by state, whatever the operation was. */
    private boolean correct() {
        while (account < Accounts.COUNT && !Accounts.contains(touched, account)) {
            account++;
        }
        if (account < Accounts.COUNT) {
            correct(account);
            account++;
            return true;
        }
        finish();
        return true;
    }

    private void correct(int which) {
        Cell cell = session.cells[which];
        int spent = session.journal.leased(which, session.believedApplied, positionNow);
        int offer = resynced && world.has(Bug.RESYNC_FORGETS_RETURN) ? 0 : offers[which];
        int change = heldNow[which] - cell.believedHeld + offer + spent;
        if (world.has(Bug.DEFICIT_KEPT)) {
            change -= Math.max(0, spent - cell.believedHeld);
        }
        if (world.has(Bug.MEMORY_BY_OPERATION)) {
            // what the balance paid is forgiven where something is owed
            int paid = Math.max(0, spent - cell.believedHeld);
            change += Math.min(paid, Math.max(0, -cell.free)) - paid;
        }
        cell.free += change;
        cell.believedHeld = heldNow[which];
        if (world.telling()) {
            world.tell(session.name() + " corrects " + Accounts.name(which) + " by " + change + ": free " + cell.free
                    + ", held " + cell.believedHeld);
        }
    }

    private void finish() {
        session.believedApplied = Math.max(session.believedApplied, positionNow);
        long tight = session.owner().clock() + World.TIGHT;
        for (int i = 0; i < Accounts.COUNT; i++) {
            Cell cell = session.cells[i];
            if (answered && Accounts.contains(offered, i)) {
                cell.recalled = false;
            }
            if (answered && Accounts.contains(recalledNow, i)) {
                cell.recalled = cell.free > 0 || !Accounts.contains(offered, i);
                cell.tightUntil = tight;
            }
        }
        for (int i = 0; i < requestCount; i++) {
            Request request = requests[i];
            if (request.isAwaited() && answered) {
                request.call().decided(request.verdict, request.account);
            } else if (request.isAwaited()) {
                request.call().tryAgain();
            }
        }
        requestCount = 0;
        state = State.IDLE;
        if (world.telling()) {
            world.tell(session.name() + " is done with its exchange, applied up to " + session.believedApplied);
        }
    }

    @Override
    public boolean isRunning() {
        return session.isRunning();
    }

    @Override
    public boolean isConnected() {
        return session.isConnected();
    }

    @Override
    public boolean isOf(Node node) {
        return session.isOf(node);
    }

    @Override
    public String name() {
        return session.name();
    }
}

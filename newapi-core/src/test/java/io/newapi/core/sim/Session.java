package io.newapi.core.sim;

import org.jspecify.annotations.Nullable;

/** One writer as its process has it in memory, and its registration. */
final class Session implements Asker {

    enum State {
        UNUSED,
        REGISTERING,
        OPEN,
        LEAVING,
        FENCED,
        /** Its journal is deleted; nothing is left. */
        DRAINED,
        /** Its process ended. */
        DEAD
    }

    private final World world;
    final int number;
    final Journal journal = new Journal();
    final Cell[] cells = new Cell[Accounts.COUNT];
    final Teller teller;
    final Teller secondTeller;
    final LogLoop log;

    State state = State.UNUSED;

    @Nullable
    Node node;

    /** Its own number, unless two processes share a journal by mistake. */
    int writer;

    int believedApplied;
    long deadline;
    long wallExtended;
    long wallDeadline;

    /** Calls that were begun in it and have not ended, waiting ones included. */
    int calls;

    /** Closed by its own process, on leaving. */
    boolean closed;

    private boolean asking;
    private int exchangesSent;

    Session(World world, int number) {
        this.world = world;
        this.number = number;
        for (int account = 0; account < Accounts.COUNT; account++) {
            cells[account] = new Cell();
        }
        teller = new Teller(world, this);
        secondTeller = new Teller(world, this);
        log = new LogLoop(world, this);
    }

    void begin(Node on, Disk disk) {
        node = on;
        writer = number;
        state = State.REGISTERING;
        journal.clear(disk.identity);
        disk.keep(number, 0);
        for (Cell cell : cells) {
            cell.clear(on.clock());
        }
        believedApplied = 0;
        deadline = on.clock();
        wallExtended = on.wallClock();
        wallDeadline = wallExtended;
        calls = 0;
        closed = false;
        asking = false;
        exchangesSent = 0;
        teller.clear();
        secondTeller.clear();
        log.clear();
    }

    boolean isAlive() {
        return state == State.REGISTERING || isServing() || state == State.FENCED;
    }

    boolean isServing() {
        return state == State.OPEN || state == State.LEAVING;
    }

    Node owner() {
        Node owner = node;
        if (owner == null) {
            throw new IllegalStateException("session " + number + " has no node");
        }
        return owner;
    }

    /** Whether what was taken from the cells may be spent. */
    boolean maySpend() {
        if (state == State.FENCED) {
            return world.has(Bug.ZOMBIE_RESERVES);
        }
        if (world.scenario.strict || world.has(Bug.NO_DEADLINE)) {
            return true;
        }
        long wall = owner().wallClock();
        boolean setBack = wall < wallExtended && !world.has(Bug.CLOCK_SET_BACK);
        return owner().clock() < deadline && wall < wallDeadline && !setBack;
    }

    void extendDeadline(long from, long wallFrom) {
        deadline = from + World.DEADLINE;
        wallExtended = wallFrom;
        wallDeadline = wallFrom + World.DEADLINE;
    }

    void fence(int found) {
        if (state == State.FENCED) {
            return;
        }
        if (world.telling()) {
            world.tell(name() + " is fenced: state " + found);
        }
        boolean wasCurrent = owner().current == this;
        state = State.FENCED;
        if (wasCurrent && !world.has(Bug.ZOMBIE_RESERVES)) {
            owner().current = null;
        }
    }

    /**
     * The number of the next exchange. It is counted here and not in the database, where a crash may undo a number
     * that somebody has seen: it would come back with the next exchange, as if the writer had stood still.
     */
    int countExchange() {
        return ++exchangesSent;
    }

    /** Everything journalled is applied, for all the teller knows, and nothing is under way. */
    boolean isApplied() {
        return teller.isIdle() && secondTeller.isIdle() && believedApplied >= journal.length;
    }

    // ---- registration ----

    boolean register() {
        if (asking || !isConnected()) {
            return false;
        }
        Transaction transaction = world.begin(Transaction.Kind.REGISTER, this, writer);
        if (transaction == null) {
            return false;
        }
        asking = true;
        if (world.telling()) {
            world.tell(name() + " registers");
        }
        return true;
    }

    @Override
    public void applied(Transaction transaction) {
        state = State.OPEN;
        owner().registered(this);
    }

    @Override
    public void notApplied() {
        inDoubt();
    }

    @Override
    public void inDoubt() {
        // a locking read proves nothing here: the INSERT may come later; another id is taken
        state = State.DEAD;
        owner().notRegistered(this);
    }

    @Override
    public void locked(Transaction transaction) {
        throw new IllegalStateException("a registration locks nothing");
    }

    @Override
    public boolean isRunning() {
        return owner().isRunning();
    }

    @Override
    public boolean isConnected() {
        return owner().isConnected();
    }

    @Override
    public boolean isOf(Node node) {
        return this.node == node;
    }

    @Override
    public String name() {
        return (node == null ? "" : owner().name() + " ") + "session " + number;
    }
}

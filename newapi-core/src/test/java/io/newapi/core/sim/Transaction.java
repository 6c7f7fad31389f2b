package io.newapi.core.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One transaction, with the client's side and the server's side of it.
 *
 * <pre>
 *   LOCKING --the server locks the writer row--> LOCKED --the client has the answer--> READING
 *   READING --the server locks the accounts, one by one--> READ --the client sends COMMIT--> COMMITTING
 *   COMMITTING --the server commits--> VISIBLE --it is in the log file--> DONE --the client has the answer--> FREE
 *   before COMMIT was sent --error--> FAILED --the client knows it: not applied--> FREE
 *   after COMMIT was sent --error--> BROKEN --the client knows it: in doubt--> FREE
 * </pre>
 *
 * <p>A client that gave up or ended leaves the server's side behind, locks included. What the client computes from
 * locked rows is computed when the transaction commits, which is the same.
 */
final class Transaction {

    enum Kind {
        REGISTER,
        EXCHANGE,
        RESYNC,
        CLOSE_BEGIN,
        CLOSE_RETURN,
        LOG
    }

    enum Phase {
        FREE,
        LOCKING,
        LOCKED,
        READING,
        READ,
        COMMITTING,
        VISIBLE,
        DONE,
        FAILED,
        BROKEN
    }

    private final World world;
    final int number;

    Kind kind = Kind.RESYNC;
    Phase phase = Phase.FREE;

    @Nullable
    Asker asker;

    int writer;

    // what it is to do
    @Nullable
    Journal journal;

    int from;
    int end;
    int offered;
    final int[] offers = new int[Accounts.COUNT];
    int accounts;
    final Request[] requests = new Request[World.CALLS_PER_NODE];
    int requestCount;
    int expectedExchangeNo;

    /** What a living writer has counted up to, or -1. */
    int exchangeNo;

    // what it found
    int stateBefore;
    int state;
    int position;
    final int[] held = new int[Accounts.COUNT];
    int recalled;
    int negative;

    private int nextAccount;
    private boolean wrote;

    Transaction(World world, int number) {
        this.world = world;
        this.number = number;
        for (int i = 0; i < requests.length; i++) {
            requests[i] = new Request();
        }
    }

    void begin(Kind what, Asker who, int ofWriter) {
        kind = what;
        asker = who;
        writer = ofWriter;
        journal = null;
        from = 0;
        end = 0;
        offered = 0;
        accounts = 0;
        requestCount = 0;
        expectedExchangeNo = -1;
        exchangeNo = -1;
        stateBefore = Database.OPEN;
        state = Database.OPEN;
        position = 0;
        Arrays.fill(held, 0);
        recalled = 0;
        negative = 0;
        nextAccount = 0;
        wrote = true;
        phase = Phase.LOCKING;
    }

    private boolean isPipelined() {
        return kind == Kind.EXCHANGE && world.has(Bug.COMMIT_PIPELINED);
    }

    /** Whether the server may have received COMMIT, for all the client knows. */
    private boolean commitWasSent() {
        return kind == Kind.REGISTER
                || isPipelined()
                || phase == Phase.COMMITTING
                || phase == Phase.VISIBLE
                || phase == Phase.DONE;
    }

    private boolean serverIsUp() {
        return kind == Kind.LOG ? world.logs.up : world.db.up;
    }

    /** One step, if one is possible now. */
    boolean advance() {
        Asker client = asker;
        return switch (phase) {
            case FREE -> false;
            case LOCKING -> serverIsUp() && lockWriter();
            case LOCKED -> client == null ? rollBackAbandoned() : client.isConnected() && goOn(client);
            case READING ->
                (client == null && !isPipelined()) ? rollBackAbandoned() : serverIsUp() && lockNextAccount();
            case READ -> client == null ? rollBackAbandoned() : client.isConnected() && sendCommit(client);
            case COMMITTING -> serverIsUp() && commit();
            case VISIBLE -> serverIsUp() && !world.db.logStalls && flush();
            case DONE -> (client == null || client.isConnected()) && acknowledge();
            case FAILED, BROKEN -> (client == null || client.isRunning()) && report();
        };
    }

    private boolean lockWriter() {
        if (asker == null && !isPipelined() && world.dice.oneIn(2)) {
            if (kind != Kind.REGISTER) {
                return free("the server sees that the client is gone, before it had locked anything");
            }
        }
        if (kind == Kind.REGISTER) {
            return commit();
        }
        if (!(kind == Kind.LOG ? world.logs.lock(this) : lockOrRead())) {
            return false;
        }
        phase = isPipelined() ? Phase.READING : Phase.LOCKED;
        return tell("the server locks the writer row");
    }

    private boolean lockOrRead() {
        return (kind == Kind.RESYNC && world.has(Bug.RESYNC_WITHOUT_LOCK)) || world.db.lockWriter(this);
    }

    private boolean goOn(Asker client) {
        client.locked(this);
        phase = Phase.READING;
        return world.telling()
                ? tell(client.name() + " sees that the writer row is locked, and asks for " + Accounts.names(accounts))
                : true;
    }

    private boolean lockNextAccount() {
        while (nextAccount < Accounts.COUNT && !Accounts.contains(accounts, nextAccount)) {
            nextAccount++;
        }
        if (nextAccount == Accounts.COUNT) {
            phase = isPipelined() ? Phase.COMMITTING : Phase.READ;
            return tell("the server has answered all reads");
        }
        if (!world.db.lockAccount(nextAccount, this)) {
            return false;
        }
        nextAccount++;
        return world.telling() ? tell("the server locks " + Accounts.name(nextAccount - 1)) : true;
    }

    private boolean sendCommit(Asker client) {
        phase = Phase.COMMITTING;
        return world.telling() ? tell(client.name() + " sends its writes and COMMIT") : true;
    }

    private boolean commit() {
        if (asker == null && !isPipelined() && world.dice.oneIn(3)) {
            world.db.unlock(this);
            world.logs.unlock(this);
            return free("COMMIT never arrives, the server rolls back");
        }
        wrote = world.commits.carryOut(this);
        world.db.unlock(this);
        world.logs.unlock(this);
        if (kind == Kind.LOG || !wrote || !world.db.logStalls) {
            if (kind != Kind.LOG && wrote) {
                world.db.flush();
            }
            phase = Phase.DONE;
        } else {
            phase = Phase.VISIBLE;
        }
        return world.telling() ? tell("the server commits: " + world.commits.outcome(this)) : true;
    }

    private boolean flush() {
        world.db.flush();
        phase = Phase.DONE;
        return tell("the commit is in the server's log file");
    }

    private boolean acknowledge() {
        Asker client = asker;
        if (client == null) {
            return free("nobody is there for the answer");
        }
        phase = Phase.FREE;
        asker = null;
        if (world.telling()) {
            tell(client.name() + " has the answer to COMMIT");
        }
        client.applied(this);
        world.ended(this);
        return true;
    }

    private boolean report() {
        Asker client = asker;
        boolean doubtful = phase == Phase.BROKEN;
        if (client == null) {
            return free("nobody is there for the error");
        }
        free(
                doubtful
                        ? "the client lost the connection after COMMIT: in doubt"
                        : "the client has an error: not applied");
        if (doubtful) {
            client.inDoubt();
        } else {
            client.notApplied();
        }
        return true;
    }

    private boolean rollBackAbandoned() {
        world.db.unlock(this);
        world.logs.unlock(this);
        return free("the server sees that the client is gone, and rolls back");
    }

    // ---- accidents ----

    /** The client waits no longer and closes the connection; the server's side goes on. */
    boolean giveUp() {
        Asker client = asker;
        if (client == null || phase == Phase.FREE || !client.isRunning()) {
            return false;
        }
        boolean doubtful = commitWasSent() && phase != Phase.FAILED;
        asker = null;
        if (world.telling()) {
            tell(client.name() + " gives up waiting: " + (doubtful ? "in doubt" : "not applied"));
        }
        if (phase == Phase.FAILED || phase == Phase.BROKEN) {
            doubtful = phase == Phase.BROKEN;
            phase = Phase.FREE;
            world.ended(this);
        }
        if (doubtful) {
            client.inDoubt();
        } else {
            client.notApplied();
        }
        return true;
    }

    /** The process of the client is gone. */
    void abandon() {
        asker = null;
    }

    /** The server ends it with an error: deadlock, lock wait timeout, crash, a killed connection. */
    boolean drop(boolean deadlock) {
        if (phase == Phase.FREE || phase == Phase.FAILED || phase == Phase.BROKEN || phase == Phase.DONE) {
            return false;
        }
        if (deadlock && phase != Phase.READING) {
            return false;
        }
        if (deadlock && kind == Kind.EXCHANGE && world.has(Bug.SENT_ON_AFTER_DEADLOCK)) {
            world.commits.carryOutHalf(this);
            world.db.unlock(this);
            world.db.flush();
            phase = Phase.DONE;
            return tell("the server ends it by a deadlock, and carries out the statements behind it one by one");
        }
        boolean doubtful = commitWasSent();
        world.db.unlock(this);
        world.logs.unlock(this);
        phase = doubtful ? Phase.BROKEN : Phase.FAILED;
        return tell(deadlock ? "the server ends it with an error: deadlock" : "the server ends it with an error");
    }

    /** The server that would have answered stopped: nobody knows what became of it. */
    void breakAnswer() {
        if (phase == Phase.DONE) {
            phase = Phase.BROKEN;
        }
    }

    private boolean free(String event) {
        if (world.telling()) {
            tell(event);
        }
        phase = Phase.FREE;
        asker = null;
        world.ended(this);
        return true;
    }

    private boolean tell(String event) {
        if (world.telling()) {
            world.tell(kind + " " + number + " of writer " + writer + ": " + event);
        }
        return true;
    }
}

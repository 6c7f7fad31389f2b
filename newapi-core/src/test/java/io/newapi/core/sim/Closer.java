package io.newapi.core.sim;

import org.jspecify.annotations.Nullable;

/**
 * Ends a writer: its own on leaving, one that stood still, or one whose journal was found on the disk. Every step may
 * be repeated, by anybody.
 *
 * <pre>
 *   BEGIN (no more grants) --> APPLY (the journal, if there is one) --> GIVE_BACK (leases, then closed)
 *   GIVE_BACK --> LOG --> DELETE (the journal)
 * </pre>
 */
final class Closer implements Asker {

    private enum Stage {
        IDLE,
        BEGIN,
        APPLY,
        GIVE_BACK,
        LOG,
        DELETE
    }

    private static final int MOST_RECORDS = 3;
    private static final int MOST_LEASES = 2;

    private final World world;
    private final Node node;
    private final String task;

    private Stage stage = Stage.IDLE;
    private boolean asking;

    @Nullable
    private Session target;

    private boolean withJournal;
    private int length;
    private int expectedExchangeNo;
    private int position;
    private int logPosition;

    Closer(World world, Node node, String task) {
        this.world = world;
        this.node = node;
        this.task = task;
    }

    void clear() {
        stage = Stage.IDLE;
        asking = false;
        target = null;
    }

    boolean isIdle() {
        return stage == Stage.IDLE;
    }

    boolean isClosing(Session session) {
        return stage != Stage.IDLE && target == session;
    }

    /** Closes a writer, if its exchange number is the expected one (or in any case, if that is negative). */
    void close(Session session, int expected) {
        begin(session, false, 0, expected);
    }

    /** Closes a writer and applies its journal up to a length. */
    void recover(Session session, int journalLength, int expected) {
        begin(session, true, journalLength, expected);
    }

    private void begin(Session session, boolean journal, int journalLength, int expected) {
        target = session;
        withJournal = journal;
        length = journalLength;
        expectedExchangeNo = expected;
        position = 0;
        logPosition = 0;
        stage = Stage.BEGIN;
        if (world.telling()) {
            world.tell(name() + " begins with writer " + session.writer
                    + (journal ? ", journal of " + journalLength + " records" : ""));
        }
    }

    private Session target() {
        Session session = target;
        if (session == null) {
            throw new IllegalStateException(name() + " closes nobody");
        }
        return session;
    }

    boolean step() {
        if (asking) {
            return false;
        }
        return switch (stage) {
            case IDLE -> false;
            case BEGIN -> ask(Transaction.Kind.CLOSE_BEGIN);
            case APPLY -> ask(Transaction.Kind.EXCHANGE);
            case GIVE_BACK -> ask(Transaction.Kind.CLOSE_RETURN);
            case LOG -> world.logs.up && ask(Transaction.Kind.LOG);
            case DELETE -> delete();
        };
    }

    private boolean ask(Transaction.Kind kind) {
        if (!isConnected()) {
            return false;
        }
        Session session = target();
        Transaction it = world.begin(kind, this, session.writer);
        if (it == null) {
            return false;
        }
        asking = true;
        switch (kind) {
            case CLOSE_BEGIN -> {
                it.expectedExchangeNo = expectedExchangeNo;
                it.journal = withJournal ? session.journal : null;
            }
            case EXCHANGE -> {
                it.journal = session.journal;
                it.from = position;
                it.end = Math.min(position + MOST_RECORDS, length);
                it.accounts = session.journal.touched(position, it.end);
            }
            case LOG -> {
                it.end = length;
                it.from = world.logPositionOf(session, logPosition);
            }
            case REGISTER, RESYNC, CLOSE_RETURN -> {}
        }
        return true;
    }

    @Override
    public void locked(Transaction it) {
        if (it.kind == Transaction.Kind.CLOSE_RETURN) {
            int leases = world.db.leases(it.writer);
            it.accounts = 0;
            for (int count = 0; count < MOST_LEASES && leases != 0; count++) {
                it.accounts |= Integer.lowestOneBit(leases);
                leases &= leases - 1;
            }
        }
    }

    @Override
    public void applied(Transaction it) {
        asking = false;
        switch (it.kind) {
            case CLOSE_BEGIN -> begun(it);
            case EXCHANGE -> {
                position = Math.max(position, it.position);
                afterPosition();
            }
            case CLOSE_RETURN -> {
                if (it.accounts == 0) {
                    closed();
                }
            }
            case LOG -> {
                logPosition = it.position;
                world.logged(target(), it.position);
                stage = logPosition >= length ? Stage.DELETE : Stage.LOG;
            }
            case REGISTER, RESYNC -> throw new IllegalStateException("a closer does not " + it.kind);
        }
    }

    private void begun(Transaction it) {
        position = it.position;
        if (it.state == Database.MISSING) {
            setAside();
        } else if (it.state == Database.OPEN) {
            finish("finds it alive");
        } else if (it.stateBefore != Database.OPEN && world.has(Bug.LATE_CHARGES_DROPPED_BY_RESTART)) {
            stage = withJournal ? Stage.DELETE : Stage.GIVE_BACK;
        } else {
            afterPosition();
        }
    }

    private void afterPosition() {
        stage = withJournal && position < length ? Stage.APPLY : Stage.GIVE_BACK;
    }

    private void closed() {
        if (!withJournal) {
            Session session = target();
            if (this == node.leaver) {
                session.closed = true;
            }
            finish("has closed it");
        } else if (world.has(Bug.DELETED_BEFORE_LOGGED)) {
            stage = Stage.DELETE;
        } else {
            stage = Stage.LOG;
        }
    }

    private void setAside() {
        if (withJournal) {
            node.openDisk().remove(target().number);
        }
        finish("sets the journal aside: the database does not know it");
    }

    private boolean delete() {
        Session session = target();
        world.checkMayDelete(session, length);
        node.openDisk().remove(session.number);
        finish("deletes the journal");
        return true;
    }

    private void finish(String event) {
        if (world.telling()) {
            world.tell(name() + " of writer " + target().writer + " " + event);
        }
        clear();
    }

    @Override
    public void notApplied() {
        asking = false;
    }

    @Override
    public void inDoubt() {
        asking = false;
    }

    @Override
    public boolean isRunning() {
        return node.isRunning();
    }

    @Override
    public boolean isConnected() {
        return node.isConnected();
    }

    @Override
    public boolean isOf(Node node) {
        return this.node == node;
    }

    @Override
    public String name() {
        return node.name() + " " + task;
    }
}

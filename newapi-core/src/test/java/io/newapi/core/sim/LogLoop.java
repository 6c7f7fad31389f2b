package io.newapi.core.sim;

/** Writes the log rows of a session's journal, always from the position that the log database has. */
final class LogLoop implements Asker {

    private final World world;
    private final Session session;

    private boolean asking;
    private int end;

    /** What the log database acknowledged. */
    int position;

    LogLoop(World world, Session session) {
        this.world = world;
        this.session = session;
    }

    void clear() {
        asking = false;
        position = 0;
    }

    boolean isIdle() {
        return !asking;
    }

    boolean step() {
        if (asking || position >= session.journal.length || !isConnected() || !world.logs.up) {
            return false;
        }
        Transaction it = world.begin(Transaction.Kind.LOG, this, session.writer);
        if (it == null) {
            return false;
        }
        end = session.journal.length;
        it.end = end;
        it.from = world.logPositionOf(session, position);
        asking = true;
        return true;
    }

    @Override
    public void locked(Transaction transaction) {
        // no account is locked
    }

    @Override
    public void applied(Transaction it) {
        asking = false;
        position = it.position;
        world.logged(session, it.position);
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
        return session.name() + " log";
    }
}

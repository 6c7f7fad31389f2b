package io.newapi.core.sim;

/** Who has a transaction under way, and hears how it ended. */
interface Asker {

    /** Whether its process runs now. */
    boolean isRunning();

    /** Whether its process runs and the network between it and the databases is whole. */
    boolean isConnected();

    /** The writer row is locked: says which accounts must be locked next. */
    void locked(Transaction transaction);

    /** COMMIT was acknowledged. */
    void applied(Transaction transaction);

    /** Certainly nothing was changed. */
    void notApplied();

    /** Nobody knows. */
    void inDoubt();

    /** Whether it is part of the process on a node. */
    boolean isOf(Node node);

    String name();
}

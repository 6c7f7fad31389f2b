package io.newapi.core.sim;

/** What a run is bent towards, for mistakes that show only in rare circumstances. */
enum Bias {
    /** Everything may happen. */
    NONE,
    /** Processes stop for long, in the middle of anything, while time runs. */
    PAUSES,
    /** Calls use more than they reserved, and balances are soon spent. */
    OVERAGE,
    /** The database stops in the middle of writing its log. */
    DATABASE_CRASHES,
    /** The same, with processes that stop for long. */
    DATABASE_CRASHES_AND_PAUSES,
    /** Connections and answers are lost. */
    LOST_ANSWERS,
    /** Processes end and start again, mostly with their disks. */
    RESTARTS,
    /** Disks are copied, and processes started on the copies. */
    COPIES,
    /** The run starts with a node that is cut off, and a process on a copy of its disk. */
    COPY_OF_A_CUT_OFF_NODE,
    /** Tokens become unlimited and limited again. */
    FLIPS,
    /** Machines that are suspended forget the time of day, and wake up long before they fell asleep. */
    LOST_CLOCKS
}

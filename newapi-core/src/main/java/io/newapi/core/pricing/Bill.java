package io.newapi.core.pricing;

import java.util.List;

/** How an amount comes about. The lines are made when somebody asks for them: the amount may have been found quicker. */
interface Bill {

    /** The requested model. */
    String model();

    /** What the amount is the sum of; empty if nothing was used. */
    List<ChargeLine> lines();

    /** Whether the call used nothing: it costs nothing, and has no minimum. */
    boolean nothingUsed();

    /** Whether what was used has no price: there is no minimum. */
    boolean free();

    /** Whether the upstream counted more parts of the prompt than the prompt has, where that matters. */
    boolean baseClamped();

    /** What else there is to say, one sentence each. */
    List<String> remarks();

    /** Adds what a log row says of it. */
    void log(LogFields fields);
}

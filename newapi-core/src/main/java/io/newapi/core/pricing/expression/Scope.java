package io.newapi.core.pricing.expression;

/** One evaluation: what the names mean, and the tier that was reached. Lives within one call of one thread. */
final class Scope {

    final Quantities quantities;
    final Circumstances circumstances;
    private String tier = "";

    Scope(Quantities quantities, Circumstances circumstances) {
        this.quantities = quantities;
        this.circumstances = circumstances;
    }

    void reach(String name) {
        tier = name;
    }

    /** The tier that was evaluated last; empty if none was. */
    String tier() {
        return tier;
    }
}

package io.newapi.examples.spring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.newapi.core.quota.LedgerListener;
import io.newapi.core.quota.Payer;
import io.newapi.core.quota.ReserveOutcome;
import io.newapi.core.quota.Settlement;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What happens in the ledger, as Micrometer meters. Amounts are quota units. Thread-safe. */
final class LedgerMeters implements LedgerListener {

    private final MeterRegistry registry;
    private final Counter charged;
    private final Counter overage;
    private final Counter released;

    LedgerMeters(MeterRegistry registry) {
        this.registry = registry;
        this.charged = registry.counter("ledger.charged.units");
        this.overage = registry.counter("ledger.overage.units");
        this.released = registry.counter("ledger.released.calls");
    }

    @Override
    public void settled(Payer payer, long heldUnits, Settlement settlement) {
        long units = settlement.charge().units();
        charged.increment((double) units);
        overage.increment((double) Math.max(0, units - heldUnits));
    }

    @Override
    public void released(Payer payer, long units) {
        released.increment();
    }

    @Override
    public void refused(Payer payer, ReserveOutcome refusal) {
        String why = refusal.match(held -> "", broke -> "insufficient", closed -> "closed", other -> "unavailable");
        registry.counter("ledger.refused.calls", "why", why).increment();
    }

    @Override
    public void exchanged(long nanos, int entries, ExchangeOutcome outcome) {
        String ended = outcome.name().toLowerCase(Locale.ROOT);
        registry.timer("ledger.exchange", "outcome", ended).record(nanos, TimeUnit.NANOSECONDS);
    }
}

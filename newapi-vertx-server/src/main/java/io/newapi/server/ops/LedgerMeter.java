package io.newapi.server.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.newapi.core.quota.Account;
import io.newapi.core.quota.LedgerListener;
import io.newapi.core.quota.Payer;
import io.newapi.core.quota.ReserveOutcome;
import io.newapi.core.quota.Settlement;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Counts what happens in the ledger. Thread-safe; all its meters are there from the beginning, and counting looks none up. */
public final class LedgerMeter implements LedgerListener {

    private enum Refusal {
        INSUFFICIENT,
        CLOSED,
        UNAVAILABLE
    }

    private final Counter reservations;
    private final Counter releases;
    private final Tally<Refusal> refusals;
    private final Counter charges;
    private final Counter quota;
    private final Counter promptTokens;
    private final Counter completionTokens;
    private final Tally<ExchangeOutcome> exchanges;
    private final Durations duration;
    private final Counter recalls;
    private final Counter ends;
    private volatile long lastAppliedNanos = System.nanoTime();

    LedgerMeter(MeterRegistry registry) {
        reservations = counter(registry, "newapi_reservations_total", "Reservations that were opened.");
        releases = counter(registry, "newapi_releases_total", "Reservations that ended without a charge.");
        refusals = new Tally<>(
                registry,
                "newapi_reservation_refusals_total",
                "reason",
                "Reservations that were refused.",
                Refusal.class);
        charges = counter(registry, "newapi_charges_total", "Calls that were charged.");
        quota = counter(registry, "newapi_charged_quota_total", "Quota that was charged, in quota units.");
        promptTokens = tokens(registry, "prompt");
        completionTokens = tokens(registry, "completion");
        exchanges = new Tally<>(
                registry,
                "newapi_ledger_exchanges_total",
                "outcome",
                "Exchanges of the ledger with the database.",
                ExchangeOutcome.class);
        duration = new Durations(
                registry,
                "newapi_ledger_exchange_seconds",
                "How long exchanges took.",
                1_000,
                2_500,
                5_000,
                10_000,
                25_000,
                50_000,
                100_000,
                250_000,
                500_000,
                1_000_000,
                5_000_000,
                10_000_000);
        Gauge.builder(
                        "newapi_ledger_last_exchange_age_seconds",
                        () -> (System.nanoTime() - lastAppliedNanos) / (double) TimeUnit.SECONDS.toNanos(1))
                .description("Time since the last exchange that was applied, or since the start.")
                .register(registry);
        recalls = counter(registry, "newapi_ledger_recalls_total", "Balances that other nodes have asked for.");
        ends = counter(registry, "newapi_ledger_ends_total", "Ledgers that ended, closing included.");
    }

    private static Counter counter(MeterRegistry registry, String name, String help) {
        return Counter.builder(name).description(help).register(registry);
    }

    private static Counter tokens(MeterRegistry registry, String kind) {
        return Counter.builder("newapi_charged_tokens_total")
                .description("Text units of charged calls.")
                .tag("kind", kind)
                .register(registry);
    }

    @Override
    public void reserved(Payer payer, long units) {
        reservations.increment();
    }

    @Override
    public void refused(Payer payer, ReserveOutcome refusal) {
        if (refusal instanceof ReserveOutcome.Insufficient) {
            refusals.count(Refusal.INSUFFICIENT);
        } else if (refusal instanceof ReserveOutcome.Closed) {
            refusals.count(Refusal.CLOSED);
        } else {
            refusals.count(Refusal.UNAVAILABLE);
        }
    }

    @Override
    public void settled(Payer payer, long heldUnits, Settlement settlement) {
        charges.increment();
        // exact as long as a sum stays below 2^53
        quota.increment((double) settlement.charge().units());
        promptTokens.increment((double) settlement.promptTokens());
        completionTokens.increment((double) settlement.completionTokens());
    }

    @Override
    public void released(Payer payer, long units) {
        releases.increment();
    }

    @Override
    public void exchanged(long nanos, int entries, ExchangeOutcome outcome) {
        exchanges.count(outcome);
        duration.count(nanos);
        if (outcome == ExchangeOutcome.APPLIED) {
            lastAppliedNanos = System.nanoTime();
        }
    }

    @Override
    public void recalled(Set<Account> accounts) {
        recalls.increment(accounts.size());
    }

    @Override
    public void ended(String reason) {
        ends.increment();
    }
}

package io.newapi.server.ops;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.LedgerListener;
import io.newapi.core.quota.Payer;
import io.newapi.core.quota.ReserveOutcome;
import io.newapi.core.quota.Settlement;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens in the ledger. Thread-safe; counting allocates nothing. */
public final class LedgerMeter implements LedgerListener, Meter {

    private enum Refusal {
        INSUFFICIENT,
        CLOSED,
        UNAVAILABLE
    }

    private final LongAdder reservations = new LongAdder();
    private final LongAdder charges = new LongAdder();
    private final LongAdder releases = new LongAdder();
    private final LongAdder quota = new LongAdder();
    private final LongAdder promptTokens = new LongAdder();
    private final LongAdder completionTokens = new LongAdder();
    private final LongAdder recalls = new LongAdder();
    private final LongAdder ends = new LongAdder();
    private final Tally<Refusal> refusals = new Tally<>(Refusal.class);
    private final Tally<ExchangeOutcome> exchanges = new Tally<>(ExchangeOutcome.class);
    private final Histogram duration = new Histogram(
            1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000, 10_000_000);
    private volatile long lastAppliedNanos = System.nanoTime();

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
        quota.add(settlement.charge().units());
        promptTokens.add(settlement.promptTokens());
        completionTokens.add(settlement.completionTokens());
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
        recalls.add(accounts.size());
    }

    @Override
    public void ended(String reason) {
        ends.increment();
    }

    @Override
    public void write(Exposition out) {
        out.counter("newapi_reservations_total", "Reservations that were opened.", reservations.sum());
        out.counter("newapi_releases_total", "Reservations that ended without a charge.", releases.sum());
        refusals.write(out, "newapi_reservation_refusals_total", "reason", "Reservations that were refused.");
        out.counter("newapi_charges_total", "Calls that were charged.", charges.sum());
        out.counter("newapi_charged_quota_total", "Quota that was charged, in quota units.", quota.sum());
        out.family("newapi_charged_tokens_total", Exposition.Type.COUNTER, "Text units of charged calls.")
                .sample("kind", "prompt", promptTokens.sum())
                .sample("kind", "completion", completionTokens.sum());
        exchanges.write(out, "newapi_ledger_exchanges_total", "outcome", "Exchanges of the ledger with the database.");
        duration.write(out, "newapi_ledger_exchange_seconds", "How long exchanges took.");
        out.gauge(
                "newapi_ledger_last_exchange_age_seconds",
                "Time since the last exchange that was applied, or since the start.",
                (System.nanoTime() - lastAppliedNanos) / (double) TimeUnit.SECONDS.toNanos(1));
        out.counter("newapi_ledger_recalls_total", "Balances that other nodes have asked for.", recalls.sum());
        out.counter("newapi_ledger_ends_total", "Ledgers that ended, closing included.", ends.sum());
    }
}

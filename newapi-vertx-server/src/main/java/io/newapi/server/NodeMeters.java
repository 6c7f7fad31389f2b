package io.newapi.server;

import io.newapi.core.channel.AttemptFailure;
import io.newapi.core.quota.JournalDirectory;
import io.newapi.core.quota.JournalStatus;
import io.newapi.core.quota.RenewedLedger;
import io.newapi.server.cluster.ClusterNode;
import io.newapi.server.cluster.Membership;
import io.newapi.server.ops.CallMeter;
import io.newapi.server.ops.CallMeter.Attempted;
import io.newapi.server.ops.Metrics;
import io.newapi.server.relay.CallListener;
import io.newapi.server.relay.InFlight;
import io.newapi.server.snapshot.Snapshots;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** Gives the figures of a node's parts to its metrics. */
final class NodeMeters {

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Metrics metrics;

    NodeMeters(Metrics metrics) {
        this.metrics = metrics;
    }

    /** Counts calls as the relay tells of them. */
    static CallListener counting(CallMeter meter) {
        return new CallListener() {
            @Override
            public void ended(int status, long nanos) {
                meter.called(status, nanos);
            }

            @Override
            public void prepared(long nanos) {
                meter.prepared(nanos);
            }

            @Override
            public void answered(boolean clientGone) {
                meter.attempted(clientGone ? Attempted.CLIENT_GONE : Attempted.ANSWERED);
            }

            @Override
            public void failed(AttemptFailure.Cause cause) {
                meter.attempted(
                        switch (cause) {
                            case CHANNEL, MISFIT -> Attempted.CHANNEL;
                            case CLIENT -> Attempted.CLIENT;
                            case STATUS -> Attempted.STATUS;
                            case TRANSPORT -> Attempted.TRANSPORT;
                            case BAD_BODY -> Attempted.BAD_BODY;
                        });
            }

            @Override
            public void broke() {
                meter.attempted(Attempted.INTERNAL);
            }
        };
    }

    NodeMeters calls(InFlight calls) {
        metrics.gauge("newapi_calls_in_flight", "Calls of programs that are under way.", calls::count);
        return this;
    }

    NodeMeters ledger(RenewedLedger ledger) {
        metrics.gauge(
                "newapi_reservations_open",
                "Reservations that are neither charged nor released.",
                ledger::openReservations);
        metrics.gauge("newapi_ledger_slices", "Balances of which this node holds a part.", ledger::accounts);
        return this;
    }

    NodeMeters journals(JournalDirectory journals, long maxBytes) {
        metrics.gauge(
                "newapi_journal_bytes",
                "What the journals of this run take on the disk, booked segments that are kept included.",
                () -> sum(journals, journal -> journal.bytes() + journal.bookedBytes()));
        metrics.gauge(
                "newapi_journal_unbooked_bytes",
                "What was settled and is not booked yet.",
                () -> sum(journals, JournalStatus::lagBytes));
        metrics.gauge("newapi_journal_max_bytes", "How large the journals may become.", () -> maxBytes);
        return this;
    }

    NodeMeters database(NodeHealth health, NodeDatabases databases) {
        metrics.gauge(
                "newapi_database_up",
                "1 if the database answered when it was looked at last, a few seconds ago.",
                () -> health.lastLook().trouble().isEmpty() ? 1 : 0);
        metrics.gauge(
                "newapi_database_look_seconds",
                "How long that took.",
                () -> seconds(health.lastLook().took()));
        if (databases.logRows().isPresent()) {
            metrics.gauge(
                    "newapi_logs_away",
                    "1 if the database of logs has not been reached since the start.",
                    () -> databases.areLogsAway() ? 1 : 0);
        }
        return this;
    }

    NodeMeters snapshots(Snapshots snapshots) {
        metrics.gauge(
                "newapi_configuration_age_seconds",
                "Time since options, prices and channels were read.",
                () -> seconds(snapshots.age()));
        metrics.counter("newapi_configuration_loads_total", "How often they were read.", snapshots, Snapshots::loads);
        metrics.counter(
                "newapi_configuration_failures_total",
                "How often they could not be read.",
                snapshots,
                Snapshots::failures);
        return this;
    }

    NodeMeters cluster(Membership membership, NodeChanges changes, AdminWrites writes) {
        metrics.choice(
                "newapi_cluster_role",
                "role",
                "1 for what this node is to the others.",
                Membership.Role.class,
                membership::role);
        metrics.gauge(
                "newapi_cluster_nodes",
                "Nodes that live, this one among them, as far as it knows.",
                () -> membership.nodes().stream().filter(ClusterNode::lives).count());
        metrics.counter(
                "newapi_admin_writes_handed_total",
                "How often the master was asked to do what an administrator wants.",
                writes,
                AdminWrites::asked);
        changes.bridge().ifPresent(bridge -> {
            metrics.gauge(
                    "newapi_bridge_joined",
                    "1 if the other nodes could be told of changes through Redis when it was last tried.",
                    () -> bridge.isJoined() ? 1 : 0);
            metrics.counter(
                    "newapi_bridge_missed_total",
                    "How often changes of other nodes may have been missed, so that they were looked up; each joining is one.",
                    changes,
                    NodeChanges::missed);
        });
        return this;
    }

    private static long sum(JournalDirectory journals, ToLongFunction<JournalStatus> bytes) {
        return journals.status().stream().mapToLong(bytes).sum();
    }

    private static double seconds(Duration time) {
        return time.toNanos() / NANOS_PER_SECOND;
    }
}

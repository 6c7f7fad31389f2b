package io.newapi.server.jobs;

import io.newapi.server.cluster.ClusterNode;
import io.newapi.server.store.BookKind;
import io.newapi.server.store.BookReport;
import io.newapi.server.store.ClusterStore.NodeRow;
import io.newapi.server.store.ClusterStore.Succession;
import java.util.List;

/** The words in which root is told of what may happen to a cluster. */
final class Notices {

    private Notices() {}

    static Notice nodeLost(NodeRow node) {
        return new Notice(
                "node_lost",
                "A node is lost",
                "Node " + node.nodeName() + " (" + node.runId() + ") has said nothing for "
                        + ClusterNode.LOST_MILLIS / 1000
                        + " seconds, and was not stopped in good order. What it holds of balances comes back by"
                        + " itself.",
                List.of(node.nodeName(), node.runId()));
    }

    static Notice masterChanged(Succession change) {
        boolean left = change.before().leftAt() != 0;
        String before = change.before().nodeName();
        return new Notice(
                "master_changed",
                "Another master",
                "Node " + change.master().nodeName() + " is the master now, epoch " + change.epoch()
                        + ". Before it was node " + before + ", which "
                        + (left ? "left in good order." : "was lost: it has not renewed its lease."),
                List.of(change.master().nodeName(), before, left ? "left" : "lost", Long.toString(change.epoch())));
    }

    static Notice auditUnclean(BookReport report) {
        return new Notice(
                "audit_unclean",
                "The books are not in order",
                "The books of " + report.checked(BookKind.USER) + " users, " + report.checked(BookKind.TOKEN)
                        + " tokens and "
                        + report.checked(BookKind.CHANNEL) + " channels have " + report.differing() + " differences, "
                        + report.undecided() + " accounts have log rows on their way, and " + report.suspended()
                        + " rows are in suspense. To look: newapi audit --last",
                List.of(
                        Long.toString(report.differing()),
                        Long.toString(report.suspended()),
                        Long.toString(report.undecided())));
    }
}

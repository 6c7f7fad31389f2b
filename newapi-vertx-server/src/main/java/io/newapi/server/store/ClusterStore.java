package io.newapi.server.store;

import static io.newapi.server.store.Nulls.number;
import static io.newapi.server.store.Nulls.text;
import static org.jooq.impl.DSL.case_;

import io.newapi.server.store.Tables.Master;
import io.newapi.server.store.Tables.Nodes;
import io.newapi.server.store.Tables.Originals;
import io.newapi.server.store.Tables.Writes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * What nodes that share a database know of each other: who is there, who is the master, and what was answered to writes
 * that one handed to another. All times are milliseconds since 1970 by the clock of the database, the only one that all of
 * them see. Blocks; thread-safe.
 */
public final class ClusterStore {

    private static final long THE_ONE = 1;

    private static final List<Field<?>> COLUMNS = List.of(
            Nodes.RUN_ID,
            Nodes.NODE_NAME,
            Nodes.STARTED_AT,
            Nodes.SEEN_AT,
            Nodes.LEFT_AT,
            Nodes.REPORTED_AT,
            Nodes.FACTS);

    /** Who would be more than can be shown, and no cluster. */
    private static final int MAX_NODES = 1_000;

    private final Database database;

    /** The nodes that share {@code database}. */
    public ClusterStore(Database database) {
        this.database = database;
    }

    /**
     * One run of a node.
     *
     * @param runId 32 hexadecimal digits, new for each run
     * @param nodeName not necessarily unlike others
     * @param seenAt when it last said that it lives
     * @param leftAt when it stopped in good order; 0 if it did not
     * @param reportedAt when it was reported as lost; 0 if it was not
     * @param facts what it tells about itself
     */
    public record NodeRow(
            String runId, String nodeName, long startedAt, long seenAt, long leftAt, long reportedAt, String facts) {}

    /**
     * Who was given the master's lease last.
     *
     * @param epoch grows by one with each change of hands
     * @param validUntil when it ends unless it is renewed; passed if nobody is the master
     */
    public record MasterRow(String runId, long epoch, long validUntil) {

        private static final MasterRow NOBODY = new MasterRow("", 0, 0);
    }

    /**
     * What a node saw when it said that it lives.
     *
     * @param now the database's time
     * @param nodes those that did not leave, and were seen within the time that was asked for
     */
    public record Beat(long now, MasterRow master, List<NodeRow> nodes) {

        /** Copies the list. */
        public Beat {
            nodes = List.copyOf(nodes);
        }
    }

    /** Somebody else is the master: what was about to be written as the master is not. */
    public static final class FencedOffException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private FencedOffException() {
            super("another node is the master");
        }
    }

    /**
     * Says that a node lives, and takes or renews the master's lease if it is free or the node's own.
     *
     * @param lease for how long; empty for a node that must not be the master
     * @param seenWithin how far back the answer's list of nodes goes
     */
    public Beat beat(String runId, String nodeName, String facts, Optional<Duration> lease, Duration seenWithin) {
        return database.write(context -> {
            long now = now(context);
            Dialect.upserts(context)
                    .insertInto(Nodes.TABLE)
                    .set(Nodes.RUN_ID, runId)
                    .set(Nodes.NODE_NAME, nodeName)
                    .set(Nodes.STARTED_AT, now)
                    .set(Nodes.SEEN_AT, now)
                    .set(Nodes.FACTS, facts)
                    .onConflict(Nodes.RUN_ID)
                    .doUpdate()
                    .set(Nodes.SEEN_AT, now)
                    .set(Nodes.REPORTED_AT, 0L)
                    .set(Nodes.FACTS, facts)
                    .execute();
            lease.ifPresent(length -> take(context, runId, now, length));
            List<NodeRow> nodes = context.select(COLUMNS)
                    .from(Nodes.TABLE)
                    .where(Nodes.LEFT_AT.eq(0L).and(Nodes.SEEN_AT.ge(now - seenWithin.toMillis())))
                    .orderBy(Nodes.STARTED_AT, Nodes.RUN_ID)
                    .limit(MAX_NODES)
                    .fetch(ClusterStore::node);
            return new Beat(now, master(context), nodes);
        });
    }

    private static void take(DSLContext context, String runId, long now, Duration length) {
        long until = now + length.toMillis();
        // MySQL sets one column after the other: who comes last is what the others are judged by
        int kept = context.update(Master.TABLE)
                .set(
                        Master.PREVIOUS_RUN_ID,
                        case_().when(Master.RUN_ID.eq(runId), Master.PREVIOUS_RUN_ID)
                                .else_(Master.RUN_ID))
                .set(
                        Master.EPOCH,
                        case_().when(Master.RUN_ID.eq(runId), Master.EPOCH).else_(Master.EPOCH.plus(1)))
                .set(Master.RUN_ID, runId)
                .set(Master.VALID_UNTIL, until)
                .where(Master.ID.eq(THE_ONE).and(Master.RUN_ID.eq(runId).or(Master.VALID_UNTIL.le(now))))
                .execute();
        if (kept == 0) {
            Dialect.upserts(context)
                    .insertInto(Master.TABLE)
                    .set(Master.ID, THE_ONE)
                    .set(Master.RUN_ID, runId)
                    .set(Master.EPOCH, 1L)
                    .set(Master.TOLD_EPOCH, 1L)
                    .set(Master.VALID_UNTIL, until)
                    .onConflictDoNothing()
                    .execute();
        }
    }

    /** Says that a node leaves in good order: it is not the master any more, and is missed by nobody. */
    public void leave(String runId) {
        database.write(context -> {
            long now = now(context);
            context.update(Master.TABLE)
                    .set(Master.VALID_UNTIL, 0L)
                    .where(Master.RUN_ID.eq(runId))
                    .execute();
            return context.update(Nodes.TABLE)
                    .set(Nodes.LEFT_AT, now)
                    .where(Nodes.RUN_ID.eq(runId))
                    .execute();
        });
    }

    /**
     * Runs {@code work} as the master: each transaction in it that writes ends with a look whether that is still true, and
     * nobody else becomes the master between that look and its commit.
     *
     * @throws FencedOffException if it is not; nothing of that transaction is kept
     */
    public <T extends @Nullable Object> T asMaster(String runId, long epoch, Supplier<T> work) {
        return database.guarded(context -> check(context, runId, epoch), work);
    }

    private static void check(DSLContext context, String runId, long epoch) {
        boolean holds = Dialect.locked(
                        context,
                        context.select(Master.RUN_ID, Master.EPOCH)
                                .from(Master.TABLE)
                                .where(Master.ID.eq(THE_ONE)))
                .fetchOptional()
                .filter(row -> runId.equals(row.get(Master.RUN_ID)) && epoch == number(row, Master.EPOCH))
                .isPresent();
        if (!holds) {
            throw new FencedOffException();
        }
    }

    /** Runs that neither left nor said anything for {@code silence}, and were not reported yet. */
    public List<NodeRow> lost(Duration silence) {
        return database.read(context -> context.select(COLUMNS)
                .from(Nodes.TABLE)
                .where(Nodes.LEFT_AT
                        .eq(0L)
                        .and(Nodes.REPORTED_AT.eq(0L))
                        .and(Nodes.SEEN_AT.lt(now(context) - silence.toMillis())))
                .orderBy(Nodes.SEEN_AT, Nodes.RUN_ID)
                .limit(MAX_NODES)
                .fetch(ClusterStore::node));
    }

    /** Notes that a run was reported as lost; false if that was noted before. */
    public boolean reported(String runId) {
        return database.write(context -> context.update(Nodes.TABLE)
                        .set(Nodes.REPORTED_AT, now(context))
                        .where(Nodes.RUN_ID.eq(runId).and(Nodes.REPORTED_AT.eq(0L)))
                        .execute()
                == 1);
    }

    /**
     * A change of hands of the master's lease.
     *
     * @param epoch that it began
     * @param master who has it now; as little as its run, if nothing else is known of it
     * @param before who had it before; the same holds
     */
    public record Succession(long epoch, NodeRow master, NodeRow before) {}

    /** The last change of hands, unless it was told; the first master has followed nobody. */
    public Optional<Succession> untold() {
        return database.read(context -> context.select(Master.RUN_ID, Master.EPOCH, Master.PREVIOUS_RUN_ID)
                .from(Master.TABLE)
                .where(Master.ID
                        .eq(THE_ONE)
                        .and(Master.TOLD_EPOCH.lt(Master.EPOCH))
                        .and(Master.PREVIOUS_RUN_ID.ne("")))
                .fetchOptional(row -> new Succession(
                        number(row, Master.EPOCH),
                        run(context, text(row, Master.RUN_ID)),
                        run(context, text(row, Master.PREVIOUS_RUN_ID)))));
    }

    /** Notes that a change of hands was told; false if that was noted before, of this one or a later one. */
    public boolean told(long epoch) {
        return database.write(context -> context.update(Master.TABLE)
                        .set(Master.TOLD_EPOCH, epoch)
                        .where(Master.ID.eq(THE_ONE).and(Master.TOLD_EPOCH.lt(epoch)))
                        .execute()
                == 1);
    }

    private static NodeRow run(DSLContext context, String runId) {
        return context.select(COLUMNS)
                .from(Nodes.TABLE)
                .where(Nodes.RUN_ID.eq(runId))
                .fetchOptional(ClusterStore::node)
                .orElseGet(() -> new NodeRow(runId, runId, 0, 0, 0, 0, ""));
    }

    /** All runs that were seen within this time, those that left included; the newest first, at most a thousand. */
    public List<NodeRow> nodes(Duration seenWithin) {
        return database.read(context -> context.select(COLUMNS)
                .from(Nodes.TABLE)
                .where(Nodes.SEEN_AT.ge(now(context) - seenWithin.toMillis()))
                .orderBy(Nodes.STARTED_AT.desc(), Nodes.RUN_ID)
                .limit(MAX_NODES)
                .fetch(ClusterStore::node));
    }

    /**
     * Names of nodes of the original that have said within this time that they live. Only those of 2026-07 say so, in a table
     * of theirs, which is read and never made; and they do not say whether they are masters.
     */
    public List<String> originals(Duration seenWithin) {
        return database.read(context -> Schema.hasTable(context, Originals.NAME)
                ? context.select(Originals.NODE_NAME)
                        .from(Originals.TABLE)
                        .where(Originals.LAST_SEEN_AT.ge((now(context) - seenWithin.toMillis()) / 1_000))
                        .orderBy(Originals.NODE_NAME)
                        .limit(MAX_NODES)
                        .fetch(row -> text(row, Originals.NODE_NAME))
                : List.of());
    }

    /** Who was given the master's lease last, and the database's time. */
    public Beat look() {
        return database.read(context -> new Beat(now(context), master(context), List.of()));
    }

    /** Keeps everything that {@code work} changes, or nothing of it: no part of what is refused at its end. */
    public <T extends @Nullable Object> T atomically(Supplier<T> work) {
        return database.write(context -> work.get());
    }

    /**
     * Does a write once, whoever asks for it how often: the first time {@code work} is done and what it answers is kept,
     * in one transaction with everything that it changes; later the answer is read. While somebody does it, others wait.
     *
     * @param writeId 32 hexadecimal digits
     */
    public String once(String writeId, Supplier<String> work) {
        return database.write(context -> {
            int first = Dialect.upserts(context)
                    .insertInto(Writes.TABLE)
                    .set(Writes.WRITE_ID, writeId)
                    .set(Writes.CREATED_AT, now(context))
                    .set(Writes.ANSWER, "")
                    .onConflictDoNothing()
                    .execute();
            if (first == 0) {
                return answer(context, writeId).orElse("");
            }
            String answer = work.get();
            context.update(Writes.TABLE)
                    .set(Writes.ANSWER, answer)
                    .where(Writes.WRITE_ID.eq(writeId))
                    .execute();
            return answer;
        });
    }

    /** What was answered to a write, if it was done. */
    public Optional<String> answerTo(String writeId) {
        return database.read(context -> answer(context, writeId));
    }

    private static Optional<String> answer(DSLContext context, String writeId) {
        return context.select(Writes.ANSWER)
                .from(Writes.TABLE)
                .where(Writes.WRITE_ID.eq(writeId))
                .fetchOptional(row -> text(row, Writes.ANSWER));
    }

    /** Removes what nobody asks for any more: runs not seen, and answers given, for so long. */
    public void forget(Duration nodesAfter, Duration answersAfter) {
        database.write(context -> {
            long now = now(context);
            context.deleteFrom(Nodes.TABLE)
                    .where(Nodes.SEEN_AT.lt(now - nodesAfter.toMillis()))
                    .execute();
            return context.deleteFrom(Writes.TABLE)
                    .where(Writes.CREATED_AT.lt(now - answersAfter.toMillis()))
                    .execute();
        });
    }

    private static MasterRow master(DSLContext context) {
        return context.select(Master.RUN_ID, Master.EPOCH, Master.VALID_UNTIL)
                .from(Master.TABLE)
                .where(Master.ID.eq(THE_ONE))
                .fetchOptional(row -> new MasterRow(
                        text(row, Master.RUN_ID), number(row, Master.EPOCH), number(row, Master.VALID_UNTIL)))
                .orElse(MasterRow.NOBODY);
    }

    private static NodeRow node(Record row) {
        return new NodeRow(
                text(row, Nodes.RUN_ID),
                text(row, Nodes.NODE_NAME),
                number(row, Nodes.STARTED_AT),
                number(row, Nodes.SEEN_AT),
                number(row, Nodes.LEFT_AT),
                number(row, Nodes.REPORTED_AT),
                text(row, Nodes.FACTS));
    }

    private static long now(DSLContext context) {
        return context.select(Dialect.nowMillis(context)).fetchSingle().value1();
    }
}

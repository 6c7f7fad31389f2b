package io.newapi.server.testing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Two MariaDB servers, the second of which repeats what the first does, and confirms it before the first says that it is done
 * (semi-synchronous replication); it only reads until it is promoted.
 */
public final class MariaDbPair implements AutoCloseable {

    /** The user as which a load balancer looks whether a server is there. */
    public static final String WATCHER = "haproxy";

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int PATIENCE_SECONDS = 60;

    private final MariaDb first;
    private final MariaDb second;

    private MariaDbPair(MariaDb first, MariaDb second) {
        this.first = first;
        this.second = second;
    }

    /**
     * The two, or the end of the calling test.
     *
     * @param untested what remains unproven without them
     */
    public static MariaDbPair orLeaveOut(String untested) {
        MariaDb first = MariaDb.ownOrLeaveOut(untested, options(1));
        MariaDb second = MariaDb.ownOrLeaveOut(untested, options(2));
        MariaDbPair pair = new MariaDbPair(first, second);
        pair.first.execute("create user '" + WATCHER + "'@'%'");
        pair.replicate();
        return pair;
    }

    private static List<String> options(int number) {
        return List.of(
                "--server-id=" + number,
                "--log-bin=log",
                "--binlog-format=ROW",
                "--log-slave-updates",
                "--rpl-semi-sync-slave-enabled=ON",
                "--rpl-semi-sync-master-wait-point=AFTER_SYNC",
                "--rpl-semi-sync-master-timeout="
                        + Duration.ofSeconds(PATIENCE_SECONDS).toMillis());
    }

    private void replicate() {
        String nobodyIgnoresThatItOnlyReads = "revoke super, read_only admin on *.* from '" + MariaDb.USER + "'@'%'";
        first.execute(nobodyIgnoresThatItOnlyReads);
        second.execute(nobodyIgnoresThatItOnlyReads);
        second.execute("create user '" + WATCHER + "'@'%'");
        second.execute("reset master");
        second.execute("set global gtid_slave_pos = '" + first.query("select @@gtid_binlog_pos") + "'");
        second.execute("change master to master_host='127.0.0.1', master_port=" + first.port() + ", master_user='root',"
                + " master_password='', master_use_gtid=slave_pos, master_connect_retry=1");
        second.execute("set global read_only = on");
        second.execute("start slave");
        confirm();
    }

    /** From now on the first says of nothing that it is done before the second has it. */
    private void confirm() {
        first.execute("set global rpl_semi_sync_master_enabled = on");
        until(
                "the second replicates",
                () -> status(first, "Rpl_semi_sync_master_clients").equals("1"));
        String written = first.query("select @@gtid_binlog_pos");
        second.query("select master_gtid_wait('" + written + "', " + PATIENCE_SECONDS + ")");
    }

    private static String status(MariaDb server, String name) {
        return server.query("show status like '" + name + "'", row -> row.getString(2));
    }

    /** The one that writes at first. */
    public MariaDb first() {
        return first;
    }

    /** The other. */
    public MariaDb second() {
        return second;
    }

    /**
     * The first is killed; the second does what it has not done yet of all that it has confirmed, and writes from then on.
     *
     * @param meanwhile runs before it does
     */
    public void failOver(Runnable meanwhile) {
        confirm();
        first.kill();
        meanwhile.run();
        String confirmed = second.query("show slave status", row -> row.getString("Gtid_IO_Pos"));
        String done = second.query("select master_gtid_wait('" + confirmed + "', " + PATIENCE_SECONDS + ")");
        if (!done.equals("0")) {
            throw new IllegalStateException("the second server has not done what it has confirmed");
        }
        second.execute("stop slave");
        second.execute("reset slave all");
        second.execute("set global read_only = off");
    }

    private static void until(String what, BooleanSupplier happened) {
        long end = System.nanoTime() + Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
        while (!happened.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("waited in vain for " + what);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    @Override
    public void close() {
        first.kill();
        second.kill();
    }
}

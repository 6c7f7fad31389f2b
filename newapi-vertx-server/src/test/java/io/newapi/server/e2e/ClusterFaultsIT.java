package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.CALL_UNITS;
import static io.newapi.server.e2e.DataDirectory.PER_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Sandbox;
import io.newapi.sandbox.Script;
import io.newapi.server.testing.InstalledProgram;
import io.newapi.server.testing.MariaDbPair;
import io.newapi.server.testing.RedisSentinels;
import io.newapi.server.testing.RedisServer;
import io.newapi.server.testing.TcpProxy;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two candidates and a slave serve a hundred calls a second, while one thing after another goes wrong around them. It is
 * one cluster and one load from the first accident to the last; after each the books are in order.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterFaultsIT {

    private static final String UNTESTED = "a cluster around which things go wrong";
    private static final int PER_SECOND = 100;
    private static final int LEASE_SECONDS = 6;
    private static final int OUTAGE_SECONDS = 60;
    private static final int POSTS = 10_000;
    private static final long PLENTY = 1_000_000_000;

    @TempDir
    static Path path;

    private final Upstreams upstreams = new Upstreams();
    private final List<FaultyNode> nodes = new ArrayList<>();
    private final List<Key> keys = new ArrayList<>();
    private final Set<String> explained = new HashSet<>();
    private Sandbox upstream;
    private MariaDbPair databases;
    private @Nullable HaProxy toDatabases;
    private RedisServer redis;
    private RedisSentinels sentinels;
    /** The slave's ways. */
    private TcpProxy toDatabase;

    private TcpProxy toRedis;
    private DataDirectory directory;
    private Console console;
    private Key seldom;
    private SteadyLoad load;
    private @Nullable SteadyLoad beforeNginx;
    private int names;

    @BeforeAll
    void start() throws IOException {
        InstalledProgram.orLeaveOut("nginx", "nginx", UNTESTED);
        InstalledProgram.orLeaveOut("haproxy", "haproxy", UNTESTED);
        databases = MariaDbPair.orLeaveOut(UNTESTED);
        redis = RedisServer.orLeaveOut(UNTESTED);
        sentinels = RedisSentinels.orLeaveOut(UNTESTED);
        upstream = upstreams.start(Script.PLAIN);
        directory = DataDirectory.create(
                Files.createDirectory(path.resolve("a")), SharedDatabase.create(databases.first()));
        directory.channel("one", upstream.url(), 0);
        directory.channel("two", upstream.url(), 0);
        console = new Console(directory.root());
        for (int i = 0; i < 5; i++) {
            long user = directory.user("user " + i, PLENTY);
            keys.add(i % 2 == 0 ? directory.limitedToken(user, "key", PLENTY) : directory.unlimitedToken(user, "key"));
        }
        seldom = directory.limitedToken(directory.user("calls seldom", PLENTY), "key", PLENTY);
        for (String name : List.of("a", "b", "c")) {
            nodes.add(new FaultyNode(
                    name,
                    name.equals("c") ? "slave" : "auto",
                    name.equals("a") ? directory : directory.ofAnotherNode(Files.createDirectory(path.resolve(name))),
                    redis));
        }
        toDatabase = TcpProxy.to(databases.first().port());
        toRedis = TcpProxy.to(redis.port());
        slave().reaching(databases.first().port(), toDatabase).reaching(redis.port(), toRedis);
        nodes.forEach(FaultyNode::start);
        nodes.forEach(FaultyNode::awaitServing);
        load = SteadyLoad.start(urls(), keys, PER_SECOND);
        load.awaitServedByEach(5 * PER_SECOND);
        everybodyHearsOfChangesOn(slave());
        // slices are small at first, and nodes are slow: no accident is to blame
        var unused = wronglyRefused(load);
    }

    /** What one accident has left must not spoil the next. */
    @AfterEach
    void mend() {
        toDatabase.mend();
        toRedis.mend();
    }

    @AfterAll
    void stop() {
        if (load != null) {
            load.close();
        }
        nodes.forEach(FaultyNode::close);
        upstreams.close();
        Stream.of(toDatabase, toRedis, redis, sentinels, toDatabases, databases)
                .filter(server -> server != null)
                .forEach(ClusterFaultsIT::close);
    }

    private static void close(AutoCloseable server) {
        try {
            server.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- what is done, and what is seen

    private List<String> urls() {
        return nodes.stream().map(FaultyNode::url).toList();
    }

    private FaultyNode slave() {
        return nodes.get(2);
    }

    /** Waits until the slave knows one. */
    private FaultyNode master() {
        Eventually.until("there is a master", () -> console.roles(slave().url()).containsValue("master alive"));
        Map<String, String> roles = console.roles(slave().url());
        return nodes.stream()
                .filter(node -> "master alive".equals(roles.get(node.name())))
                .findFirst()
                .orElseThrow();
    }

    private FaultyNode otherCandidate(FaultyNode than) {
        return nodes.get(1 - nodes.indexOf(than));
    }

    private String newName() {
        names++;
        return "name " + names;
    }

    private void everybodyHearsOfChangesOn(FaultyNode node) {
        String name = newName();
        console.rename(node.url(), name);
        Eventually.until(
                "all hear of " + name,
                () -> urls().stream().allMatch(url -> console.name(url).equals(name)));
    }

    /** What somebody was answered who could pay. */
    private static List<SteadyLoad.Failed> wronglyRefused(SteadyLoad load) {
        load.awaitEndOfCalls();
        return load.failures();
    }

    /** The same by others than those. */
    private List<SteadyLoad.Failed> wronglyRefusedElsewhereThanAt(FaultyNode... nodes) {
        return wronglyRefused(load).stream()
                .filter(call -> Stream.of(nodes).noneMatch(node -> node.url().equals(call.url())))
                .toList();
    }

    /** The books are in order while all go on, and each answer so far was charged once. */
    private void nothingIsLost() {
        load.awaitServedByEach(20);
        Audited.inOrder(console.who(), slave().url());
        Set<String> answered = load.complete().keySet();
        Eventually.until("what was answered is booked", () -> chargedOnce().containsAll(answered));
    }

    private Set<String> chargedOnce() {
        Set<String> charged = new HashSet<>();
        try (Connection connection = directory.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select request_id from logs where type = 2")) {
            while (row.next()) {
                assertThat(charged.add(row.getString(1)))
                        .as("%s is charged once", row.getString(1))
                        .isTrue();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the charges", e);
        }
        return charged;
    }

    private Reply callSeldom(FaultyNode node) {
        Reply reply = new Caller(node.url()).call(seldom, Caller.question(PER_CALL, "Once more?"));
        if (reply.complete()) {
            explained.add(reply.requestId());
        }
        return reply;
    }

    // ---- accidents

    @Test
    @Order(1)
    void redisThatEndsOrStandsStillOrForgetsIsMissedByNoCaller() {
        redis.kill();
        String name = newName();
        console.rename(slave().url(), name);
        load.awaitTurns(PER_SECOND);
        redis.startAgain();
        Eventually.until(
                "all hear what was changed meanwhile",
                () -> urls().stream().allMatch(url -> console.name(url).equals(name)));

        redis.freeze();
        load.awaitTurns(10 * PER_SECOND);
        redis.thaw();
        everybodyHearsOfChangesOn(slave());

        redis.command("FLUSHALL");
        everybodyHearsOfChangesOn(slave());

        assertThat(wronglyRefusedElsewhereThanAt()).isEmpty();
        nothingIsLost();
    }

    @Test
    @Order(2)
    void aKilledMasterIsFollowedByTheOtherCandidateAndAKilledSlaveComesBack() {
        FaultyNode master = master();
        FaultyNode other = otherCandidate(master);

        master.kill();
        Eventually.until(
                "another is the master",
                () -> "master alive".equals(console.roles(slave().url()).get(other.name())));
        console.rename(slave().url(), newName());
        master.start();
        slave().kill();
        load.awaitTurns(PER_SECOND);
        slave().start();
        master.awaitServing();
        slave().awaitServing();
        everybodyHearsOfChangesOn(slave());

        assertThat(wronglyRefusedElsewhereThanAt(master, slave())).isEmpty();
        nothingIsLost();
    }

    @Test
    @Order(3)
    void aNodeThatIsCutOffServesWhatItHoldsAndRecoversByItself() {
        FaultyNode cut = slave();
        toRedis.hold();
        load.awaitTurns(3 * PER_SECOND);
        toRedis.mend();
        everybodyHearsOfChangesOn(cut);
        assertThat(wronglyRefusedElsewhereThanAt()).isEmpty();

        servesAgain(cut);
        toDatabase.hold();
        servesWhatItHoldsAndThenSays503(cut);
        toDatabase.mend();
        servesAgain(cut);

        toRedis.hold();
        toDatabase.hold();
        servesWhatItHoldsAndThenSays503(cut);
        toDatabase.mend();
        toRedis.mend();
        servesAgain(cut);

        everybodyHearsOfChangesOn(cut);
        assertThat(wronglyRefused(load)).allSatisfy(call -> {
            assertThat(call.url()).isEqualTo(cut.url());
            assertThat(call.reply().status()).isEqualTo(503);
        });
        nothingIsLost();
    }

    private void servesWhatItHoldsAndThenSays503(FaultyNode cut) {
        load.awaitServedBy(cut.url(), 10);
        Eventually.until("its slice is spent", () -> {
            Reply next = callSeldom(cut);
            assertThat(next.status()).as(next.body()).isIn(200, 503);
            return next.status() == 503;
        });
    }

    private void servesAgain(FaultyNode cut) {
        Eventually.until("it serves again", () -> callSeldom(cut).status() == 200);
        load.awaitServedByEach(PER_SECOND);
    }

    @Test
    @Order(4)
    void aDatabaseThatStartsAgainOrStandsStillForAMinuteCostsNobodyMoreThanAnotherTry() {
        databases.first().kill();
        load.awaitTurns(PER_SECOND);
        databases.first().startAgain();
        everybodyServesAndHasOneMaster();

        databases.first().freeze();
        load.awaitTurns(OUTAGE_SECONDS * PER_SECOND);
        databases.first().thaw();
        everybodyServesAndHasOneMaster();

        assertThat(wronglyRefusedElsewhereThanAt())
                .allSatisfy(call -> assertThat(call.reply().status()).isEqualTo(503));
        nothingIsLost();
    }

    private void everybodyServesAndHasOneMaster() {
        load.awaitServedByEach(50);
        assertThat(master()).isNotSameAs(slave());
        everybodyHearsOfChangesOn(slave());
    }

    /** The master is stopped with a write in its hands, of which only the end is missing. */
    @Test
    @Order(5)
    void nothingThatAMasterWroteBeforeItStoodStillComesAfterItsSuccessor() throws SQLException {
        FaultyNode master = master();
        FaultyNode other = otherCandidate(master);
        CompletableFuture<JsonObject> inItsHands;
        try (Connection connection = directory.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement
                    .executeQuery("select * from options where `key` = 'SystemName' for update")
                    .close();
            CompletableFuture<JsonObject> sent = console.sendName(master.url(), "by who stood still");
            Eventually.until("it waits for the row", () -> sent.isDone() || somebodyWritesAnOption());
            assertThat(sent).isNotDone();
            inItsHands = sent;
            master.freeze();
            connection.rollback();
        }

        load.awaitTurns(3 * LEASE_SECONDS * PER_SECOND);
        assertThat(console.roles(slave().url())).containsEntry(other.name(), "master alive");
        everybodyElseHearsOfAChange(master, other);
        String last = console.name(other.url());
        master.thaw();

        // its transaction came to nothing; what was asked of it is refused, or done anew in the cluster as it is now
        JsonObject answer = inItsHands.join();
        String name = answer.getBoolean("success", false) ? "by who stood still" : last;
        Eventually.until(
                "all know it after " + answer.encode(),
                () -> urls().stream().allMatch(url -> console.name(url).equals(name)));
        assertThat(console.roles(slave().url())).containsEntry(master.name(), "standby alive");
        everybodyHearsOfChangesOn(master);
        assertThat(wronglyRefusedElsewhereThanAt(master)).isEmpty();
        nothingIsLost();
    }

    /** The list of transactions would not do: it stays as it is while somebody looks at it again and again. */
    private boolean somebodyWritesAnOption() {
        try (Connection connection = directory.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from information_schema.processlist"
                        + " where command = 'Query' and info like 'insert into `options`%'")) {
            return row.next() && row.getInt(1) > 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void everybodyElseHearsOfAChange(FaultyNode frozen, FaultyNode on) {
        String name = newName();
        console.rename(on.url(), name);
        Eventually.until(
                "the others hear of " + name,
                () -> nodes.stream()
                        .filter(node -> node != frozen)
                        .allMatch(node -> console.name(node.url()).equals(name)));
    }

    /** They come back with Sentinels instead of the one Redis, and with HAProxy in front of both databases. */
    @Test
    @Order(6)
    void tenThousandCallsReachTheProviderOnceEachWhileAllNodesBehindNginxAreRestarted() throws IOException {
        load.close();
        assertThat(wronglyRefused(load)).isEmpty();
        long before = upstream.counts().received();
        InstalledProgram program = InstalledProgram.orLeaveOut("nginx", "nginx", UNTESTED);
        FaultyNode master = master();
        HaProxy balancer = HaProxy.start(
                InstalledProgram.orLeaveOut("haproxy", "haproxy", UNTESTED),
                Files.createDirectory(path.resolve("haproxy")),
                databases);
        toDatabases = balancer;
        try (Nginx nginx = Nginx.start(
                program,
                Files.createDirectory(path.resolve("nginx")),
                urls().stream().map(url -> url.substring("http://".length())).toList())) {
            SteadyLoad posts = SteadyLoad.start(List.of(nginx.url()), List.of(seldom), 3 * PER_SECOND);
            for (FaultyNode node : List.of(slave(), otherCandidate(master), master)) {
                posts.awaitServedByEach(PER_SECOND);
                node.stop();
                node.useSentinels(sentinels);
                node.useDatabaseAt(balancer.port());
                node.start();
                node.awaitServing();
            }
            posts.awaitTurns(PER_SECOND);
            posts.awaitMade(POSTS);
            posts.close();
            Set<String> answered = posts.complete().keySet();
            explained.addAll(answered);

            assertThat(wronglyRefused(posts)).isEmpty();
            assertThat(posts.made()).isGreaterThanOrEqualTo(POSTS);
            assertThat(upstream.counts().received() - before).isEqualTo(answered.size());
            Eventually.until("what was answered is booked", () -> chargedOnce().containsAll(answered));
        }
        Audited.inOrder(console.who(), slave().url());
    }

    @Test
    @Order(7)
    void redisThatFailsOverIsMissedByNoCaller() {
        beforeNginx = load;
        load = SteadyLoad.start(urls(), keys, PER_SECOND);
        everybodyHearsOfChangesOn(slave());
        sentinels.killMaster();
        load.awaitTurns(3 * PER_SECOND);
        everybodyHearsOfChangesOn(slave());
        assertThat(wronglyRefusedElsewhereThanAt()).isEmpty();
        nothingIsLost();
    }

    @Test
    @Order(8)
    void aDatabaseThatFailsOverCostsNobodyMoreThanAnotherTryAndAllBooksAreExactAtTheEnd() {
        databases.failOver(() -> load.awaitTurns(3 * PER_SECOND));
        directory = directory.at(SharedDatabase.at(databases.second(), directory.databaseName()));
        everybodyServesAndHasOneMaster();
        assertThat(wronglyRefusedElsewhereThanAt())
                .allSatisfy(call -> assertThat(call.reply().status()).isEqualTo(503));
        nothingIsLost();

        load.close();
        nodes.forEach(FaultyNode::stop);
        Books books = Books.read(directory).agree().nothingLeased();
        Set<String> charged = chargedOnce();
        SteadyLoad before = Objects.requireNonNull(beforeNginx);
        explained.addAll(before.complete().keySet());
        explained.addAll(load.complete().keySet());
        Set<String> forgotten = new HashSet<>(explained);
        forgotten.removeAll(charged);
        assertThat(forgotten).isEmpty();
        charged.removeAll(explained);
        assertThat(charged.size()).as("charged without an answer").isBetween(0, (int)
                (beforeNginx.broken() + load.broken()));
        assertThat(books.charges()).allMatch(charge -> charge.quota() == CALL_UNITS);
        Audited.inOrder(directory);
    }
}

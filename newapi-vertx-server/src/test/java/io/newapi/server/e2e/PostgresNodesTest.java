package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.CALL_UNITS;
import static io.newapi.server.e2e.DataDirectory.PER_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Script;
import io.newapi.server.e2e.Books.Balance;
import io.newapi.server.testing.PostgreSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole nodes keep everything in PostgreSQL. */
class PostgresNodesTest {

    private static final long PLENTY = 1_000_000_000;
    private static final int BUDGET = 60;
    private static final int CALLS = 40;

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private PostgreSql server;
    private DataDirectory directory;
    private Audited.Root root;
    private long user;

    @BeforeEach
    void prepare() throws IOException {
        server = PostgreSql.orLeaveOut("whole nodes on PostgreSQL");
        directory = DataDirectory.create(Files.createDirectory(path.resolve("here")), SharedDatabase.create(server));
        root = directory.root();
        user = directory.user("rich", PLENTY);
        directory.channel("only", upstreams.start(Script.PLAIN).url(), 0);
    }

    @AfterEach
    void closeUpstreams() {
        upstreams.close();
    }

    private static List<Reply> call(TestNode node, Key key) {
        return new Caller(node.url()).together(CALLS, key, Caller.question(PER_CALL, "Hello?"));
    }

    @Test
    void twoNodesSpendOneBudgetToTheUnitAndTheirBooksAreInOrder() throws Exception {
        Key key = directory.limitedToken(user, "key", BUDGET * CALL_UNITS);
        List<Reply> replies = new ArrayList<>();
        try (TestNode here = TestNode.start(directory);
                TestNode there =
                        TestNode.start(directory.ofAnotherNode(Files.createDirectory(path.resolve("there"))))) {
            replies.addAll(call(here, key));
            replies.addAll(call(there, key));
            Audited.inOrder(root, there.url());
        }

        assertThat(replies).filteredOn(Reply::complete).hasSize(BUDGET);
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.token(key)).isEqualTo(new Balance(0, 0, BUDGET * CALL_UNITS));
        assertThat(books.charges(key)).hasSize(BUDGET);
        Audited.inOrder(directory);
    }

    @Test
    void logsMayHaveADatabaseOfTheirOwn() {
        Key key = directory.limitedToken(user, "key", PLENTY / 2);
        DataDirectory apart = directory.withLogsIn(SharedDatabase.create(server));
        try (TestNode node = TestNode.start(apart)) {
            assertThat(call(node, key)).allMatch(Reply::complete);
        }

        assertThat(Books.read(apart).agree().nothingLeased().charges(key)).hasSize(CALLS);
        assertThat(Books.read(directory).charges()).isEmpty();
    }
}

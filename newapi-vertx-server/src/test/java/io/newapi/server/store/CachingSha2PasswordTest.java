package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.server.testing.ScriptedMySql;
import io.newapi.server.testing.ScriptedMySql.LogIn;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How MySQL lets users in by default since 8.0, and in 8.4 only so: without TLS, and without a setting of the node's. The
 * server is a script; MySQL itself was not run.
 */
class CachingSha2PasswordTest {

    private static final String PASSWORD = "秘密@/:# and longer than the nonce";

    private static List<String> events(LogIn logIn, boolean right) {
        if (logIn == LogIn.REMEMBERED) {
            return List.of(right ? "scramble accepted" : "scramble refused");
        }
        return List.of("key asked for", right ? "encrypted password accepted" : "encrypted password refused");
    }

    private static MySqlLocation location(ScriptedMySql server) {
        MySqlLocation location = TestDatabase.location(server.port(), "newapi");
        return new MySqlLocation(
                location.host(),
                location.port(),
                location.user(),
                PASSWORD,
                location.database(),
                location.tls(),
                location.connectTimeout(),
                location.readTimeout(),
                location.zone(),
                location.sessionVariables(),
                location.pooling());
    }

    @ParameterizedTest
    @EnumSource
    void theRightPasswordLetsIn(LogIn logIn) {
        try (ScriptedMySql server = ScriptedMySql.start(logIn, PASSWORD);
                Database database = Database.openForLedger(location(server))) {
            int changed = database.write(context -> context.execute("update t set a = 1"));

            assertThat(changed).isZero();
            assertThat(server.events()).isEqualTo(events(logIn, true));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWrongPasswordIsReportedWithoutIt(LogIn logIn) {
        try (ScriptedMySql server = ScriptedMySql.start(logIn, "another")) {
            assertThatThrownBy(() -> Database.openForLedger(location(server)))
                    .isInstanceOfSatisfying(
                            DatabaseException.class,
                            e -> assertThat(e.reason()).isEqualTo(DatabaseException.Reason.REFUSED))
                    .hasMessageContaining("does not accept this user with this password")
                    .hasMessageNotContaining(PASSWORD);
            assertThat(server.events()).startsWith(events(logIn, false).toArray(String[]::new));
        }
    }

    /** The client that sends a stage at once; it never logs in anywhere before JDBC's driver has done so. */
    private static Future<MySqlLine> line(ScriptedMySql server, Vertx vertx) {
        return MySqlLine.open(
                vertx,
                vertx.getOrCreateContext(),
                location(server),
                ConnectionUse.LEDGER,
                MySqlEngine.greetings(location(server), ConnectionUse.LEDGER));
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @EnumSource
    void theRightPasswordLetsInWhoSendsAtOnce(LogIn logIn) {
        Vertx vertx = Vertx.vertx();
        try (ScriptedMySql server = ScriptedMySql.start(logIn, PASSWORD)) {
            MySqlLine line = join(line(server, vertx));
            join(line.execute("commit"));

            assertThat(server.events()).isEqualTo(events(logIn, true));
            line.leave();
        } finally {
            join(vertx.close());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWrongPasswordOfWhoSendsAtOnceIsReportedWithoutIt(LogIn logIn) {
        Vertx vertx = Vertx.vertx();
        try (ScriptedMySql server = ScriptedMySql.start(logIn, "another")) {
            assertThatThrownBy(() -> join(line(server, vertx))).cause().satisfies(failure -> {
                DatabaseException reported = DatabaseException.of("connect", failure);
                assertThat(reported.reason()).isEqualTo(DatabaseException.Reason.REFUSED);
                assertThat(reported)
                        .hasMessageContaining("does not accept this user with this password")
                        .hasMessageNotContaining(PASSWORD);
            });
            assertThat(server.events()).isEqualTo(events(logIn, false));
        } finally {
            join(vertx.close());
        }
    }

    @Test
    void aServerThatOnlyJdbcCanLogInToIsSpokenToOverJdbc() {
        Vertx vertx = Vertx.vertx();
        // it knows the password of the first who asks, and then another
        try (ScriptedMySql server = ScriptedMySql.startForOne(LogIn.REMEMBERED, PASSWORD);
                Database database = Database.openForLedger(location(server), vertx)) {
            int changed = database.converse(conversation -> conversation
                    .say(List.of(new Conversation.Saying(
                            conversation.context().query("update t set a = 1"), Misfits.END_IT)))
                    .get(0)
                    .matched());

            assertThat(changed).isZero();
            assertThat(server.events()).startsWith("scramble accepted", "scramble refused");
        } finally {
            join(vertx.close());
        }
    }
}

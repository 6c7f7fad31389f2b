package io.newapi.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HealthTest {

    private final AtomicReference<ServerState> state = new AtomicReference<>(ServerState.SERVING);
    private final Health health = new Health(state::get);

    @Test
    void whatANodeCanDoWithoutDoesNotMakeItUnready() {
        health.watch("database", () -> Condition.degraded("unreachable"));
        health.watch("journal", Condition::ok);

        assertThat(health.report().ready()).isTrue();
    }

    @Test
    void whatNoCallCanDoWithoutDoes() {
        AtomicReference<Condition> journal = new AtomicReference<>(Condition.failed("no_room"));
        health.watch("database", Condition::ok);
        health.watch("journal", journal::get);
        assertThat(health.report().ready()).isFalse();
        assertThat(health.report().parts()).containsEntry("journal", Condition.failed("no_room"));

        journal.set(Condition.ok());

        assertThat(health.report().ready()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(ServerState.class)
    void onlyANodeThatServesIsReady(ServerState now) {
        state.set(now);

        assertThat(health.report().ready()).isEqualTo(now == ServerState.SERVING);
        assertThat(health.isStopping()).isEqualTo(now == ServerState.DRAINING || now == ServerState.STOPPED);
    }
}

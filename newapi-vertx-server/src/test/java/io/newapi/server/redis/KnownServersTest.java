package io.newapi.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KnownServersTest {

    private static final ServerAddress A = new ServerAddress("a", 1);
    private static final ServerAddress B = new ServerAddress("b", 1);
    private static final ServerAddress C = new ServerAddress("c", 1);
    private static final ServerAddress D = new ServerAddress("d", 1);

    @Test
    void theyAreGoneRoundFromTheFirst() {
        KnownServers known = new KnownServers(List.of(A, B));

        assertThat(List.of(known.current(), known.next(), known.next(), known.next()))
                .containsExactly(A, A, B, A);
    }

    @Test
    void whatIsLearnedFollowsWhatWasGivenAndTheRoundGoesOnWhereItWas() {
        KnownServers known = new KnownServers(List.of(A, B));
        known.next();
        known.next();

        known.learn(List.of(B, C, A));

        assertThat(known.count()).isEqualTo(3);
        assertThat(List.of(known.current(), known.next(), known.next(), known.next()))
                .containsExactly(B, C, A, B);
    }

    @Test
    void whatWasGivenIsKeptAndWhatWasLearnedOnlyAsLongAsItIsTold() {
        KnownServers known = new KnownServers(List.of(A));
        known.learn(List.of(B, C));
        known.next();
        known.next();

        known.learn(List.of(D));

        assertThat(List.of(known.next(), known.next(), known.next())).containsExactly(A, D, A);
    }

    @Test
    void aHostThatNoUrlCanNameIsNotLearned() {
        KnownServers known = new KnownServers(List.of(A));

        known.learn(List.of(new ServerAddress("redis_1", 6379), new ServerAddress("fd00::1", 6379)));

        assertThat(List.of(known.next(), known.next(), known.next()))
                .containsExactly(A, new ServerAddress("fd00::1", 6379), A);
    }
}

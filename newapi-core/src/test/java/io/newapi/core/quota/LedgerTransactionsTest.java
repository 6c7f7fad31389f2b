package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.quota.QuotaAuthority.ExchangeFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class LedgerTransactionsTest {

    private final List<String> done = new ArrayList<>();
    private final LedgerTransactions transactions = new LedgerTransactions(Runnable::run, work -> {
        done.add("begin");
        work.run();
        done.add("commit");
    });

    private static void assertFailure(CompletionStage<?> stage, boolean mayHaveHappened) {
        assertThatThrownBy(() -> stage.toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .asInstanceOf(InstanceOfAssertFactories.type(ExchangeFailure.class))
                .returns(mayHaveHappened, ExchangeFailure::mayHaveHappened);
    }

    @Test
    void aResultIsThereAfterTheCommit() {
        CompletionStage<Integer> result = transactions.call(() -> {
            done.add("work");
            return 7;
        });

        assertThat(result.toCompletableFuture().join()).isEqualTo(7);
        assertThat(done).containsExactly("begin", "work", "commit");
    }

    @Test
    void afterAnErrorInTheWorkNothingHasHappened() {
        assertFailure(
                transactions.run(() -> {
                    throw new IllegalStateException("a deadlock");
                }),
                false);
        assertThat(done).containsExactly("begin");
    }

    @Test
    void whenNoTransactionCanBeBegunNothingHasHappened() {
        LedgerTransactions unreachable = new LedgerTransactions(Runnable::run, work -> {
            throw new IllegalStateException("no connection");
        });

        assertFailure(unreachable.call(() -> 7), false);
    }

    @Test
    void afterAnErrorOfTheCommitNobodyKnows() {
        LedgerTransactions lost = new LedgerTransactions(Runnable::run, work -> {
            work.run();
            throw new IllegalStateException("connection lost");
        });

        assertFailure(lost.call(() -> 7), true);
    }

    @Test
    void aTransactionThatRunsItsWorkAgainAfterItSucceededIsNotBelieved() {
        LedgerTransactions twice = new LedgerTransactions(Runnable::run, work -> {
            work.run();
            work.run();
        });

        assertFailure(twice.call(() -> 7), true);
    }

    @Test
    void aTransactionThatDoesNotRunItsWorkHasDoneNothing() {
        assertFailure(new LedgerTransactions(Runnable::run, work -> {}).call(() -> 7), false);
    }

    @Test
    void withoutItsWorkerNothingHappens() {
        LedgerTransactions stopped = new LedgerTransactions(
                work -> {
                    throw new RejectedExecutionException("stopped");
                },
                Runnable::run);

        assertFailure(stopped.call(() -> 7), false);
    }
}

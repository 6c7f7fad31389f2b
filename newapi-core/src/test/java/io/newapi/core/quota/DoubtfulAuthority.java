package io.newapi.core.quota;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An authority behind a connection that fails by chance: before, during and after what it was asked for. What was in
 * doubt may happen later, at the latest when the next question of the same writer is asked, which waits for it. One
 * object per writer; used by one thread.
 */
final class DoubtfulAuthority implements QuotaAuthority {

    private final QuotaAuthority inner;
    private final VirtualTime time;
    private final RandomGenerator chance;

    private int faultyOneIn;
    private @Nullable Runnable late;

    /** @param faultyOneIn one question in so many meets a fault; 0 for none */
    DoubtfulAuthority(QuotaAuthority inner, VirtualTime time, RandomGenerator chance, int faultyOneIn) {
        this.inner = inner;
        this.time = time;
        this.chance = chance;
        this.faultyOneIn = faultyOneIn;
    }

    void calm() {
        faultyOneIn = 0;
    }

    /** What was in doubt happens now, or never. */
    void decide() {
        Runnable undecided = late;
        late = null;
        if (undecided != null && chance.nextBoolean()) {
            undecided.run();
        }
    }

    @Override
    public CompletionStage<Void> register(WriterId writer) {
        return inner.register(writer);
    }

    @Override
    public CompletionStage<Answer> exchange(Exchange exchange) {
        return doubtful(() -> inner.exchange(exchange));
    }

    @Override
    public CompletionStage<View> resync(WriterId writer, Set<Account> accounts) {
        return doubtful(() -> inner.resync(writer, accounts));
    }

    @Override
    public CompletionStage<Void> recall(WriterId asking, Set<Account> accounts) {
        return doubtful(() -> inner.recall(asking, accounts));
    }

    @Override
    public CompletionStage<View> beginClose(WriterId writer) {
        return doubtful(() -> inner.beginClose(writer));
    }

    @Override
    public CompletionStage<Void> finishClose(WriterId writer) {
        return doubtful(() -> inner.finishClose(writer));
    }

    private <T> CompletionStage<T> doubtful(Supplier<CompletionStage<T>> question) {
        decide();
        if (faultyOneIn == 0 || chance.nextInt(faultyOneIn) != 0) {
            return question.get();
        }
        return switch (chance.nextInt(7)) {
            case 0 -> failed(false);
            case 1 -> failed(true);
            case 2 -> question.get().thenCompose(lost -> failed(true));
            case 3 -> {
                late = () -> {
                    CompletionStage<T> unheard = question.get();
                    assert unheard != null;
                };
                yield failed(true);
            }
            case 4 -> throw new IllegalStateException("simulated: the client is broken");
            case 5 -> delayed(question.get());
            default -> delayed(question);
        };
    }

    /** It happens now, and is heard of later. */
    private <T> CompletionStage<T> delayed(CompletionStage<T> answer) {
        CompletableFuture<T> heard = new CompletableFuture<>();
        later(() -> forward(answer, heard));
        return heard;
    }

    /** It happens later. */
    private <T> CompletionStage<T> delayed(Supplier<CompletionStage<T>> question) {
        CompletableFuture<T> heard = new CompletableFuture<>();
        later(() -> forward(question.get(), heard));
        return heard;
    }

    private void later(Runnable task) {
        long millis = chance.nextLong(Duration.ofSeconds(4).toMillis());
        var unused = time.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    private static <T> void forward(CompletionStage<T> from, CompletableFuture<T> to) {
        from.whenComplete((value, failure) -> {
            if (failure != null) {
                to.completeExceptionally(failure);
            } else {
                to.complete(value);
            }
        });
    }

    private static <T> CompletionStage<T> failed(boolean mayHaveHappened) {
        return CompletableFuture.failedFuture(
                new ExchangeFailure("connection lost", mayHaveHappened, new IOException("simulated")));
    }
}

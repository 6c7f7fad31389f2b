package io.newapi.core.quota;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** An authority behind a bad connection. Thread-safe. */
class ShakyAuthority implements QuotaAuthority {

    /** What becomes of one question. */
    enum Fault {
        /** It is answered. */
        NONE,
        /** It certainly did not arrive. */
        NOT_APPLIED,
        /** It did not arrive, but nobody knows. */
        LOST_BEFORE,
        /** It arrived, but nobody knows: the answer was lost. */
        LOST_AFTER,
        /** The client itself throws. */
        THROWS,
        /** It is carried out when {@link #resume} is called, and answered then. */
        HANGS
    }

    private final QuotaAuthority inner;
    private final Deque<Fault> next = new ArrayDeque<>();
    private final List<Runnable> hanging = new ArrayList<>();
    private Supplier<Fault> otherwise = () -> Fault.NONE;
    private boolean forgetful;
    private int exchanges;
    private int questions;

    ShakyAuthority(QuotaAuthority inner) {
        this.inner = inner;
    }

    /** What becomes of the next questions, one by one. */
    synchronized void next(Fault... faults) {
        next.addAll(List.of(faults));
    }

    /** From here every question is answered, whatever was planned. */
    synchronized void calm() {
        next.clear();
        otherwise = () -> Fault.NONE;
    }

    /** What becomes of all questions that {@link #next} says nothing about. */
    synchronized void always(Fault fault) {
        otherwise = () -> fault;
    }

    synchronized void otherwise(Supplier<Fault> faults) {
        otherwise = faults;
    }

    /** Says that writers are registered, and forgets them: a database that was restored from an old copy. */
    void forgetRegistrations() {
        forgetful = true;
    }

    /** Lets everything that hangs go on; later questions are answered. */
    void resume() {
        List<Runnable> all;
        synchronized (this) {
            otherwise = () -> Fault.NONE;
            all = List.copyOf(hanging);
            hanging.clear();
        }
        all.forEach(Runnable::run);
    }

    /** How many exchanges were asked for. */
    synchronized int exchanges() {
        return exchanges;
    }

    /** How many questions of any kind were asked. */
    synchronized int questions() {
        return questions;
    }

    @Override
    public CompletionStage<Void> register(WriterId writer) {
        return forgetful ? CompletableFuture.completedFuture(null) : inner.register(writer);
    }

    @Override
    public CompletionStage<Answer> exchange(Exchange exchange) {
        synchronized (this) {
            exchanges++;
        }
        return shaken(() -> inner.exchange(exchange));
    }

    @Override
    public CompletionStage<View> resync(WriterId writer, Set<Account> accounts) {
        return shaken(() -> inner.resync(writer, accounts));
    }

    @Override
    public CompletionStage<Void> recall(WriterId asking, Set<Account> accounts) {
        return shaken(() -> inner.recall(asking, accounts));
    }

    @Override
    public CompletionStage<View> beginClose(WriterId writer) {
        return shaken(() -> inner.beginClose(writer));
    }

    @Override
    public CompletionStage<Void> finishClose(WriterId writer) {
        return shaken(() -> inner.finishClose(writer));
    }

    private <T> CompletionStage<T> shaken(Supplier<CompletionStage<T>> question) {
        return switch (fault()) {
            case NONE -> question.get();
            case NOT_APPLIED -> failed("refused", false);
            case LOST_BEFORE -> failed("connection lost", true);
            case LOST_AFTER -> question.get().thenCompose(answer -> failed("connection lost", true));
            case THROWS -> throw new IllegalStateException("the client is broken");
            case HANGS -> hang(question);
        };
    }

    private <T> CompletionStage<T> hang(Supplier<CompletionStage<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        synchronized (this) {
            hanging.add(() -> question.get().whenComplete((value, failure) -> {
                if (failure != null) {
                    answer.completeExceptionally(failure);
                } else {
                    answer.complete(value);
                }
            }));
        }
        return answer;
    }

    private synchronized Fault fault() {
        questions++;
        Fault first = next.poll();
        return first != null ? first : otherwise.get();
    }

    private static <T> CompletionStage<T> failed(String message, boolean mayHaveHappened) {
        return CompletableFuture.failedFuture(
                new ExchangeFailure(message, mayHaveHappened, new IOException("simulated: " + message)));
    }
}

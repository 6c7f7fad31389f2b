package io.newapi.server.jobs;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Waiting for what others do, on threads that may. */
public final class Blocking {

    private Blocking() {}

    /** What a stage ends with. Throws what went wrong as it is, without the wrapper of the one who waited. */
    public static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}

package io.newapi.server.relay;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;

/** Sends to somebody who does not keep up. */
final class Slow {

    /** So long nothing more could be sent: the other side waits for its client. */
    private static final long STUCK_MILLIS = 500;

    private Slow() {}

    /** Sends a text again and again until the other side takes no more, or {@code most} were sent; returns how many were. */
    static int fill(Vertx vertx, ScriptedUpstream.Reply answer, String text, int most) {
        CompletableFuture<Integer> stuck = new CompletableFuture<>();
        Context context = vertx.getOrCreateContext();
        context.runOnContext(go -> next(vertx, answer, text, 0, most, stuck));
        return RelayHarness.get(stuck);
    }

    private static void next(
            Vertx vertx,
            ScriptedUpstream.Reply answer,
            String text,
            int sent,
            int most,
            CompletableFuture<Integer> stuck) {
        int count = sent;
        while (count < most && !answer.socket().writeQueueFull()) {
            answer.text(text);
            count++;
        }
        if (count == most) {
            stuck.complete(count);
            return;
        }
        int written = count;
        long timer = vertx.setTimer(STUCK_MILLIS, late -> {
            answer.socket().drainHandler(null);
            stuck.complete(written);
        });
        answer.socket().drainHandler(drained -> {
            vertx.cancelTimer(timer);
            next(vertx, answer, text, written, most, stuck);
        });
    }
}

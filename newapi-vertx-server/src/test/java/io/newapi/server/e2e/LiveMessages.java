package io.newapi.server.e2e;

import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the client of a live connection hears. */
final class LiveMessages implements WebSocket.Listener {

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> code = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();

    /** Takes messages until one has that in it. */
    void awaitThat(String what) throws InterruptedException {
        while (true) {
            @Nullable String message = messages.poll(20, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("never heard: " + what);
            }
            if (message.contains(what)) {
                return;
            }
        }
    }

    /** The code with which the connection was closed. */
    CompletableFuture<Integer> code() {
        return code;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            messages.add(part.toString());
            part.setLength(0);
        }
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
        code.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        code.completeExceptionally(error);
    }
}

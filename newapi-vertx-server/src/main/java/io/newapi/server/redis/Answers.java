package io.newapi.server.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What is waited for, and how long: a server that stands still must not be waited for. */
final class Answers {

    private static final int ANSWER_MILLIS = 3_000;

    private Answers() {}

    /** The same, failing if there is no answer within three seconds. */
    static <T> Future<T> answered(Future<T> asked) {
        return asked.timeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Asks a server. */
    static Future<Response> ask(RedisConnection server, Command command, String... arguments) {
        Request request = Request.cmd(command);
        for (String argument : arguments) {
            request.arg(argument);
        }
        return answered(server.send(request));
    }

    /** Whether a server says that it is a master; fails if it does not say. */
    static Future<Boolean> isMaster(RedisConnection server) {
        return ask(server, Command.ROLE).map(role -> role.get(0).toString().equals("master"));
    }

    /** Why something failed, with the root of it: that a certificate is not believed is said there only. */
    static String reason(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return "there is no answer";
        }
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String reason = String.valueOf(failure.getMessage());
        String rootReason = String.valueOf(root.getMessage());
        return reason.contains(rootReason) ? reason : reason + ": " + rootReason;
    }
}

package io.newapi.server;

import io.netty.channel.Channel;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.nio.AbstractNioChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/**
 * The socket that connections come from. Vert.x closes it together with the connections on which nothing was asked yet, and
 * with those that are just on their way to an event loop; their callers see them break, and cannot know that nothing has
 * happened. This closes the socket alone.
 */
final class ListeningSocket {

    private static final int LONGEST_QUEUE = 4096;

    private final Channel channel;

    private ListeningSocket(Channel channel) {
        this.channel = channel;
    }

    /** The one that a connection came from; null if that cannot be told. */
    static @Nullable ListeningSocket of(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            Channel parent = base.channel().parent();
            return parent == null ? null : new ListeningSocket(parent);
        }
        return null;
    }

    /**
     * Takes what has arrived, and then nothing more. The future ends when each connection that was taken belongs to an event
     * loop, or will before anything that the loop is told later. May be repeated.
     */
    Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        channel.eventLoop().execute(() -> {
            if (channel.isOpen() && channel.unsafe() instanceof AbstractNioChannel.NioUnsafe arrivals) {
                // what waits in the system's queue would be reset
                if (channel.config().getRecvByteBufAllocator() instanceof MaxMessagesRecvByteBufAllocator portion) {
                    portion.maxMessagesPerRead(LONGEST_QUEUE);
                }
                arrivals.read();
            }
            channel.close().addListener(done -> closed.complete());
        });
        return closed.future();
    }
}

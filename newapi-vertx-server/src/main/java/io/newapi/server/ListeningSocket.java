package io.newapi.server;

import io.netty.channel.Channel;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The socket that connections come from. Vert.x closes it together with the connections on which nothing was asked yet, and
 * with those that are just on their way to an event loop; their callers see them break, and cannot know that nothing has
 * happened. This closes the socket alone.
 *
 * <p>A connection that the system has made, and nobody has taken, breaks with the socket, too. As long as a selector watches
 * the socket, Java closes it only when the selector is asked the next time, and for so long the system goes on making
 * connections. Therefore the socket is first taken from the selector; then its last connections are taken, and it closes in
 * the same moment.
 */
final class ListeningSocket {

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
        if (channel.unsafe() instanceof AbstractNioChannel.NioUnsafe arrivals
                && arrivals.ch() instanceof ServerSocketChannel socket) {
            channel.deregister().addListener(done -> closeUnwatched(socket, closed));
        } else {
            channel.close().addListener(done -> closed.complete());
        }
        return closed.future();
    }

    private void closeUnwatched(ServerSocketChannel socket, Promise<Void> closed) {
        if (socket.isRegistered()) {
            // the selector lets go of it when it is asked, which is once between two tasks
            channel.eventLoop().execute(() -> closeUnwatched(socket, closed));
            return;
        }
        for (SocketChannel taken : takeTheLast(socket)) {
            channel.pipeline().fireChannelRead(new NioSocketChannel(channel, taken));
        }
        channel.close().addListener(done -> closed.complete());
    }

    private static List<SocketChannel> takeTheLast(ServerSocketChannel socket) {
        List<SocketChannel> taken = new ArrayList<>();
        try (socket) {
            for (SocketChannel next = socket.accept(); next != null; next = socket.accept()) {
                taken.add(next);
            }
        } catch (IOException e) {
            // already closed, or out of descriptors: there is nothing more to take
        }
        return taken;
    }
}

package io.newapi.server.relay;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Ends connections of those who do not read. Closing one in Vert.x's way first sends what is left to send, and so never
 * ends while the other side takes nothing; this throws it away, past the handler that would wait.
 */
public final class ConnectionCut {

    private ConnectionCut() {}

    /** Cuts the connection; what was not sent yet is lost. */
    public static void now(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            var unused = base.channelHandlerContext().close();
        } else {
            connection.close();
        }
    }
}

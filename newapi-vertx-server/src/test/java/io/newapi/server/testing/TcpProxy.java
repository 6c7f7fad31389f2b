package io.newapi.server.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Passes connections on to a port of this machine, until it is cut: then all that there are end, and new ones end as soon
 * as they have begun, until it is mended. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {

    private final int target;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    private TcpProxy(int target, ServerSocket listening) {
        this.target = target;
        this.listening = listening;
    }

    /** A proxy for a port on 127.0.0.1. */
    public static TcpProxy to(int target) {
        try {
            TcpProxy proxy = new TcpProxy(target, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen", e);
        }
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return listening.getLocalPort();
    }

    /** Ends all connections, and lets none through. */
    public void cut() {
        cut = true;
        open.forEach(TcpProxy::end);
    }

    /** Lets connections through again. */
    public void mend() {
        cut = false;
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop listening", e);
        }
        cut();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                pass(listening.accept());
            } catch (IOException e) {
                // closed, or the server is not there: the client has been told by the end of its connection
            }
        }
    }

    private void pass(Socket client) throws IOException {
        open.add(client);
        if (cut) {
            end(client);
            return;
        }
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(server);
            if (cut) {
                end(server);
            }
            start(() -> copy(client, server));
            start(() -> copy(server, client));
        } catch (IOException e) {
            end(client);
            throw e;
        }
    }

    private void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            // one of the two has ended
        } finally {
            end(from);
            end(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a connection", e);
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}

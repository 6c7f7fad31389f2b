package io.newapi.server.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Passes connections on to a port of this machine, at once or as late as a far one would be reached. It can be cut: then
 * all connections end, and new ones end as soon as they have begun. Or it can hold: then nothing gets through, and nobody
 * is told, as in a network that has lost its way. Both last until it is mended. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {

    private static final int PIECE_BYTES = 64 * 1024;

    private final int target;
    private final long delayNanos;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile boolean held;
    private final AtomicInteger roundTrips = new AtomicInteger();
    /** Whether an answer has come through since somebody last spoke. */
    private final AtomicBoolean answered = new AtomicBoolean(true);

    /** What is under way in one direction; no bytes are the end of the connection. */
    private record Piece(ByteBuffer bytes, long dueNanos) {

        private boolean isEnd() {
            return !bytes.hasRemaining();
        }
    }

    private TcpProxy(int target, Duration delay, ServerSocket listening) {
        this.target = target;
        this.delayNanos = delay.toNanos();
        this.listening = listening;
    }

    /** A proxy for a port on 127.0.0.1. */
    public static TcpProxy to(int target) {
        return to(target, Duration.ZERO);
    }

    /** The same, through which whatever is said comes {@code delay} later, in each direction. */
    public static TcpProxy to(int target, Duration delay) {
        try {
            TcpProxy proxy = new TcpProxy(target, delay, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
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

    /**
     * How often somebody has spoken after an answer came through, or for the first time. What is said before the answer to
     * something else comes through costs no time of its own. Only a delay makes this certain.
     */
    public int roundTrips() {
        return roundTrips.get();
    }

    /** Ends all connections, and lets none through. */
    public void cut() {
        cut = true;
        open.forEach(TcpProxy::end);
        awaken();
    }

    /** Lets nothing through any more, neither what is said nor that somebody has ended; what is said then comes later. */
    public void hold() {
        held = true;
    }

    /** Lets everything through again. */
    public void mend() {
        cut = false;
        held = false;
        awaken();
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
        awaitPassage();
        if (cut) {
            end(client);
            return;
        }
        try {
            client.setTcpNoDelay(true);
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            server.setTcpNoDelay(true);
            open.add(server);
            if (cut) {
                end(server);
            }
            connect(client, server, this::spoken, () -> {});
            connect(server, client, () -> {}, () -> answered.set(true));
        } catch (IOException e) {
            end(client);
            throw e;
        }
    }

    private void spoken() {
        if (answered.compareAndSet(true, false)) {
            roundTrips.incrementAndGet();
        }
    }

    private void connect(Socket from, Socket to, Runnable received, Runnable delivered) {
        BlockingQueue<Piece> underWay = new LinkedBlockingQueue<>();
        start(() -> receive(from, underWay, received));
        start(() -> deliver(underWay, from, to, delivered));
    }

    private void receive(Socket from, BlockingQueue<Piece> underWay, Runnable received) {
        byte[] buffer = new byte[PIECE_BYTES];
        try (InputStream in = from.getInputStream()) {
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                received.run();
                underWay.add(new Piece(ByteBuffer.wrap(Arrays.copyOf(buffer, read)), System.nanoTime() + delayNanos));
            }
        } catch (IOException e) {
            // one of the two has ended
        }
        underWay.add(new Piece(ByteBuffer.allocate(0), System.nanoTime() + delayNanos));
    }

    private void deliver(BlockingQueue<Piece> underWay, Socket from, Socket to, Runnable delivered) {
        try {
            for (Piece next = underWay.take(); !next.isEnd(); next = underWay.take()) {
                awaitTime(next.dueNanos());
                awaitPassage();
                delivered.run();
                to.getOutputStream().write(next.bytes().array());
            }
            awaitPassage();
        } catch (IOException e) {
            // one of the two has ended
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(from);
            end(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private static void awaitTime(long dueNanos) {
        for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private synchronized void awaitPassage() {
        while (held && !cut) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private synchronized void awaken() {
        notifyAll();
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

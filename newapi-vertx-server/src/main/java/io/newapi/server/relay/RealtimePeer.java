package io.newapi.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import org.jspecify.annotations.Nullable;

/**
 * One end of a live connection. It puts messages together that come in pieces, asks for signs of life, and says once that the
 * other side has gone, behind all that it has said. Confined to the connection's event loop.
 */
final class RealtimePeer {

    /** The code of a connection that nobody has closed. */
    static final int NOT_CLOSED = 1006;

    /** As often in a row may nothing be heard when it is asked for again. */
    private static final int MAX_SILENT = 2;

    /**
     * What somebody has said.
     *
     * @param text whether it is text; else it is bytes
     * @param bytes all of it
     * @param frame the same as it came; null if it came in pieces
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Message(boolean text, byte[] bytes, @Nullable WebSocketFrame frame) {

        static Message of(String text) {
            return new Message(true, text.getBytes(UTF_8), WebSocketFrame.textFrame(text, true));
        }

        @Override
        public String toString() {
            return "Message[" + bytes.length + " bytes]";
        }
    }

    /** Told what happens at an end. */
    interface Listener {
        /** It has said something. */
        void said(RealtimePeer by, Message message);

        /** It has gone; nothing else comes. */
        void gone(RealtimePeer who);

        /**
         * It has said something that is no message, and nothing can be understood from here.
         *
         * @param tooLarge whether it is larger than a message may be
         */
        void unreadable(RealtimePeer by, boolean tooLarge);
    }

    private final Vertx vertx;
    private final WebSocket socket;
    private @Nullable Listener listener;
    private @Nullable Buffer pieces;
    private boolean piecesAreText;
    private boolean paused;
    private int silent;
    private boolean gone;

    /** @param socket need not be open yet; its handlers belong to this peer from now on */
    RealtimePeer(Vertx vertx, WebSocket socket) {
        this.vertx = vertx;
        this.socket = socket;
        socket.frameHandler(this::frame);
        socket.exceptionHandler(this::failed);
        socket.endHandler(end -> hasGone());
        socket.closeHandler(closed -> {
            // what it said last may wait here for somebody who reads
            resume();
            vertx.runOnContext(then -> hasGone());
        });
    }

    /** Has that one told from now on. */
    void listen(Listener who) {
        listener = who;
    }

    /** Has an action run whenever more can be said to it. */
    void whenWritable(Runnable action) {
        if (!socket.isClosed()) {
            socket.drainHandler(drained -> action.run());
        }
    }

    void send(Message message) {
        if (socket.isClosed()) {
            return;
        }
        WebSocketFrame whole = message.frame();
        if (whole != null) {
            socket.writeFrame(whole);
        } else if (message.text()) {
            socket.writeTextMessage(new String(message.bytes(), UTF_8));
        } else {
            socket.writeBinaryMessage(Buffer.buffer(message.bytes()));
        }
    }

    /** Whether what is said to it piles up. */
    boolean isFull() {
        return !socket.isClosed() && socket.writeQueueFull();
    }

    void pause() {
        if (!paused) {
            paused = true;
            socket.pause();
        }
    }

    void resume() {
        if (paused) {
            paused = false;
            silent = 0;
            socket.resume();
        }
    }

    /** Asks for a sign of life; false if there was none for too long. Who is not listened to cannot give one. */
    boolean ping() {
        if (paused) {
            return true;
        }
        if (silent >= MAX_SILENT) {
            return false;
        }
        silent++;
        if (!socket.isClosed() && !isFull()) {
            socket.writePing(Buffer.buffer());
        }
        return true;
    }

    /** Closes this end, politely first. */
    void close(int code, String reason) {
        resume();
        RealtimeSockets.close(vertx, socket, code, reason);
    }

    /** Closes this end of somebody who does not answer any more. */
    void cut() {
        RealtimeSockets.cut(socket);
    }

    /** The code with which the other side has closed; {@value #NOT_CLOSED} if it just went. */
    int closeCode() {
        Short code = socket.closeStatusCode();
        return code == null ? NOT_CLOSED : code;
    }

    /** Why the other side says that it has closed; may be empty. */
    String closeReason() {
        String reason = socket.closeReason();
        return reason == null ? "" : reason;
    }

    private void frame(WebSocketFrame frame) {
        silent = 0;
        WebSocketFrameType type = frame.type();
        boolean begins = type == WebSocketFrameType.TEXT || type == WebSocketFrameType.BINARY;
        if (!begins && type != WebSocketFrameType.CONTINUATION) {
            return;
        }
        Buffer before = pieces;
        pieces = null;
        Buffer data = frame.binaryData();
        long bytes = (begins || before == null ? 0 : before.length()) + (long) data.length();
        if (bytes > RealtimeSockets.MAX_MESSAGE_BYTES) {
            misread(true);
        } else if (begins && frame.isFinal()) {
            tell(new Message(type == WebSocketFrameType.TEXT, data.getBytes(), frame));
        } else if (begins) {
            piecesAreText = type == WebSocketFrameType.TEXT;
            pieces = Buffer.buffer().appendBuffer(data);
        } else if (before != null) {
            Buffer all = before.appendBuffer(data);
            if (frame.isFinal()) {
                tell(new Message(piecesAreText, all.getBytes(), null));
            } else {
                pieces = all;
            }
        }
    }

    private void tell(Message message) {
        Listener told = listener;
        if (told != null && !gone) {
            told.said(this, message);
        }
    }

    private void misread(boolean tooLarge) {
        Listener told = listener;
        if (told != null && !gone) {
            told.unreadable(this, tooLarge);
        }
    }

    /** When the connection breaks, its end is told too. */
    private void failed(Throwable failure) {
        if (failure instanceof CorruptedWebSocketFrameException corrupted) {
            misread(corrupted.closeStatus().code() == WebSocketCloseStatus.MESSAGE_TOO_BIG.code());
        }
    }

    private void hasGone() {
        Listener told = listener;
        if (!gone && told != null) {
            gone = true;
            told.gone(this);
        }
    }
}

package io.newapi.server.testing;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Redis server of a test. It ends with the test, or at the latest with the test program. */
public final class RedisServer implements AutoCloseable {

    private final RedisProcess process;
    private final String password;
    private final int tlsPort;

    RedisServer(RedisProcess process, String password, int tlsPort) {
        this.process = process;
        this.password = password;
        this.tlsPort = tlsPort;
    }

    /**
     * A running server, or the end of the calling test.
     *
     * @param untested what remains unproven without it
     */
    public static RedisServer orLeaveOut(String untested) {
        return LeftOut.byBuildSettings().unlessFound(start(List.of(), 0), "redis", untested);
    }

    /**
     * One that can be spoken to with TLS too, or the end of the calling test.
     *
     * @param certificate the one that it shows
     */
    public static RedisServer withTlsOrLeaveOut(Certificate certificate, String untested) {
        int tlsPort = RedisProcess.freePort();
        return LeftOut.byBuildSettings().unlessFound(start(certificate.arguments(tlsPort), tlsPort), "redis", untested);
    }

    private static Optional<RedisServer> start(List<String> more, int tlsPort) {
        String password = newPassword();
        return RedisProcess.start(password, (port, folder) -> arguments(port, folder, password, more))
                .map(process -> new RedisServer(process, password, tlsPort));
    }

    /** Its own for each, so that nobody takes another server for it. */
    static String newPassword() {
        return "secret@/:# %" + Long.toHexString(new SecureRandom().nextLong());
    }

    /** What every server that holds data is told. */
    static List<String> arguments(int port, Path folder, String password, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--requirepass",
                password,
                "--masterauth",
                password,
                "--repl-diskless-sync-delay",
                "0",
                "--save",
                "",
                "--dir",
                folder.toString()));
        arguments.addAll(more);
        return arguments;
    }

    /** A text as it is written in a URL. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** How a node is told of it. */
    public String url() {
        return "redis://:" + encoded(password) + "@127.0.0.1:" + port() + "/1";
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return process.port();
    }

    /** Where it listens for those who speak TLS, on 127.0.0.1; 0 if nowhere. */
    public int tlsPort() {
        return tlsPort;
    }

    /** What it asks those for who are no user of its access control list. */
    public String password() {
        return password;
    }

    /** Sends a command and returns its answer, the parts of a list separated by blanks. */
    public String command(String... words) {
        return process.command(words);
    }

    /** The same in the database of this number. */
    public String commandIn(String database, String... words) {
        return process.command(database, List.of(words));
    }

    /** Waits until nobody listens to a channel. */
    public void awaitNoListeners(String channel) {
        RedisProcess.until(
                "everybody has left it",
                () -> command("PUBSUB", "NUMSUB", channel).endsWith(" 0"));
    }

    /** Waits until there is nothing under a key. */
    public void awaitNo(String key) {
        RedisProcess.until(key + " is removed", () -> command("EXISTS", key).equals("0"));
    }

    /** Ends the server's process without a warning. */
    public void kill() {
        process.kill();
    }

    /** Starts it again, with nothing in it. */
    public void startAgain() {
        process.startAgain();
    }

    /** From now on it does nothing, but its connections stay. */
    public void freeze() {
        process.freeze();
    }

    /** It goes on where it was frozen. */
    public void thaw() {
        process.thaw();
    }

    @Override
    public void close() {
        process.close();
    }
}

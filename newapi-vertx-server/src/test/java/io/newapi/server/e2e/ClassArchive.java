package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.PER_CALL;

import io.newapi.sandbox.Script;
import io.newapi.server.testing.MariaDb;
import io.newapi.server.testing.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The classes of the packaged node as its JVM has them when it serves, in a file that all nodes of the tests share: a node starts
 * with half of the computing. Made once for each jar, by whoever needs it first; the others wait.
 */
final class ClassArchive {

    private static final String UNTESTED = "nodes in processes of their own";

    private static final long PLENTY = 1_000_000;

    private ClassArchive() {}

    /** The option of the JVM for a node of this jar; none if the JVM cannot make such a file. */
    static List<String> option(Path jar) {
        try {
            Path archive = jar.resolveSibling(
                    "newapi-server-" + Files.getLastModifiedTime(jar).toMillis() + ".jsa");
            if (!Files.exists(archive)) {
                make(archive);
            }
            return Files.size(archive) == 0 ? List.of() : List.of("-XX:SharedArchiveFile=" + archive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized void make(Path archive) throws IOException {
        Path lock = archive.resolveSibling("newapi-server.jsa.lock");
        try (FileChannel locked = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = locked.lock()) {
            if (held.isValid() && !Files.exists(archive)) {
                Path unfinished = Files.createTempFile(archive.getParent(), "newapi-server-", ".unfinished");
                record(unfinished);
                Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    /** A node with MySQL and Redis answers a call. When it ends, its JVM writes down what classes it has. */
    private static void record(Path archive) throws IOException {
        Path folder = Files.createTempDirectory(archive.getParent(), "newapi-server-classes-");
        List<String> options = new ArrayList<>(NodeProcess.BRIEFLY);
        options.add("-XX:ArchiveClassesAtExit=" + archive);
        try (RedisServer redis = RedisServer.orLeaveOut(UNTESTED);
                Upstreams upstreams = new Upstreams()) {
            DataDirectory directory = DataDirectory.create(folder, SharedDatabase.create(MariaDb.orLeaveOut(UNTESTED)));
            directory.channel("only", upstreams.start(Script.PLAIN).url(), 0);
            Key key = directory.unlimitedToken(directory.user("rich", PLENTY), "any");
            Map<String, String> environment = new HashMap<>(directory.settings());
            environment.put("REDIS_CONN_STRING", redis.url());
            environment.put("CRYPTO_SECRET", "a secret of one node");
            try (NodeProcess node = NodeProcess.unarchived(folder, environment, options, List.of())) {
                node.awaitServing();
                new Caller(node.url())
                        .send(key, Caller.question(PER_CALL, "Are you there?"))
                        .join();
            }
        }
    }
}

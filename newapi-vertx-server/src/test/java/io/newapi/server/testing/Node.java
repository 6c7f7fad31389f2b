package io.newapi.server.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Node.js for tests that use a client from npm, together with the folder in which that client is installed.
 *
 * @param program what to start
 * @param folder working directory of the scripts, holding {@code node_modules}
 */
public record Node(String program, Path folder) {
    /** The oldest major version that the npm packages under test support. */
    static final int OLDEST_MAJOR = 20;

    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\..*", Pattern.DOTALL);

    /**
     * Node from the property {@code newapi.test.node} or the PATH, with the packages of {@code src/test/node} installed
     * ({@code npm ci} there); otherwise the calling test is left out.
     *
     * @param untested what remains unproven without it
     */
    public static Node orLeaveOut(String untested) {
        return LeftOut.byBuildSettings().unlessFound(find(), "node", untested);
    }

    private static Optional<Node> find() {
        String program = System.getProperty("newapi.test.node", "node");
        Path folder = Path.of("src", "test", "node").toAbsolutePath();
        return Files.isDirectory(folder.resolve("node_modules")) && majorVersion(program) >= OLDEST_MAJOR
                ? Optional.of(new Node(program, folder))
                : Optional.empty();
    }

    private static int majorVersion(String program) {
        try {
            Process process = new ProcessBuilder(program, "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String answer = new String(process.getInputStream().readNBytes(1024), UTF_8);
            return parseMajor(answer);
        } catch (IOException e) {
            return 0;
        }
    }

    /** The major version in the answer of {@code node --version}, or 0 if it is not such an answer. */
    static int parseMajor(String answer) {
        Matcher matcher = VERSION.matcher(answer);
        return matcher.matches() && matcher.group(1).length() < 6 ? Integer.parseInt(matcher.group(1)) : 0;
    }
}

package io.newapi.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxCommandTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    @Test
    void aMissingJarIsSaidClearly() {
        Shell.Result result = new Shell(home)
                .with("NEWAPI_SANDBOX_JAR", home.resolve("nowhere.jar").toString())
                .run("sandbox", "--port", "0");

        assertThat(result.code()).isEqualTo(5);
        assertThat(result.err()).contains("nowhere.jar", "NEWAPI_SANDBOX_JAR").hasLineCount(1);
    }

    @Test
    void argumentsAndTheExitCodePassThrough() throws IOException {
        Path jar = jarOf(ExitsWithItsArguments.class);

        Shell.Result result =
                new Shell(home).with("NEWAPI_SANDBOX_JAR", jar.toString()).run("sandbox", "--port", "0", "-x", "value");

        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isEqualTo(14);
    }

    /** Ends with 10 and the number of its arguments, if they are the expected ones. */
    static final class ExitsWithItsArguments {

        private ExitsWithItsArguments() {}

        public static void main(String[] arguments) {
            System.exit(String.join(" ", arguments).equals("--port 0 -x value") ? 10 + arguments.length : 99);
        }
    }

    private Path jarOf(Class<?> program) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, program.getName());
        Path jar = home.resolve("program.jar");
        String resource = program.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                var bytes = program.getClassLoader().getResourceAsStream(resource)) {
            out.putNextEntry(new JarEntry(resource));
            java.util.Objects.requireNonNull(bytes, resource).transferTo(out);
            out.closeEntry();
        }
        return jar;
    }
}

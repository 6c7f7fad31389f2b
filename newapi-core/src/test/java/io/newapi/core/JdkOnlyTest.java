package io.newapi.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** What the JDK's own tool says about the compiled library. */
class JdkOnlyTest {

    private static final String CLASSES = "target/classes";

    private static String jdeps(String... arguments) {
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        int status = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(new PrintWriter(output), new PrintWriter(errors), arguments);
        assertThat(status).as(output + "\n" + errors).isZero();
        return output.toString().strip();
    }

    @Test
    void theLibraryNeedsNothingButJavaBase() {
        assertThat(Path.of(CLASSES, "module-info.class")).exists();
        assertThat(jdeps("--multi-release", "17", "--ignore-missing-deps", "--print-module-deps", CLASSES))
                .isEqualTo("java.base");
    }

    /** They are needed to compile against, and to check null against; the machine ignores annotations that are missing. */
    @Test
    void whatIsMissingAreAnnotations() {
        assertThat(jdeps("--multi-release", "17", "--missing-deps", CLASSES).lines())
                .filteredOn(line -> line.startsWith(" ") && line.contains(" -> "))
                .isNotEmpty()
                .allMatch(line -> line.contains(" -> org.jspecify.annotations."));
    }
}

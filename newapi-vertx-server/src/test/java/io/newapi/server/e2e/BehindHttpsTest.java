package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose clients speak HTTPS with a proxy in front of it. */
class BehindHttpsTest {

    @TempDir
    Path path;

    @Test
    void itsCookiesComeBackOverHttpsOnly() {
        try (TestNode node = TestNode.start(DataDirectory.create(path))) {
            assertThat(cookie(node, "X-Forwarded-Proto: https")).endsWith("; Secure");
            assertThat(cookie(node, "X-Forwarded-Proto: http")).doesNotContain("Secure");
            assertThat(cookie(node)).doesNotContain("Secure");
        }
    }

    @Test
    void whoIsNotTrustedIsNotBelieved() {
        try (TestNode node = TestNode.start(DataDirectory.create(path), Map.of("TRUSTED_PROXIES", "none"))) {
            assertThat(cookie(node, "X-Forwarded-Proto: https")).doesNotContain("Secure");
        }
    }

    private static String cookie(TestNode node, String... headers) {
        String cookie =
                Line.once(node.port(), "GET", "/api/user/logout", headers).header("Set-Cookie");
        assertThat(cookie).startsWith("session=;");
        return cookie;
    }
}

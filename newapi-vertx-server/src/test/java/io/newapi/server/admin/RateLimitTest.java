package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RateLimitTest {

    @Test
    void loginsBeyondTheCriticalLimitAreToldWhenToComeBack(@TempDir Path directory) {
        RateLimitSettings critical = new RateLimitSettings(true, 3, Duration.ofMinutes(20));
        try (AdminServer server = AdminServer.start(directory, settings(RateLimitSettings.off(), critical))) {
            for (int i = 0; i < 3; i++) {
                server.client().post("/api/user/login", "username", "u" + i, "password", "x");
            }
            AdminReply reply = server.client().post("/api/user/login", "username", "root", "password", "x");

            assertThat(reply.status()).isEqualTo(429);
            assertThat(reply.code()).isEqualTo("too_many_requests");
            assertThat(reply.success()).isFalse();
            assertThat(Long.parseLong(reply.header("Retry-After"))).isBetween(1L, 1200L);
            assertThat(server.client().get("/api/status").status()).isEqualTo(200);
        }
    }

    @Test
    void allCallsOfAnAddressCountAgainstTheGlobalLimit(@TempDir Path directory) {
        RateLimitSettings global = new RateLimitSettings(true, 2, Duration.ofMinutes(3));
        try (AdminServer server = AdminServer.start(directory, settings(global, RateLimitSettings.off()))) {
            assertThat(server.client().get("/api/status").status()).isEqualTo(200);
            assertThat(server.client().get("/api/nothing").status()).isEqualTo(404);
            assertThat(server.client().get("/api/status").status()).isEqualTo(429);
            assertThat(server.client().get("/api/nothing").status()).isEqualTo(429);
        }
    }

    @Test
    void guessesAtOneNameAreLimitedFromWhateverAddressTheyCome() {
        RateLimits limits = new RateLimits(
                RateLimitSettings.off(), new RateLimitSettings(true, 1, Duration.ofMinutes(20)), () -> 0);

        assertThat(limits.loginAttempt("Root")).isZero();
        assertThat(limits.loginAttempt("root")).isPositive();
        assertThat(limits.loginAttempt("alice")).isZero();
        assertThat(limits.criticalCall("root")).isZero();
    }

    private static AdminSettings settings(RateLimitSettings global, RateLimitSettings critical) {
        return new AdminSettings("test", "sqlite", Instant.ofEpochSecond(1), global, critical, false, false);
    }
}

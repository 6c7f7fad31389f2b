package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.store.UserRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No answer to a GET carries a secret, whoever asks. */
class SecretsTest {

    private AdminServer server;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = AdminServer.start(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void noAnswerToAnybodyCarriesASecret() {
        AdminClient cookie = server.root();
        String accessToken = cookie.get("/api/user/token").data().asText();
        AdminClient root = cookie.bearing(accessToken);
        String named = root.post("/api/user/access_tokens", "name", "ci")
                .data()
                .path("access_token")
                .asText();
        root.post("/api/user/", "username", "admin", "password", "password1", "role", 10);
        AdminClient admin = server.client().login("admin", "password1");
        root.post("/api/user/", "username", "alice", "password", "password1");
        AdminClient alice = server.client().login("alice", "password1");
        alice.post("/api/token/", "name", "t", "unlimited_quota", true);
        String alicesKey = alice.get("/api/token/")
                .data()
                .path("items")
                .path(0)
                .path("key")
                .asText();
        for (String option :
                List.of("SMTPToken", "GitHubClientSecret", "discord.client_secret", "oidc.client_secret")) {
            assertThat(root.put("/api/option/", "key", option, "value", "0ption-s3cret")
                            .success())
                    .isTrue();
        }
        root.post(
                "/api/channel/",
                "mode",
                "single",
                "channel",
                AdminClient.object("type", 1, "name", "c", "key", "k-upstream-s3cret", "models", "m"));
        root.send("PUT", "/api/channel/", "{\"id\":1,\"name\":\"renamed\"}");

        List<String> secrets = new ArrayList<>(List.of(accessToken, named, "0ption-s3cret", "k-upstream-s3cret"));
        for (long id = 1; id <= 3; id++) {
            secrets.add(
                    server.stores.users().byId(id).map(UserRow::passwordHash).orElseThrow());
        }
        for (AdminClient reader : List.of(root, admin, alice, server.client())) {
            for (String path : PATHS) {
                String text = reader.get(path).text();
                assertThat(text).as(path).doesNotContain(secrets).doesNotContain("$2a$");
            }
        }
        for (AdminClient other : List.of(root, admin, server.client())) {
            for (String path : PATHS) {
                assertThat(other.get(path).text()).as(path).doesNotContain(alicesKey);
            }
        }
    }

    private static final List<String> PATHS = List.of(
            "/api/status",
            "/api/setup",
            "/api/notice",
            "/api/about",
            "/api/home_page_content",
            "/api/user-agreement",
            "/api/privacy-policy",
            "/api/pricing",
            "/api/ratio_config",
            "/api/models",
            "/api/group/",
            "/api/user/",
            "/api/user/search?keyword=a",
            "/api/user/1",
            "/api/user/2",
            "/api/user/3",
            "/api/user/self",
            "/api/user/models",
            "/api/user/groups",
            "/api/user/self/groups",
            "/api/user/access_tokens",
            "/api/user/2fa/status",
            "/api/token/",
            "/api/token/1",
            "/api/token/search?keyword=t",
            "/api/channel/",
            "/api/channel/?tag_mode=true",
            "/api/channel/search?keyword=renamed",
            "/api/channel/search?keyword=k-upstream-s3cre",
            "/api/channel/1",
            "/api/channel/models",
            "/api/channel/models_enabled",
            "/api/channel/test/1",
            "/api/option/",
            "/api/log/",
            "/api/log/self",
            "/api/log/stat",
            "/api/log/self/stat",
            "/api/data/",
            "/api/data/self/",
            "/api/usage/token/",
            "/dashboard/billing/subscription",
            "/v1/dashboard/billing/usage");
}

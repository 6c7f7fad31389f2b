package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.server.store.LogRow;
import io.newapi.server.store.LogType;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an operator runs the gateway from a script, from the first start to the last logout. */
class OperatingTest {

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
    void theWholeWayFromSetupToLogout() {
        // 1. Set up; a second time is refused.
        AdminClient script = server.client();
        Object[] answers = {
            "username", "root",
            "password", "correct horse",
            "confirmPassword", "correct horse",
            "SelfUseModeEnabled", false,
            "DemoSiteEnabled", false
        };
        assertThat(script.get("/api/setup").data().path("status").asBoolean()).isFalse();
        assertThat(script.post("/api/setup", answers).success()).isTrue();
        assertThat(script.post("/api/setup", answers).success()).isFalse();
        assertThat(script.get("/api/setup").data().path("status").asBoolean()).isTrue();

        // 2. Log in with the password, for a cookie.
        AdminClient cookie = script.login("root", "correct horse");

        // 3. An access token for the rest.
        String token = cookie.get("/api/user/token").data().asText();
        assertThat(token).matches("[A-Za-z0-9+/=]{28}|[A-Za-z0-9+/=]{32}");
        AdminClient root = cookie.bearing(token);
        assertThat(root.get("/api/user/self").data().path("username").asText()).isEqualTo("root");
        assertThat(root.with("Authorization", token).get("/api/user/self").success())
                .isTrue();
        assertThat(root.with("New-Api-User", "7").get("/api/user/self").status())
                .isEqualTo(401);
        assertThat(root.without("New-Api-User").get("/api/user/self").status()).isEqualTo(401);

        // 4. Options: a good value counts at once, a bad one changes nothing.
        assertThat(root.put("/api/option/", "key", "GroupRatio", "value", "{\"default\":1,\"vip\":0.5}")
                        .success())
                .isTrue();
        assertThat(root.put("/api/option/", "key", "GroupRatio", "value", "{\"default\":-1}")
                        .success())
                .isFalse();
        assertThat(option(root, "GroupRatio")).isEqualTo("{\"default\":1,\"vip\":0.5}");
        assertThat(root.get("/api/group/").data().toString()).isEqualTo("[\"default\",\"vip\"]");

        // 5. A channel; its key is never shown.
        assertThat(root.post(
                                "/api/channel/",
                                "mode",
                                "single",
                                "channel",
                                AdminClient.object(
                                        "type", 1,
                                        "name", "c1",
                                        "key", "k-upstream",
                                        "base_url", "http://upstream",
                                        "models", "m1,m2",
                                        "group", "default"))
                        .success())
                .isTrue();
        JsonNode channels = root.get("/api/channel/").data();
        assertThat(channels.path("total").asInt()).isEqualTo(1);
        assertThat(channels.path("items").path(0).path("key").asText()).isEmpty();
        assertThat(channels.path("type_counts").toString()).isEqualTo("{\"1\":1}");
        long channel = channels.path("items").path(0).path("id").asLong();
        assertThat(root.get("/api/user/models").data().toString()).isEqualTo("[\"m1\",\"m2\"]");

        // 6. Test it.
        AdminReply test = root.get("/api/channel/test/" + channel + "?model=m1");
        assertThat(test.success()).isTrue();
        assertThat(test.json().path("time").decimalValue()).isEqualByComparingTo("1.234");

        // 7. An API token, whose key the list shows to its owner.
        assertThat(root.post("/api/token/", "name", "t", "expired_time", -1, "unlimited_quota", true, "remain_quota", 0)
                        .data()
                        .path("key")
                        .asText())
                .hasSize(48);
        JsonNode listed = root.get("/api/token/").data().path("items").path(0);
        assertThat(listed.path("key").asText()).matches("[0-9A-Za-z]{48}");
        assertThat(listed.path("status").asInt()).isEqualTo(1);

        // 8. A call was charged: it is in the log.
        server.stores.logs().append(consumed(listed.path("id").asLong(), channel));
        JsonNode logs = root.get("/api/log/?p=1&page_size=10&type=2").data();
        assertThat(logs.path("items")).hasSize(1);
        assertThat(logs.path("items").path(0).path("channel_name").asText()).isEqualTo("c1");
        assertThat(root.get("/api/log/stat?type=2").data().path("quota").asLong())
                .isEqualTo(120);

        // 10. A user, and away with him: his login, his access token and his key end at once.
        assertThat(root.post("/api/user/", "username", "alice", "password", "password1")
                        .success())
                .isTrue();
        AdminClient alice = server.client().login("alice", "password1");
        AdminClient aliceScript =
                alice.bearing(alice.get("/api/user/token").data().asText());
        assertThat(aliceScript.get("/api/user/").status()).isEqualTo(200);
        assertThat(aliceScript.get("/api/user/").code()).isEqualTo("role_too_low");
        assertThat(root.post("/api/user/manage", "id", 2, "action", "disable")
                        .data()
                        .path("status")
                        .asInt())
                .isEqualTo(2);
        assertThat(alice.get("/api/user/self").status()).isEqualTo(401);
        assertThat(aliceScript.get("/api/user/self").code()).isEqualTo("user_disabled");
        assertThat(server.client()
                        .post("/api/user/login", "username", "alice", "password", "password1")
                        .success())
                .isFalse();
        assertThat(server.announced).contains("user 2");

        // 11. Log out; the old cookie is worthless.
        assertThat(cookie.get("/api/user/logout").success()).isTrue();
        assertThat(cookie.get("/api/user/self").status()).isEqualTo(401);
        assertThat(root.get("/api/user/self").success()).isTrue();
    }

    private static String option(AdminClient root, String key) {
        for (JsonNode entry : root.get("/api/option/").data()) {
            if (entry.path("key").asText().equals(key)) {
                return entry.path("value").asText();
            }
        }
        return "";
    }

    private static LogRow consumed(long tokenId, long channelId) {
        return new LogRow(
                0,
                1,
                0,
                LogType.CONSUME.code(),
                "",
                "root",
                "t",
                "m1",
                120,
                10,
                20,
                1,
                false,
                channelId,
                tokenId,
                "default",
                "",
                "{\"admin_info\":{\"use_channel\":[\"1\"]},\"model_ratio\":1}",
                "r",
                "");
    }
}

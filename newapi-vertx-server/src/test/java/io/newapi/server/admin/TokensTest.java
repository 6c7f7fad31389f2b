package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {

    private AdminServer server;
    private AdminClient root;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = AdminServer.start(directory);
        root = server.root();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theAnswerToCreatingATokenCarriesItsKey() {
        JsonNode made = root.post(
                        "/api/token/",
                        "name",
                        "t",
                        "remain_quota",
                        500,
                        "model_limits_enabled",
                        true,
                        "model_limits",
                        "m1,m2",
                        "allow_ips",
                        "10.0.0.0/8\n::1")
                .data();

        assertThat(made.path("key").asText()).matches("[0-9A-Za-z]{48}");
        assertThat(made.path("expired_time").asLong()).isEqualTo(-1);
        assertThat(made.path("remain_quota").asLong()).isEqualTo(500);
        assertThat(server.announced).contains("token 1 1");
    }

    @Test
    void badValuesAreRefusedWhenTheyAreWritten() {
        assertThat(root.post("/api/token/", "name", "x".repeat(51)).code()).isEqualTo("field_too_long");
        assertThat(root.post("/api/token/", "name", "t", "expired_time", 5).code())
                .isEqualTo("expiry_invalid");
        assertThat(root.post("/api/token/", "name", "t", "remain_quota", -1).code())
                .isEqualTo("quota_invalid");
        assertThat(root.post("/api/token/", "name", "t", "group", "nobodys").code())
                .isEqualTo("group_not_usable");
        assertThat(root.post("/api/token/", "name", "t", "allow_ips", "10.0.0.300")
                        .code())
                .isEqualTo("field_invalid");
        assertThat(root.post("/api/token/", "name", 5).code()).isEqualTo("field_type");
        assertThat(root.send("POST", "/api/token/", "[]").code()).isEqualTo("body_invalid");
        assertThat(root.get("/api/token/").data().path("total").asInt()).isZero();
    }

    @Test
    void theNumberOfTokensIsLimited() {
        root.put("/api/option/", "key", "token_setting.max_user_tokens", "value", 1);

        assertThat(root.post("/api/token/", "name", "one").success()).isTrue();
        assertThat(root.post("/api/token/", "name", "two").code()).isEqualTo("token_limit_reached");
    }

    @Test
    void statusOnlyChangesNothingElse() {
        root.post("/api/token/", "name", "t", "remain_quota", 500);

        JsonNode after = root.put("/api/token/?status_only=1", "id", 1, "status", 2, "name", "other")
                .data();

        assertThat(after.path("status").asInt()).isEqualTo(2);
        assertThat(after.path("name").asText()).isEqualTo("t");
        assertThat(after.path("remain_quota").asLong()).isEqualTo(500);
        assertThat(root.put("/api/token/?status_only=1", "id", 1, "status", 4).code())
                .isEqualTo("token_status_invalid");
    }

    @Test
    void anExhaustedTokenIsEnabledOnlyAfterItsQuotaWasRaised() {
        root.post("/api/token/", "name", "t", "remain_quota", 0);
        server.stores.tokens().setStatus(1, 1, 4);

        assertThat(root.put("/api/token/?status_only=1", "id", 1, "status", 1).code())
                .isEqualTo("token_exhausted");
        root.put("/api/token/", "id", 1, "name", "t", "expired_time", -1, "remain_quota", 10);
        assertThat(root.put("/api/token/?status_only=1", "id", 1, "status", 1)
                        .data()
                        .path("status")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void searchCutsThePrefixAndNotTheCharacters() {
        String key =
                root.post("/api/token/", "name", "skates").data().path("key").asText();
        root.post("/api/token/", "name", "other");

        assertThat(root.get("/api/token/search?token=sk-" + key).data()).hasSize(1);
        assertThat(root.get("/api/token/search?keyword=skates").data()).hasSize(1);
        assertThat(root.get("/api/token/search?keyword=%25").data()).isEmpty();
    }

    @Test
    void aNegativePageSizeIsNotAWayToTheWholeTable() {
        for (int i = 0; i < 12; i++) {
            root.post("/api/token/", "name", "t" + i);
        }

        assertThat(root.get("/api/token/?p=-1&page_size=-1")
                        .data()
                        .path("items")
                        .size())
                .isBetween(1, 10);
        assertThat(root.get("/api/token/?size=1000").data().path("page_size").asInt())
                .isEqualTo(100);
        assertThat(root.get("/api/token/?p=2&ps=5").data().path("items")).hasSize(5);
    }

    @Test
    void namedAccessTokensLiveBesideEachOtherAndEndOneByOne() {
        JsonNode ci = root.post("/api/user/access_tokens", "name", "ci").data();
        JsonNode backup = root.post("/api/user/access_tokens", "name", "backup", "expires_in", 3600)
                .data();
        AdminClient asCi = root.bearing(ci.path("access_token").asText());
        AdminClient asBackup = root.bearing(backup.path("access_token").asText());

        assertThat(asCi.get("/api/user/self").success()).isTrue();
        root.get("/api/user/token");
        assertThat(asBackup.get("/api/user/self").success()).isTrue();
        assertThat(backup.path("expires_at").asLong())
                .isGreaterThan(Instant.now().getEpochSecond());
        assertThat(root.get("/api/user/access_tokens").data().findValuesAsText("name"))
                .containsExactly("backup", "ci");
        assertThat(root.delete("/api/user/access_tokens/" + ci.path("id").asLong())
                        .success())
                .isTrue();
        assertThat(asCi.get("/api/user/self").code()).isEqualTo("access_token_invalid");
        assertThat(asBackup.get("/api/user/self").success()).isTrue();
        assertThat(asBackup.without("New-Api-User").get("/api/user/self").status())
                .isEqualTo(401);
    }

    @Test
    void theHolderOfAKeySeesItsUsage() {
        String key = root.post("/api/token/", "name", "t", "remain_quota", 1_000_000)
                .data()
                .path("key")
                .asText();
        AdminClient holder = server.client().with("Authorization", "Bearer sk-" + key);

        JsonNode usage = holder.get("/api/usage/token/").json();
        assertThat(usage.path("code").asBoolean()).isTrue();
        assertThat(usage.path("data").path("total_available").asLong()).isEqualTo(1_000_000);
        JsonNode subscription = holder.get("/v1/dashboard/billing/subscription").json();
        assertThat(subscription.path("object").asText()).isEqualTo("billing_subscription");
        assertThat(subscription.path("hard_limit_usd").decimalValue()).isEqualByComparingTo("2");
        assertThat(holder.get("/dashboard/billing/usage?start_date=2026-01-01")
                        .json()
                        .path("total_usage")
                        .asInt())
                .isZero();
        assertThat(server.client().get("/api/usage/token/").status()).isEqualTo(401);
        assertThat(server.client()
                        .with("Authorization", "Bearer sk-x")
                        .get("/dashboard/billing/usage")
                        .status())
                .isEqualTo(401);
        assertThat(holder.get("/api/log/token").data()).isEmpty();
        assertThat(server.client().get("/api/log/token?key=sk-" + key).success())
                .isTrue();
    }

    @Test
    void aKeysLogIsShownOnlyToThoseWhoMayUseTheKey() {
        root.post("/api/user/", "username", "alice", "password", "password1");
        AdminClient alice = server.client().login("alice", "password1");
        String elsewhere = key(alice, "name", "elsewhere", "unlimited_quota", true, "allow_ips", "203.0.113.7");
        String disabled = key(alice, "name", "disabled", "unlimited_quota", true);
        alice.put("/api/token/?status_only=true", "id", 2, "status", 2);
        String good = key(alice, "name", "good", "unlimited_quota", true);

        assertThat(logOf(elsewhere).code()).isEqualTo("address_refused");
        assertThat(logOf(disabled).status()).isEqualTo(401);
        assertThat(logOf(good).success()).isTrue();
        root.post("/api/user/manage", "id", 2, "action", "disable");
        assertThat(logOf(good).code()).isEqualTo("user_disabled");
    }

    private static String key(AdminClient owner, Object... fields) {
        return owner.post("/api/token/", fields).data().path("key").asText();
    }

    private AdminReply logOf(String key) {
        return server.client().with("Authorization", "Bearer sk-" + key).get("/api/log/token");
    }

    @Test
    void pagesOfOtherSitesMayAskAboutAKeyAndReadTheRefusals() {
        for (String path : List.of("/api/log/token", "/api/usage/token", "/api/usage/token/")) {
            AdminReply asked = server.client().send("OPTIONS", path, "");
            assertThat(asked.status()).as(path).isEqualTo(204);
            assertThat(asked.header("Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(asked.header("Access-Control-Allow-Headers")).isEqualTo("Authorization");
            AdminReply refused = server.client().get(path);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.header("Access-Control-Allow-Origin")).isEqualTo("*");
        }
        assertThat(server.client().get("/api/status").header("Access-Control-Allow-Origin"))
                .isEmpty();
    }

    @Test
    void aTokenWithoutAGroupIsMadeWhetherOrNotTheAutomaticOneMayBeUsed() {
        root.put("/api/option/", "key", "DefaultUseAutoGroup", "value", true);
        assertThat(root.post("/api/token/", "name", "t", "unlimited_quota", true)
                        .data()
                        .path("group")
                        .asText())
                .isEmpty();

        root.put("/api/option/", "key", "UserUsableGroups", "value", "{\"default\":\"d\",\"auto\":\"a\"}");
        assertThat(root.post("/api/token/", "name", "t", "unlimited_quota", true)
                        .data()
                        .path("group")
                        .asText())
                .isEqualTo("auto");
    }
}

package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.store.AuditEntry;
import io.newapi.server.store.PageRequest;
import io.newapi.server.store.TokenRow;
import io.newapi.server.store.UserRow;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what to whom. Users: 1 root, 2 and 3 administrators, 4 alice, 5 bob. */
class AuthorityTest {

    private static final String PASSWORD = "password1";

    private AdminServer server;
    private AdminClient root;
    private AdminClient admin;
    private AdminClient alice;
    private AdminClient bob;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = AdminServer.start(directory);
        root = server.root();
        user("admin", 10);
        user("admin2", 10);
        user("alice", 1);
        user("bob", 1);
        admin = server.client().login("admin", PASSWORD);
        alice = server.client().login("alice", PASSWORD);
        bob = server.client().login("bob", PASSWORD);
    }

    private void user(String name, int role) {
        AdminReply reply = root.post("/api/user/", "username", name, "password", PASSWORD, "role", role);
        assertThat(reply.success()).as(reply.text()).isTrue();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anAdministratorNeitherReadsNorChangesEqualsOrRoot() {
        for (int id : List.of(1, 3)) {
            UserRow before = server.stores.users().byId(id).orElseThrow();
            assertThat(admin.get("/api/user/" + id).code()).isEqualTo("user_not_manageable");
            for (String action : List.of("enable", "disable", "delete", "promote", "demote", "add_quota")) {
                assertThat(admin.post("/api/user/manage", "id", id, "action", action, "value", 5)
                                .code())
                        .as(action)
                        .isEqualTo("user_not_manageable");
            }
            assertThat(admin.put("/api/user/", "id", id, "username", "taken over", "password", "password2", "quota", 5)
                            .code())
                    .isEqualTo("user_not_manageable");
            assertThat(admin.delete("/api/user/" + id).code()).isEqualTo("user_not_manageable");
            assertThat(server.stores.users().byId(id)).contains(before);
        }
    }

    @Test
    void anAdministratorManagesCommonUsersAndGrantsNoRoleOfHisOwn() {
        assertThat(admin.get("/api/user/4").data().path("username").asText()).isEqualTo("alice");
        assertThat(admin.post("/api/user/manage", "id", 4, "action", "disable").success())
                .isTrue();
        assertThat(admin.post("/api/user/manage", "id", 4, "action", "promote").code())
                .isEqualTo("role_too_low");
        assertThat(admin.post("/api/user/", "username", "x", "password", PASSWORD, "role", 10)
                        .code())
                .isEqualTo("role_not_grantable");
        assertThat(root.post("/api/user/", "username", "x", "password", PASSWORD, "role", 100)
                        .code())
                .isEqualTo("role_not_grantable");
        assertThat(root.post("/api/user/", "username", "x", "password", PASSWORD, "role", 55)
                        .code())
                .isEqualTo("field_invalid");
    }

    @Test
    void rootCannotBeDisabledDeletedOrDemoted() {
        for (String action : List.of("disable", "delete", "demote")) {
            assertThat(root.post("/api/user/manage", "id", 1, "action", action).code())
                    .isEqualTo("root_protected");
        }
        assertThat(root.delete("/api/user/self").code()).isEqualTo("root_protected");
        assertThat(root.delete("/api/user/1").code()).isEqualTo("user_not_manageable");
        assertThat(root.get("/api/user/self").success()).isTrue();
    }

    @Test
    void anUnknownActionIsRefused() {
        assertThat(root.post("/api/user/manage", "id", 4, "action", "bless").code())
                .isEqualTo("action_unknown");
    }

    @Test
    void commonUsersReachNoAdministration() {
        for (String path : List.of(
                "/api/user/",
                "/api/user/search",
                "/api/user/4",
                "/api/channel/",
                "/api/channel/search",
                "/api/channel/1",
                "/api/channel/models_enabled",
                "/api/log/",
                "/api/log/stat",
                "/api/data/",
                "/api/group/",
                "/api/option/")) {
            AdminReply reply = alice.get(path);
            assertThat(reply.status()).as(path).isEqualTo(200);
            assertThat(reply.code()).as(path).isEqualTo("role_too_low");
            assertThat(server.client().get(path).status()).as(path).isEqualTo(401);
        }
        assertThat(admin.get("/api/option/").code()).isEqualTo("role_too_low");
        assertThat(admin.put("/api/option/", "key", "Notice", "value", "x").code())
                .isEqualTo("role_too_low");
    }

    @Test
    void demotingAndDeletingEndLoginsAtOnce() {
        assertThat(admin.get("/api/user/").success()).isTrue();
        root.post("/api/user/manage", "id", 2, "action", "demote");
        assertThat(admin.get("/api/user/").status()).isEqualTo(401);

        String token = bob.get("/api/user/token").data().asText();
        root.post("/api/user/manage", "id", 5, "action", "delete");
        assertThat(bob.get("/api/user/self").status()).isEqualTo(401);
        assertThat(bob.bearing(token).get("/api/user/self").code()).isEqualTo("access_token_invalid");
        assertThat(root.get("/api/user/5").code()).isEqualTo("user_not_found");
        assertThat(root.delete("/api/user/5").success()).isTrue();
        assertThat(server.stores.users().byIdWithDeleted(5)).isEmpty();
    }

    @Test
    void savingOnesProfileChangesNothingElse() {
        UserRow before = server.stores.users().byId(4).orElseThrow();

        AdminReply reply = alice.put(
                "/api/user/self",
                "original_password",
                PASSWORD,
                "display_name",
                "Alice",
                "id",
                1,
                "role",
                100,
                "status",
                2,
                "quota",
                999_999_999,
                "used_quota",
                1,
                "request_count",
                1,
                "group",
                "vip",
                "aff_quota",
                5,
                "aff_count",
                5,
                "aff_history_quota",
                5,
                "inviter_id",
                1,
                "email",
                "x@example.com",
                "access_token",
                "x",
                "setting",
                "{}",
                "remark",
                "x");

        UserRow after = server.stores.users().byId(4).orElseThrow();
        assertThat(reply.success()).isTrue();
        assertThat(after.displayName()).isEqualTo("Alice");
        assertThat(after)
                .usingRecursiveComparison()
                .ignoringFields("displayName")
                .isEqualTo(before);
        assertThat(server.stores.users().byId(1).orElseThrow().username()).isEqualTo("root");
    }

    @Test
    void evenAMereNameNeedsTheOriginalPassword() {
        assertThat(alice.put("/api/user/self", "display_name", "A").code()).isEqualTo("original_password_wrong");
        assertThat(alice.put("/api/user/self", "sidebar_modules", "{}").success())
                .isTrue();
        assertThat(alice.get("/api/user/self").data().path("sidebar_modules").asText())
                .isEqualTo("{}");
    }

    @Test
    void savingOnePartOfTheSettingsKeepsTheOthers() {
        server.stores
                .users()
                .update(
                        4,
                        io.newapi.server.store.UserChange.none()
                                .setting(
                                        "{\"webhook_secret\":\"s3cret\",\"notify_type\":\"webhook\",\"sidebar_modules\":\"\"}"),
                        4);

        alice.put("/api/user/self", "sidebar_modules", "{\"chat\":true}");

        assertThat(server.stores.users().byId(4).orElseThrow().setting())
                .contains("\"webhook_secret\":\"s3cret\"")
                .contains("webhook");
        assertThat(admin.get("/api/user/4").text()).doesNotContain("s3cret");
        assertThat(admin.get("/api/user/").text()).doesNotContain("s3cret");
    }

    @Test
    void otherPeoplesTokensDoNotExist() {
        bob.post("/api/token/", "name", "bobs", "unlimited_quota", true);
        TokenRow token =
                server.stores.tokens().page(5, PageRequest.first()).items().get(0);
        long id = token.id();

        for (AdminClient other : List.of(alice, admin, root)) {
            assertThat(other.get("/api/token/" + id).code()).isEqualTo("token_not_found");
            assertThat(other.delete("/api/token/" + id).code()).isEqualTo("token_not_found");
            assertThat(other.post("/api/token/" + id + "/key").code()).isEqualTo("token_not_found");
            assertThat(other.put("/api/token/", "id", id, "name", "mine").code())
                    .isEqualTo("token_not_found");
            assertThat(other.put("/api/token/?status_only=true", "id", id, "status", 2)
                            .code())
                    .isEqualTo("token_not_found");
            assertThat(other.post("/api/token/batch", "ids", List.of(id)).data().asInt())
                    .isZero();
            assertThat(other.post("/api/token/batch/keys", "ids", List.of(id)).text())
                    .doesNotContain(token.key());
            assertThat(other.get("/api/token/").text()).doesNotContain(token.key());
            assertThat(other.get("/api/token/search?token=" + token.key().substring(0, 20))
                            .data())
                    .isEmpty();
        }
        assertThat(server.stores.tokens().own(5, id)).contains(token);
        assertThat(bob.post("/api/token/" + id + "/key").data().path("key").asText())
                .isEqualTo(token.key());
    }

    @Test
    void otherPeoplesAccessTokensDoNotExist() {
        long id = bob.post("/api/user/access_tokens", "name", "ci")
                .data()
                .path("id")
                .asLong();

        assertThat(alice.delete("/api/user/access_tokens/" + id).code()).isEqualTo("access_token_not_found");
        assertThat(alice.get("/api/user/access_tokens").data()).isEmpty();
        assertThat(bob.get("/api/user/access_tokens").data()).hasSize(1);
    }

    @Test
    void administratorsCannotSendAStoredKeyToAnAddressOfTheirs() {
        root.post(
                "/api/channel/",
                "mode",
                "single",
                "channel",
                AdminClient.object("type", 1, "name", "c", "key", "k-secret", "models", "m"));

        for (String change : List.of(
                "{\"id\":1,\"base_url\":\"https://evil.example\"}",
                "{\"id\":1,\"type\":14}",
                "{\"id\":1,\"setting\":\"{\\\"proxy\\\":\\\"http://evil.example\\\"}\"}",
                "{\"id\":1,\"header_override\":\"{\\\"X\\\":\\\"{api_key}\\\"}\"}",
                "{\"id\":1,\"param_override\":\"{\\\"operations\\\":[{\\\"mode\\\":\\\"set_header\\\","
                        + "\\\"path\\\":\\\"Host\\\",\\\"value\\\":\\\"evil.example\\\"}]}\"}")) {
            assertThat(admin.send("PUT", "/api/channel/", change).code())
                    .as(change)
                    .isEqualTo("channel_new_address_needs_key");
        }
        assertThat(admin.send("PUT", "/api/channel/", "{\"id\":1,\"base_url\":\"https://mine\",\"key\":\"k2\"}")
                        .success())
                .isTrue();
        assertThat(root.send("PUT", "/api/channel/", "{\"id\":1,\"base_url\":\"https://other\"}")
                        .success())
                .isTrue();
        assertThat(admin.post("/api/channel/1/key").code()).isEqualTo("role_too_low");
        AdminReply reveal = root.post("/api/channel/1/key");
        assertThat(reveal.status()).isEqualTo(403);
        assertThat(reveal.code()).isEqualTo("VERIFICATION_REQUIRED");
    }

    @Test
    void onlyRootPutsChannelsBehindProxiesInPrivateNetworks() {
        String setting = "{\"proxy\":\"http://10.1.2.3:3128\"}";

        assertThat(channelBehind(admin, setting).code()).isEqualTo("field_invalid");
        assertThat(channelBehind(root, setting).success()).isTrue();
        assertThat(channelBehind(admin, "{\"proxy\":\"socks5://8.8.8.8\"}").success())
                .isTrue();
        assertThat(channelBehind(root, "{\"proxy\":\"http://169.254.169.254\"}").code())
                .isEqualTo("field_invalid");
    }

    private static AdminReply channelBehind(AdminClient actor, String setting) {
        return actor.post(
                "/api/channel/",
                "mode",
                "single",
                "channel",
                AdminClient.object("type", 1, "name", "c", "key", "k", "models", "m", "setting", setting));
    }

    @Test
    void onlyRootPutsPrivateAddressesIntoChannelsAndNobodyLinkLocalOnes() {
        for (String address :
                List.of("http://127.0.0.1:11434", "http://[::1]/", "HTTP://10.1.2.3", "http://localhost")) {
            assertThat(channelAt(admin, address).code()).as(address).isEqualTo("address_refused");
            assertThat(channelAt(root, address).success()).as(address).isTrue();
        }
        for (String address : List.of("http://169.254.169.254/latest", "ftp://example.com", "nonsense")) {
            assertThat(channelAt(root, address).code()).as(address).isEqualTo("address_refused");
        }
        assertThat(channelAt(admin, "https://8.8.8.8/v1").success()).isTrue();
        long own = server.stores.channels().all().size();

        assertThat(admin.put("/api/channel/", "id", own, "key", "k2", "base_url", "http://192.168.0.1")
                        .code())
                .isEqualTo("address_refused");
        assertThat(admin.put("/api/channel/", "id", 1, "base_url", "http://127.0.0.1:11434", "name", "as it was")
                        .success())
                .isTrue();
    }

    private static AdminReply channelAt(AdminClient client, String address) {
        return client.post(
                "/api/channel/",
                "mode",
                "single",
                "channel",
                AdminClient.object("type", 1, "name", "c", "key", "k", "models", "m", "base_url", address));
    }

    @Test
    void theAuditTellsKeysPasswordsAndQuotasFromOtherChanges() {
        channelAt(root, "https://8.8.8.8");
        root.put("/api/channel/", "id", 1, "key", "k2");
        root.put("/api/user/", "id", 4, "password", "password2");
        root.put("/api/user/", "id", 4, "quota", 77);

        List<AuditEntry> newest =
                server.stores.audit().page(new PageRequest(1, 3)).items();
        assertThat(newest).extracting(AuditEntry::target).containsExactly("user/4", "user/4 password", "channel/1 key");
        assertThat(newest.get(0).beforeDigest()).isNotEqualTo(newest.get(0).afterDigest());
    }

    @Test
    void whatAdministratorsDoIsWrittenDown() {
        admin.post("/api/user/manage", "id", 4, "action", "disable");
        admin.post("/api/user/manage", "id", 1, "action", "disable");

        assertThat(server.stores.audit().page(PageRequest.first()).items())
                .filteredOn(entry -> entry.operator().equals("admin"))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.target()).isEqualTo("user/4 disable");
                    assertThat(entry.method()).isEqualTo("POST /api/user/manage");
                    assertThat(entry.auth()).isEqualTo("cookie");
                    assertThat(entry.beforeDigest()).isNotEqualTo(entry.afterDigest());
                });
    }

    @Test
    void addingQuotaIsRelativeAndLogged() {
        root.post("/api/user/manage", "id", 4, "action", "add_quota", "value", 700, "mode", "add");
        root.post("/api/user/manage", "id", 4, "action", "add_quota", "value", 200, "mode", "subtract");
        assertThat(server.stores.users().byId(4).orElseThrow().quota()).isEqualTo(500);

        root.put("/api/user/", "id", 4, "username", "alice", "quota", 900, "quota_base", 600);
        assertThat(server.stores.users().byId(4).orElseThrow().quota()).isEqualTo(800);

        root.put("/api/user/", "id", 4, "username", "alice", "quota", 100);
        assertThat(server.stores.users().byId(4).orElseThrow().quota()).isEqualTo(100);
        assertThat(root.post("/api/user/manage", "id", 4, "action", "add_quota", "value", -5)
                        .code())
                .isEqualTo("quota_invalid");
        assertThat(root.get("/api/log/?type=3&username=alice")
                        .data()
                        .path("total")
                        .asInt())
                .isEqualTo(4);
        assertThat(server.announced).contains("balance 1 4");
    }
}

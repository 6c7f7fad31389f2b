package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.store.UserChange;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetupAndLoginTest {

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
    void statusSaysWhetherTheSystemIsSetUp() {
        assertThat(server.client().get("/api/status").data().path("setup").asBoolean())
                .isFalse();
        server.root();
        assertThat(server.client().get("/api/status").data().path("setup").asBoolean())
                .isTrue();
    }

    @Test
    void bothFormsOfAPathAreServedWithoutRedirect() {
        assertThat(server.client().get("/api/status").status()).isEqualTo(200);
        assertThat(server.client().get("/api/status/").status()).isEqualTo(200);
        AdminClient root = server.root();
        assertThat(root.get("/api/user").success()).isTrue();
        assertThat(root.get("/api/user/").success()).isTrue();
        assertThat(root.get("/api/user/1/").success()).isTrue();
        assertThat(root.get("/api/user/search/?keyword=root").success()).isTrue();
    }

    @Test
    void ofTwoSimultaneousSetupsOneMakesTheRoot() {
        List<AdminReply> replies = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> server.client()
                        .post(
                                "/api/setup",
                                "username",
                                "root" + i,
                                "password",
                                "12345678",
                                "confirmPassword",
                                "12345678")))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(replies).filteredOn(AdminReply::success).hasSize(1);
        assertThat(replies).filteredOn(reply -> !reply.success()).allSatisfy(reply -> {
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.code()).isEqualTo("setup_done");
        });
        assertThat(server.stores.users().rootExists()).isTrue();
        assertThat(server.stores
                        .users()
                        .search("root", "", io.newapi.server.store.PageRequest.first())
                        .total())
                .isEqualTo(1);
    }

    @Test
    void loggingInSetsTheCookieAndAnswersAUserWithFewFieldsFilled() {
        server.root();
        AdminReply reply =
                server.client().post("/api/user/login", "username", "root", "password", AdminServer.ROOT_PASSWORD);

        assertThat(reply.data().path("id").asLong()).isEqualTo(1);
        assertThat(reply.data().path("role").asLong()).isEqualTo(100);
        assertThat(reply.data().path("quota").asLong()).isZero();
        assertThat(reply.header("Set-Cookie"))
                .matches("session=[^;]+; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        assertThat(reply.header("X-Oneapi-Request-Id")).matches("[0-9A-Za-z]{20,}");
    }

    @Test
    void wrongPasswordUnknownUserAndDisabledUserAnswerAlike() {
        AdminClient root = server.root();
        root.post("/api/user/", "username", "alice", "password", "password1");
        root.post("/api/user/manage", "id", 2, "action", "disable");

        List<AdminReply> replies = List.of(
                server.client().post("/api/user/login", "username", "root", "password", "wrong"),
                server.client().post("/api/user/login", "username", "nobody", "password", "wrong"),
                server.client().post("/api/user/login", "username", "alice", "password", "password1"));

        assertThat(replies).allSatisfy(reply -> {
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.success()).isFalse();
            assertThat(reply.code()).isEqualTo("login_failed");
            assertThat(reply.header("Set-Cookie")).isEmpty();
        });
    }

    @Test
    void aReplayedCookieIsWorthlessAfterLogout() {
        AdminClient root = server.root();
        assertThat(root.get("/api/user/self").success()).isTrue();

        AdminReply logout = root.get("/api/user/logout");

        assertThat(logout.header("Set-Cookie")).startsWith("session=;").contains("Max-Age=0");
        assertThat(root.get("/api/user/self").status()).isEqualTo(401);
        assertThat(root.get("/api/user/self").code()).isEqualTo("not_logged_in");
    }

    @Test
    void aChangedCookieIsNoLogin() {
        AdminClient root = server.root();
        String cookie = root.header("Cookie");
        String[] parts = cookie.split("\\.", -1);

        assertThat(root.with("Cookie", cookie + "x").get("/api/user/self").status())
                .isEqualTo(401);
        assertThat(root.with("Cookie", parts[0] + "." + parts[1] + ".2." + parts[3] + "." + parts[4])
                        .get("/api/user/self")
                        .status())
                .isEqualTo(401);
        assertThat(root.with("Cookie", "session=MTYzNz|Zm9yZWlnbg")
                        .get("/api/status")
                        .status())
                .isEqualTo(200);
        assertThat(root.with("Cookie", "session=other; " + cookie)
                        .get("/api/user/self")
                        .success())
                .isTrue();
    }

    @Test
    void theUserHeaderMustNameTheUser() {
        AdminClient root = server.root();

        assertThat(root.without("New-Api-User").get("/api/user/self").code()).isEqualTo("user_header_missing");
        assertThat(root.with("New-Api-User", "2").get("/api/user/self").code()).isEqualTo("user_header_mismatch");
        assertThat(root.with("New-Api-User", "x").get("/api/user/self").code()).isEqualTo("user_header_invalid");
        assertThat(root.with("New-Api-User", "2").get("/api/user/self").status())
                .isEqualTo(401);
        assertThat(server.client().with("New-Api-User", "-1").get("/api/status").success())
                .isTrue();
    }

    @Test
    void aNewPasswordEndsOtherLoginsAndKeepsTheOneThatSetIt() {
        AdminClient first = server.root();
        AdminClient second = server.client().login("root", AdminServer.ROOT_PASSWORD);

        AdminReply changed =
                first.put("/api/user/self", "original_password", AdminServer.ROOT_PASSWORD, "password", "another one");

        assertThat(changed.success()).isTrue();
        assertThat(second.get("/api/user/self").status()).isEqualTo(401);
        assertThat(first.get("/api/user/self").status()).isEqualTo(401);
        assertThat(first.with("Cookie", changed.header("Set-Cookie").replaceAll(";.*", ""))
                        .get("/api/user/self")
                        .success())
                .isTrue();
        assertThat(server.client()
                        .login("root", "another one")
                        .get("/api/user/self")
                        .success())
                .isTrue();
    }

    @Test
    void aForeignPageCannotLogAnybodyIn() {
        server.root();
        AdminClient foreign = server.client().with("Origin", "https://evil.example");

        AdminReply reply = foreign.post("/api/user/login", "username", "root", "password", AdminServer.ROOT_PASSWORD);

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.code()).isEqualTo("origin_refused");
    }

    @Test
    void aForeignPageCannotLogAnybodyOut() {
        AdminClient root = server.root();
        AdminClient page = root.without("New-Api-User");

        AdminReply reply = page.with("Sec-Fetch-Site", "cross-site").get("/api/user/logout");

        assertThat(reply.code()).isEqualTo("origin_refused");
        assertThat(reply.header("Set-Cookie")).isEmpty();
        assertThat(root.get("/api/user/self").success()).isTrue();
        assertThat(page.with("Sec-Fetch-Site", "same-origin")
                        .get("/api/user/logout")
                        .success())
                .isTrue();
    }

    @Test
    void theLanguageThatTheUserHasChosenGoesBeforeThatOfHisProgram() {
        AdminClient root = server.root();
        server.stores.users().update(1, UserChange.none().setting("{\"language\":\"zh-CN\"}"), 1);

        assertThat(root.with("Accept-Language", "ja")
                        .get("/api/channel/99")
                        .json()
                        .path("message")
                        .asText())
                .isEqualTo(new Messages().text("zh", Message.CHANNEL_NOT_FOUND));
    }

    @Test
    void messagesFollowTheReadersLanguage() {
        assertThat(server.client()
                        .with("Accept-Language", "ja, en;q=0.5")
                        .get("/api/user/self")
                        .json()
                        .path("message")
                        .asText())
                .isEqualTo("ログインしていません。");
        assertThat(server.client()
                        .with("Accept-Language", "zh-CN")
                        .get("/api/user/self")
                        .json()
                        .path("message")
                        .asText())
                .isEqualTo("尚未登录。");
        assertThat(server.client().get("/api/user/self").json().path("message").asText())
                .isEqualTo("You are not logged in.");
    }

    @Test
    void anUnknownPathAnswersTheSpecified404() {
        AdminReply reply = server.client().get("/api/nothing/here?x=1");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.json().path("error").path("message").asText())
                .isEqualTo("Invalid URL (GET /api/nothing/here)");
        assertThat(reply.json().path("error").path("type").asText()).isEqualTo("invalid_request_error");
    }

    @Test
    void overHttp2TheRefusalOfATooLargeBodyNamesNoConnection() {
        // the first request asks for the upgrade, the next ones use it
        AdminReply upgraded = server.client().get("/api/status");
        assertThat(upgraded.response().version()).isEqualTo(HttpClient.Version.HTTP_2);

        AdminReply refused = server.client().post("/api/user/login", "username", "x".repeat(70_000));

        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.response().version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(refused.header("connection"))
                .as("forbidden by RFC 9113, section 8.2.2")
                .isEmpty();
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWith413() {
        AdminReply anonymous = server.client().post("/api/user/login", "username", "x".repeat(70_000));
        assertThat(anonymous.status()).isEqualTo(413);
        AdminReply root = server.root().post("/api/token/", "name", "x".repeat(70_000));
        assertThat(root.status()).isEqualTo(200);
        assertThat(server.root()
                        .post("/api/token/", "name", "x".repeat(1_100_000))
                        .status())
                .isEqualTo(413);
    }
}

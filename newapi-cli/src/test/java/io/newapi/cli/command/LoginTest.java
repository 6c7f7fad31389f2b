package io.newapi.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.cli.client.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Setting up, logging in, and what is remembered of it. */
class LoginTest {

    private static final String USER = "{\"id\":7,\"username\":\"alice\",\"role\":100,\"status\":1}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    private final FakeGateway gateway = new FakeGateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void loginMakesATokenOfItsOwnAndRemembersIt() throws IOException {
        gateway.onAnswer(
                        "POST /api/user/login",
                        200,
                        "{\"success\":true,\"message\":\"\",\"data\":" + USER + "}",
                        "Set-Cookie",
                        "session=cookie-1; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict")
                .on("POST /api/user/access_tokens", "{\"id\":3,\"token\":\"made-token\"}")
                .on("GET /api/user/self", USER);

        Shell.Result result = shell().input("pass word\n")
                .run("login", "--url", gateway.url(), "--username", "alice", "--password-stdin", "-o", "json");

        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(result.json().path("user_id").asLong()).isEqualTo(7);
        assertThat(result.out()).doesNotContain("made-token", "pass word");
        assertThat(gateway.request("POST /api/user/login").json())
                .isEqualTo(json("{\"username\":\"alice\",\"password\":\"pass word\"}"));
        FakeGateway.Request made = gateway.request("POST /api/user/access_tokens");
        assertThat(made.headers()).containsEntry("cookie", "session=cookie-1").containsEntry("new-api-user", "7");
        assertThat(made.json().path("name").asText()).startsWith("newapi-cli on ");
        assertThat(gateway.request("GET /api/user/self").headers()).containsEntry("authorization", "Bearer made-token");
        JsonNode profile = profile("default");
        assertThat(profile.path("url").asText()).isEqualTo(gateway.url());
        assertThat(profile.path("user_id").asLong()).isEqualTo(7);
        assertThat(profile.path("token").asText()).isEqualTo("made-token");
    }

    @Test
    void anotherLoginEndsTheTokenThatTheProfileHadBeforeAndNoOther() throws IOException {
        gateway.on("POST /api/user/login", USER)
                .on("POST /api/user/access_tokens", "{\"id\":3,\"access_token\":\"first\"}")
                .on("POST /api/user/access_tokens", "{\"id\":4,\"access_token\":\"second\"}")
                .on("GET /api/user/self", USER)
                .on("DELETE /api/user/access_tokens/3", "null");
        String[] login = {"login", "--url", gateway.url(), "--username", "alice", "--password-stdin"};
        shell().input("pw").run(login);

        Shell.Result again = shell().input("pw").run(login);

        assertThat(again.code()).isZero();
        assertThat(again.err()).isEmpty();
        assertThat(profile("default").path("token").asText()).isEqualTo("second");
        assertThat(profile("default").path("token_id").asLong()).isEqualTo(4);
        assertThat(gateway.lines().stream().filter(line -> line.startsWith("DELETE")))
                .containsExactly("DELETE /api/user/access_tokens/3");
        assertThat(gateway.request("DELETE /api/user/access_tokens/3").headers())
                .containsEntry("authorization", "Bearer first");
    }

    @Test
    void aTokenThatWasGivenIsNeverEnded() {
        loginTo("given", "default");

        loginTo("another", "default");

        assertThat(gateway.lines()).containsOnly("GET /api/user/self");
    }

    @Test
    void takingOverTheProfilesOwnTokenDoesNotEndIt() throws IOException {
        gateway.on("POST /api/user/login", USER)
                .on("POST /api/user/access_tokens", "{\"id\":3,\"access_token\":\"first\"}")
                .on("GET /api/user/self", USER);
        shell().input("pw").run("login", "--url", gateway.url(), "--username", "alice", "--password-stdin");

        loginTo("first", "default");

        assertThat(gateway.lines()).noneMatch(line -> line.startsWith("DELETE"));
        assertThat(profile("default").path("token_id").asLong()).isEqualTo(3);
    }

    @Test
    void aFormerTokenThatTheGatewayDoesNotKnowIsNotMentioned() {
        loginTwice(401, "{\"success\":false,\"message\":\"no\",\"code\":\"access_token_invalid\"}", "");
    }

    @Test
    void aFormerTokenThatCouldNotBeEndedIsWarnedAbout() {
        loginTwice(500, "{\"success\":false,\"message\":\"busy\"}", "number 3, is still good: busy");
    }

    private void loginTwice(int status, String answer, String warning) {
        gateway.on("POST /api/user/login", USER)
                .on("POST /api/user/access_tokens", "{\"id\":3,\"access_token\":\"first\"}")
                .on("POST /api/user/access_tokens", "{\"id\":4,\"access_token\":\"second\"}")
                .on("GET /api/user/self", USER)
                .onAnswer("DELETE /api/user/access_tokens/3", status, answer);
        String[] login = {"login", "--url", gateway.url(), "--username", "alice", "--password-stdin"};
        shell().input("pw").run(login);

        Shell.Result again = shell().input("pw").run(login);

        assertThat(again.code()).isZero();
        assertThat(again.err()).contains(warning).hasLineCount(warning.isEmpty() ? 0 : 1);
    }

    @Test
    void theProfileIsForItsOwnerAlone() throws IOException {
        loginTo("made-token", "default");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(".config/newapi"))))
                .isEqualTo("rwx------");
        try (var files = Files.list(home.resolve(".config/newapi"))) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void profilesLiveBesideEachOtherAndAreUsedByName() throws IOException {
        loginTo("token-a", "a");
        loginTo("token-b", "b");
        gateway.on("GET /api/token/", "{\"items\":[],\"total\":0}");

        Shell.Result result = shell().run("token", "list", "--profile", "a");

        assertThat(result.code()).isZero();
        assertThat(gateway.request("GET /api/token/?p=1&page_size=20").headers())
                .containsEntry("authorization", "Bearer token-a")
                .containsEntry("new-api-user", "7");
        assertThat(profile("b").path("token").asText()).isEqualTo("token-b");
    }

    @Test
    void aProfilesTokenIsNeverSentToAnotherAddress() throws IOException {
        loginTo("token-a", "default");
        int before = gateway.requests().size();

        Shell.Result result =
                shell().run("token", "list", "--url", gateway.url().replace("127.0.0.1", "localhost"));

        assertThat(result.code()).isEqualTo(4);
        assertThat(gateway.requests()).hasSize(before);
    }

    @Test
    void aProfileThatOthersMayReadIsWarnedAbout() throws IOException {
        loginTo("token-a", "default");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        gateway.on("GET /api/token/", "{\"items\":[],\"total\":0}");

        Shell.Result result = shell().run("token", "list");

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("others may read", "chmod 600");
    }

    @Test
    void anOriginalServersTokenIsOnlyReplacedWhenAskedTo() {
        gateway.on("POST /api/user/login", USER)
                .on("GET /api/user/token", "\"rotated\"")
                .on("GET /api/user/self", USER);
        String[] login = {"login", "--url", gateway.url(), "--username", "alice"};

        Shell.Result refused = shell().with("NEWAPI_PASSWORD", "secret-pw").run(login);
        int rotations = java.util.Collections.frequency(gateway.lines(), "GET /api/user/token");
        String[] rotating = {"login", "--url", gateway.url(), "--username", "alice", "--rotate"};
        Shell.Result rotated = shell().with("NEWAPI_PASSWORD", "secret-pw").run(rotating);

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("--rotate").hasLineCount(1);
        assertThat(rotations).isZero();
        assertThat(rotated.code()).isZero();
        assertThat(gateway.request("GET /api/user/self").headers()).containsEntry("authorization", "Bearer rotated");
    }

    @Test
    void aSecondFactorIsAskedFor() {
        gateway.on("POST /api/user/login", "{\"require_2fa\":true}")
                .on("POST /api/user/login/2fa", USER)
                .on("POST /api/user/access_tokens", "{\"id\":3,\"access_token\":\"made-token\"}")
                .on("GET /api/user/self", USER);

        Shell.Result result = shell().typing("alice", "secret-pw", "123456").run("login", "--url", gateway.url());

        assertThat(result.code()).isZero();
        assertThat(gateway.request("POST /api/user/login/2fa")
                        .json()
                        .path("code")
                        .asText())
                .isEqualTo("123456");
    }

    @Test
    void aWrongPasswordIsNotAuthenticatedAndRemembersNothing() {
        gateway.onRefusal("POST /api/user/login", "wrong user name or password", "login_failed");

        Shell.Result result = shell().typing("alice", "wrong-pw").run("login", "--url", gateway.url());

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("wrong user name or password").doesNotContain("wrong-pw");
        assertThat(Files.exists(file())).isFalse();
    }

    @Test
    void withoutAPasswordAndWithoutATerminalNothingIsSent() {
        Shell.Result result = shell().run("login", "--url", gateway.url(), "--username", "alice");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("--password-stdin");
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void anExistingTokenCanBeTakenOver() throws IOException {
        gateway.on("GET /api/user/self", USER);

        Shell.Result result =
                shell().input("given-token\n").run("login", "--url", gateway.url(), "--token-stdin", "--user-id", "7");

        assertThat(result.code()).isZero();
        assertThat(gateway.lines()).containsExactly("GET /api/user/self");
        assertThat(profile("default").path("token").asText()).isEqualTo("given-token");
    }

    @Test
    void setupCreatesTheRootUserWithAGeneratedPasswordAndLogsIn() throws IOException {
        gateway.on("GET /api/setup", "{\"status\":false,\"root_init\":false,\"database_type\":\"sqlite\"}")
                .onAnswer("POST /api/setup", 200, "{\"success\":true,\"message\":\"done\"}")
                .on("POST /api/user/login", USER)
                .on("POST /api/user/access_tokens", "{\"id\":3,\"token\":\"made-token\"}");

        Shell.Result result = shell().run("setup", "--url", gateway.url(), "--generate-password", "-o", "json");

        assertThat(result.code()).isZero();
        String password = result.json().path("password").asText();
        assertThat(password).matches("[a-zA-Z2-9]{20}");
        JsonNode sent = gateway.request("POST /api/setup").json();
        assertThat(sent.path("username").asText()).isEqualTo("root");
        assertThat(sent.path("password").asText()).isEqualTo(password);
        assertThat(sent.path("confirmPassword").asText()).isEqualTo(password);
        assertThat(sent.path("SelfUseModeEnabled").isBoolean()).isTrue();
        assertThat(profile("default").path("token").asText()).isEqualTo("made-token");
        assertThat(result.out()).doesNotContain("made-token");
    }

    @Test
    void aGeneratedPasswordIsPrintedEvenIfTheLoginAfterSetupFails() {
        gateway.on("GET /api/setup", "{\"status\":false,\"root_init\":false}")
                .on("POST /api/setup", "null")
                .onRefusal("POST /api/user/login", "busy", "server_busy");

        Shell.Result result = shell().run("setup", "--url", gateway.url(), "--generate-password", "-o", "json");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.json().path("password").asText()).hasSize(20);
    }

    @Test
    void setupOfAGatewayThatIsSetUpIsRefusedUnlessItIsOnlyIfNeeded() {
        gateway.on("GET /api/setup", "{\"status\":true,\"root_init\":false,\"database_type\":\"\"}");

        Shell.Result refused = shell().run("setup", "--url", gateway.url(), "--generate-password");
        Shell.Result accepted = shell().run("setup", "--url", gateway.url(), "--if-needed", "-o", "json");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("set up already");
        assertThat(accepted.code()).isZero();
        assertThat(accepted.json().path("created").asBoolean(true)).isFalse();
        assertThat(gateway.lines()).containsOnly("GET /api/setup");
    }

    @Test
    void passwordsTypedTwiceMustAgree() {
        gateway.on("GET /api/setup", "{\"status\":false,\"root_init\":false}");

        Shell.Result result = shell().typing("password-1", "password-2").run("setup", "--url", gateway.url());

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("differ").doesNotContain("password-1");
        assertThat(gateway.lines()).containsExactly("GET /api/setup");
    }

    @Test
    void statusTellsTheServerAndWhoIsLoggedIn() {
        gateway.on(
                        "GET /api/status",
                        "{\"version\":\"0.1.0\",\"start_time\":1782900000,\"system_name\":\"Gateway\",\"setup\":true,\"quota_per_unit\":500000}")
                .on("GET /api/user/self", "{\"id\":1,\"username\":\"root\",\"quota\":5}");

        Shell.Result anonymous = shell().run("status", "--url", gateway.url(), "-o", "json");
        Shell.Result known = shell().loggedIn(gateway).run("status", "-o", "json");

        assertThat(anonymous.json().path("authenticated").asBoolean(true)).isFalse();
        assertThat(anonymous.json().path("started_at").asText()).isEqualTo("2026-07-01T10:00:00Z");
        assertThat(known.json().path("authenticated").asBoolean()).isTrue();
        assertThat(known.json().path("username").asText()).isEqualTo("root");
        assertThat(known.json().path("quota_per_usd").asInt()).isEqualTo(500_000);
    }

    private void loginTo(String token, String profile) {
        gateway.on("GET /api/user/self", USER);
        Shell.Result result = shell().input(token)
                .run("login", "--url", gateway.url(), "--profile", profile, "--token-stdin", "--user-id", "7");
        assertThat(result.code()).isZero();
    }

    private Shell shell() {
        return new Shell(home);
    }

    private Path file() {
        return home.resolve(".config/newapi/config.json");
    }

    private JsonNode profile(String name) throws IOException {
        return Json.parse(Files.readAllBytes(file())).path("profiles").path(name);
    }

    private static JsonNode json(String text) throws IOException {
        return Json.parse(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}

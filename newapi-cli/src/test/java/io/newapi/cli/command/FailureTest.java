package io.newapi.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Exit codes, and one line that says why. */
@Timeout(60)
class FailureTest {

    private final FakeGateway gateway = new FakeGateway();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void nobodyListeningIsUnreachable() {
        String address = gateway.url();
        gateway.close();

        Shell.Result result = new Shell(home).run("status", "--url", address);

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("newapi: cannot reach " + address).hasLineCount(1);
    }

    @Test
    void noAnswerInTimeIsUnreachable() throws Exception {
        try (var silent = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Shell.Result result = new Shell(home)
                    .run("status", "--url", "http://127.0.0.1:" + silent.getLocalPort(), "--timeout", "50ms");

            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err()).contains("within 50 ms", "--timeout");
        }
    }

    @Test
    void somethingElseThanAGatewayIsUnreachable() {
        gateway.onAnswer("GET /api/status", 200, "<html>hello</html>");

        Shell.Result result = new Shell(home).run("status", "--url", gateway.url());

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("no gateway");
    }

    @Test
    void redirectsAreNotFollowed() {
        gateway.onAnswer("GET /api/user/", 301, "", "Location", "http://elsewhere.invalid/");

        Shell.Result result = shell().run("user", "list");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("http://elsewhere.invalid/");
    }

    @Test
    void aStatus401IsNotAuthenticated() {
        gateway.onAnswer("GET /api/user/", 401, "{\"success\":false,\"message\":\"not logged in\"}");

        Shell.Result result = shell().run("user", "list");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).isEqualTo("newapi: not logged in (newapi login)\n");
    }

    @Test
    void anUnknownTokenOfAnOriginalServerIsNotAuthenticated() {
        gateway.onRefusal("GET /api/user/", "no", "").onRefusal("GET /api/user/self", "no", "");

        assertThat(shell().run("user", "list").code()).isEqualTo(4);
    }

    @Test
    void aKnownTokenThatIsRefusedIsARefusal() {
        gateway.onRefusal("GET /api/user/", "your role is too low", "").on("GET /api/user/self", "{\"id\":1}");

        Shell.Result result = shell().run("user", "list");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("newapi: your role is too low\n");
    }

    @Test
    void withoutAnyCredentialNothingIsSent() {
        Shell.Result result = new Shell(home).run("user", "list", "--url", gateway.url());

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("newapi login", "NEWAPI_TOKEN");
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void aTokenWithoutItsUserIsRefusedByName() {
        Shell.Result result = new Shell(home).with("NEWAPI_TOKEN", "x").run("user", "list", "--url", gateway.url());

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("NEWAPI_USER_ID");
    }

    @Test
    void theCredentialIsSentAsBearerWithItsUser() {
        gateway.on("GET /api/user/", "{\"items\":[],\"total\":0}");

        shell().run("user", "list");

        assertThat(gateway.requests().get(0).headers())
                .containsEntry("authorization", "Bearer access-token-1")
                .containsEntry("new-api-user", "1");
    }

    @Test
    void wrongCommandLinesAreUsage() {
        for (String line : new String[] {
            "",
            "nonsense",
            "channel",
            "channel nonsense",
            "channel test",
            "channel test x",
            "user quota 3",
            "user quota 3 --add 1 --set 2",
            "token create --name x --quota 1.5",
            "log list --page 0",
            "log list --page-size 101",
            "log list --since yesterday",
            "status --timeout soon",
            "status --url ftp://x",
            "status -o xml",
            "price quote --model gpt-4o --prompt -1 --completion 0",
            "channel list --status maybe"
        }) {
            Shell.Result result = shell().run(line.isEmpty() ? new String[0] : line.split(" "));

            assertThat(result.code()).as(line).isEqualTo(2);
            assertThat(result.err()).as(line).startsWith("newapi: ").hasLineCount(1);
            assertThat(result.out()).as(line).isEmpty();
        }
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void controlCharactersOfAServerNeverReachTheTerminal() {
        gateway.onRefusal("GET /api/user/", "bad\\u001b[2J\\nnews", "x")
                .on("GET /api/token/", "{\"items\":[{\"id\":1,\"name\":\"a\\u001b]0;x\\u0007\"}],\"total\":1}");

        assertThat(shell().run("user", "list").err()).doesNotContain("\u001b").hasLineCount(1);
        assertThat(shell().run("token", "list").out()).doesNotContain("\u001b", "\u0007");
    }

    @Test
    void charactersThatActWithoutBeingSeenNeverReachTheTerminal() {
        gateway.onRefusal("GET /api/user/", "a\\u202eb\\u009bc\\u200bd\\u2028e", "x");

        assertThat(shell().run("user", "list").err()).isEqualTo("newapi: a b c d e\n");
    }

    @Test
    void outputThatCannotBeWrittenIsAFailure() {
        gateway.on("GET /api/token/", "{\"items\":[],\"total\":0}");

        Shell.Result result = shell().withoutOutput().run("token", "list");

        assertThat(result.code()).isEqualTo(70);
        assertThat(result.err()).contains("standard output cannot be written").hasLineCount(1);
    }

    @Test
    void standardInputThatIsTooLargeIsUsage() {
        Shell.Result result = shell().input("x".repeat(1_100_000)).run("option", "set", "Notice", "-");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("standard input is larger than").hasLineCount(1);
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void tooManyRequestsSaysToWait() {
        gateway.onAnswer("GET /api/user/", 429, "");

        Shell.Result result = shell().run("user", "list");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("too many requests");
    }

    @Test
    void aBrokenProfileFileIsNamed() throws Exception {
        Path file = home.resolve("broken.json");
        Files.writeString(file, "{");

        Shell.Result result =
                new Shell(home).with("NEWAPI_CONFIG", file.toString()).run("user", "list", "--url", gateway.url());

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains(file.toString());
    }

    private Shell shell() {
        return new Shell(home).loggedIn(gateway);
    }
}

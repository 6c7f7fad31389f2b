package io.newapi.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Channels, tokens, users, options and logs: what is sent, and what is made of the answers. */
class AdministrationTest {

    private static final String CHANNEL = """
            {"id":5,"type":1,"key":"","name":"c1","status":1,"priority":3,"weight":2,"group":"default,vip",
             "models":"gpt-4o,gpt-4o-mini","base_url":"http://up","used_quota":12,"response_time":34,"test_time":0}""";
    private static final String TOKEN = """
            {"id":9,"user_id":1,"key":"abcdefghijklmnop","name":"t1","status":1,"expired_time":-1,"remain_quota":750000,
             "unlimited_quota":false,"model_limits_enabled":true,"model_limits":"a,b","used_quota":4,"group":"vip",
             "created_time":1782900000,"accessed_time":0}""";
    private static final String USER = """
            {"id":3,"username":"bob","display_name":"Bob","role":1,"status":1,"group":"default","quota":1000,
             "used_quota":7,"request_count":2,"access_token":null,"DeletedAt":null}""";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    private final FakeGateway gateway = new FakeGateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void channelsAreListedWithStableNames() {
        gateway.on("GET /api/channel/", "{\"items\":[" + CHANNEL + "],\"total\":31,\"page\":2,\"page_size\":1}");

        Shell.Result result =
                run("channel", "list", "--page", "2", "--page-size", "1", "--status", "enabled", "-o", "json");

        assertThat(gateway.lines()).containsExactly("GET /api/channel/?status=enabled&p=2&page_size=1");
        JsonNode document = result.json();
        assertThat(document.path("page").asInt()).isEqualTo(2);
        assertThat(document.path("total").asInt()).isEqualTo(31);
        JsonNode channel = document.path("items").path(0);
        assertThat(channel.path("type_name").asText()).isEqualTo("openai");
        assertThat(channel.path("status").asText()).isEqualTo("enabled");
        assertThat(channel.path("models").toString()).isEqualTo("[\"gpt-4o\",\"gpt-4o-mini\"]");
        assertThat(channel.path("groups").toString()).isEqualTo("[\"default\",\"vip\"]");
        assertThat(channel.path("tested_at").isNull()).isTrue();
        assertThat(channel.has("key")).isFalse();
    }

    @Test
    void aTableHasAlignedColumnsAndSaysWhatItLeavesOut() {
        gateway.on("GET /api/channel/", "{\"items\":[" + CHANNEL + "],\"total\":31}");

        Shell.Result result = run("channel", "list");

        assertThat(result.out().lines().toList())
                .containsExactly(
                        "id  name  type    status   priority  weight  groups       models              used_quota  ms",
                        " 5  c1    openai  enabled         3       2  default,vip  gpt-4o,gpt-4o-mini          12  34");
        assertThat(result.err()).contains("1 of 31 rows", "--all");
    }

    @Test
    void searchingChannelsUsesTheSearchOfTheServer() {
        gateway.on("GET /api/channel/search", "{\"items\":[],\"total\":0}");

        Shell.Result result = run("channel", "list", "--model", "gpt 4", "--type", "anthropic");

        assertThat(result.code()).isZero();
        assertThat(gateway.lines()).containsExactly("GET /api/channel/search?model=gpt+4&type=14&p=1&page_size=20");
    }

    @Test
    void allFetchesPageAfterPageAndCountsARowOnce() {
        gateway.on("GET /api/channel/", page(1, 100)).on("GET /api/channel/", page(100, 103));

        Shell.Result result = run("channel", "list", "--all", "-o", "json");

        assertThat(gateway.lines())
                .containsExactly("GET /api/channel/?p=1&page_size=100", "GET /api/channel/?p=2&page_size=100");
        assertThat(result.json().path("total").asInt()).isEqualTo(103);
        assertThat(result.json().path("items")).hasSize(103);
    }

    @Test
    void aChannelIsAddedWithItsKeyFromStandardInput() {
        gateway.onAnswer("POST /api/channel/", 200, "{\"success\":true,\"message\":\"\"}")
                .on("GET /api/channel/", "{\"items\":[" + CHANNEL + "],\"total\":1}");

        Shell.Result result = shell().input("sk-upstream\n")
                .run(
                        "channel",
                        "add",
                        "--type",
                        "openai",
                        "--name",
                        "c1",
                        "--key-stdin",
                        "--base-url",
                        "http://up",
                        "--models",
                        "gpt-4o, gpt-4o-mini",
                        "--group",
                        "default,vip",
                        "--priority",
                        "3",
                        "--weight",
                        "2",
                        "-o",
                        "json");

        assertThat(result.err()).isEmpty();
        assertThat(result.json().path("id").asInt()).isEqualTo(5);
        assertThat(result.out()).doesNotContain("sk-upstream");
        JsonNode body = gateway.request("POST /api/channel/").json();
        assertThat(body.path("mode").asText()).isEqualTo("single");
        JsonNode channel = body.path("channel");
        assertThat(channel.path("type").asInt()).isEqualTo(1);
        assertThat(channel.path("key").asText()).isEqualTo("sk-upstream");
        assertThat(channel.path("models").asText()).isEqualTo("gpt-4o,gpt-4o-mini");
        assertThat(channel.path("group").asText()).isEqualTo("default,vip");
        assertThat(channel.path("priority").asInt()).isEqualTo(3);
        assertThat(channel.path("weight").asInt()).isEqualTo(2);
        assertThat(channel.path("base_url").asText()).isEqualTo("http://up");
    }

    @Test
    void aChannelWithoutAKeyOrOfAnUnknownTypeIsNotSent() {
        Shell.Result withoutKey = run("channel", "add", "--type", "openai", "--name", "x", "--models", "m");
        Shell.Result unknownType =
                run("channel", "add", "--type", "telepathy", "--name", "x", "--models", "m", "--key-stdin");

        assertThat(withoutKey.code()).isEqualTo(2);
        assertThat(withoutKey.err()).contains("--key-stdin");
        assertThat(unknownType.code()).isEqualTo(2);
        assertThat(unknownType.err()).contains("telepathy", "openai");
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void aChannelTestTellsTheTimeOrTheRefusal() {
        gateway.onAnswer("GET /api/channel/test/5", 200, "{\"success\":true,\"message\":\"\",\"time\":0.25}")
                .onRefusal("GET /api/channel/test/6", "upstream said 401", "channel_test_failed");

        Shell.Result good = run("channel", "test", "5", "--model", "gpt-4o", "-o", "json");
        Shell.Result bad = run("channel", "test", "6");

        assertThat(gateway.lines().get(0)).isEqualTo("GET /api/channel/test/5?model=gpt-4o");
        assertThat(good.json().path("seconds").decimalValue()).isEqualByComparingTo("0.25");
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.err()).isEqualTo("newapi: upstream said 401\n");
    }

    @ParameterizedTest
    @CsvSource({"enable, 1", "disable, 2"})
    void aChannelIsSwitched(String command, int status) {
        gateway.on("PUT /api/channel/", CHANNEL).on("GET /api/channel/5", CHANNEL);

        Shell.Result result = run("channel", command, "5");

        assertThat(result.code()).isZero();
        assertThat(gateway.request("PUT /api/channel/").json().toString())
                .isEqualTo("{\"id\":5,\"status\":" + status + "}");
    }

    @Test
    void deletingLooksFirstSoThatNothingIsNotFound() {
        gateway.on("GET /api/channel/5", CHANNEL)
                .onAnswer("DELETE /api/channel/5", 200, "{\"success\":true,\"message\":\"\"}")
                .onRefusal("GET /api/channel/6", "record not found", "")
                .on("GET /api/user/self", USER)
                .onRefusal("GET /api/token/9", "there is no such token", "token_not_found");

        assertThat(run("channel", "delete", "5").code()).isZero();
        assertThat(run("channel", "delete", "6").code()).isEqualTo(5);
        assertThat(run("token", "delete", "9").code()).isEqualTo(5);
        assertThat(gateway.lines())
                .contains("DELETE /api/channel/5")
                .doesNotContain("DELETE /api/channel/6", "DELETE /api/token/9");
    }

    @Test
    void tokensAreListedWithoutTheirKeys() {
        gateway.on("GET /api/token/", "{\"items\":[" + TOKEN + "],\"total\":1}");

        Shell.Result json = run("token", "list", "-o", "json");
        Shell.Result table = run("token", "list");

        JsonNode token = json.json().path("items").path(0);
        assertThat(token.path("remain_quota").asLong()).isEqualTo(750_000);
        assertThat(token.path("expires_at").isNull()).isTrue();
        assertThat(token.path("models").toString()).isEqualTo("[\"a\",\"b\"]");
        assertThat(json.out() + table.out()).doesNotContain("abcdefghijklmnop").contains("t1");
    }

    @Test
    void aCreatedTokenPrintsItsKeyOnce() {
        gateway.on("GET /api/status", "{\"quota_per_unit\":500000}").on("POST /api/token/", TOKEN);

        Shell.Result result = run(
                "token",
                "create",
                "--name",
                "t1",
                "--quota",
                "$1.5",
                "--expires",
                "30d",
                "--models",
                "a,b",
                "--group",
                "vip",
                "--allow-ips",
                "10.0.0.1,10.1.0.0/16",
                "-o",
                "json");

        assertThat(result.json().path("key").asText()).isEqualTo("sk-abcdefghijklmnop");
        JsonNode body = gateway.request("POST /api/token/").json();
        assertThat(body.path("remain_quota").asLong()).isEqualTo(750_000);
        assertThat(body.path("unlimited_quota").asBoolean(true)).isFalse();
        assertThat(Instant.ofEpochSecond(body.path("expired_time").asLong())).isEqualTo("2026-07-31T12:00:00Z");
        assertThat(body.path("model_limits_enabled").asBoolean()).isTrue();
        assertThat(body.path("model_limits").asText()).isEqualTo("a,b");
        assertThat(body.path("allow_ips").asText()).isEqualTo("10.0.0.1\n10.1.0.0/16");
        assertThat(body.path("group").asText()).isEqualTo("vip");
    }

    @Test
    void aServerThatDoesNotAnswerWithTheTokenIsAskedForItsNewest() {
        gateway.onAnswer("POST /api/token/", 200, "{\"success\":true,\"message\":\"\"}")
                .on("GET /api/token/", "{\"items\":[" + TOKEN.replace("abcdefghijklmnop", "abcd****mnop") + "]}")
                .on("POST /api/token/9/key", "{\"key\":\"revealed\"}");

        Shell.Result result = run("token", "create", "--name", "t1", "--unlimited", "--key-only");

        assertThat(result.out()).isEqualTo("sk-revealed\n");
        assertThat(gateway.request("POST /api/token/")
                        .json()
                        .path("expired_time")
                        .asLong())
                .isEqualTo(-1);
    }

    @Test
    void aTokenNeedsAnAllowanceAndAFutureToExpireIn() {
        assertThat(run("token", "create", "--name", "t").code()).isEqualTo(2);
        assertThat(run("token", "create", "--name", "t", "--unlimited", "--quota", "5")
                        .code())
                .isEqualTo(2);
        Shell.Result past = run("token", "create", "--name", "t", "--unlimited", "--expires", "2020-01-01");
        assertThat(past.code()).isEqualTo(2);
        assertThat(past.err()).contains("2020-01-01");
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void usersAreListedAndFound() {
        gateway.on("GET /api/user/", "{\"items\":[" + USER + "],\"total\":1}")
                .on("GET /api/user/search", "{\"items\":[],\"total\":0}");

        JsonNode user = run("user", "list", "-o", "json").json().path("items").path(0);
        Shell.Result found = run("user", "list", "--keyword", "bob@example");

        assertThat(user.path("role").asText()).isEqualTo("common");
        assertThat(user.path("status").asText()).isEqualTo("enabled");
        assertThat(user.path("quota").asLong()).isEqualTo(1000);
        assertThat(found.code()).isZero();
        assertThat(gateway.lines()).contains("GET /api/user/search?keyword=bob%40example&p=1&page_size=20");
    }

    @Test
    void aUserIsCreatedWithAGeneratedPassword() {
        gateway.onAnswer("POST /api/user/", 200, "{\"success\":true,\"message\":\"\"}")
                .on("GET /api/user/search", "{\"items\":[" + USER + "],\"total\":1}");

        Shell.Result result = run("user", "create", "bob", "--generate-password", "--admin", "-o", "json");

        JsonNode body = gateway.request("POST /api/user/").json();
        assertThat(body.path("username").asText()).isEqualTo("bob");
        assertThat(body.path("display_name").asText()).isEqualTo("bob");
        assertThat(body.path("role").asInt()).isEqualTo(10);
        assertThat(result.json().path("id").asInt()).isEqualTo(3);
        assertThat(result.json().path("password").asText())
                .isEqualTo(body.path("password").asText())
                .hasSize(20);
    }

    @Test
    void aGivenPasswordIsNotPrinted() {
        gateway.onAnswer("POST /api/user/", 200, "{\"success\":true,\"message\":\"\"}")
                .on("GET /api/user/search", "{\"items\":[" + USER + "],\"total\":1}");

        Shell.Result result = shell().input("given-password").run("user", "create", "bob", "--password-stdin");

        assertThat(result.code()).isZero();
        assertThat(result.out() + result.err()).doesNotContain("given-password");
        assertThat(gateway.request("POST /api/user/").json().path("password").asText())
                .isEqualTo("given-password");
    }

    @ParameterizedTest
    @CsvSource({"--add, 500, add, 1500", "--subtract, 500, subtract, 500", "--set, 1usd, override, 500000"})
    void quotaChangesAreRelativeOnTheServer(String option, String amount, String mode, long after) {
        gateway.on("GET /api/status", "{\"quota_per_unit\":500000}")
                .on("GET /api/user/3", USER.replace("1000", Long.toString(after)))
                .on("POST /api/user/manage", "{\"role\":1,\"status\":1}");

        Shell.Result result = run("user", "quota", "3", option, amount, "-o", "json");

        JsonNode body = gateway.request("POST /api/user/manage").json();
        assertThat(body.path("action").asText()).isEqualTo("add_quota");
        assertThat(body.path("mode").asText()).isEqualTo(mode);
        assertThat(body.path("value").asLong()).isEqualTo(amount.equals("1usd") ? 500_000 : 500);
        assertThat(result.json().path("quota").asLong()).isEqualTo(after);
    }

    @Test
    void aChangeThatTheServerMadeIsNoFailureWhateverTheUserSpendsMeanwhile() {
        gateway.on("GET /api/user/3", USER.replace("1000", "990"))
                .on("POST /api/user/manage", "{\"role\":1,\"status\":1}");

        Shell.Result result = run("user", "quota", "3", "--add", "500", "-o", "json");

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.json().path("quota").asLong()).isEqualTo(990);
    }

    @Test
    void aChangeIsNoFailureEvenIfTheNewQuotaCannotBeRead() {
        gateway.on("POST /api/user/manage", "{\"role\":1,\"status\":1}")
                .onAnswer("GET /api/user/3", 500, "{\"success\":false,\"message\":\"busy\"}");

        Shell.Result result = run("user", "quota", "3", "--add", "500", "-o", "json");

        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("done", "busy").hasLineCount(1);
        assertThat(result.json().path("id").asLong()).isEqualTo(3);
        assertThat(result.json().has("quota")).isFalse();
    }

    @Test
    void aChangeThatTheServerRefusesIsItsSentence() {
        gateway.onRefusal("POST /api/user/manage", "not your equal", "user_not_manageable");

        Shell.Result result = run("user", "quota", "3", "--add", "500");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("newapi: not your equal\n");
    }

    @Test
    void aFractionOfAUnitIsRefusedBeforeAnythingIsSent() {
        gateway.on("GET /api/status", "{\"quota_per_unit\":500000}");

        Shell.Result result = run("user", "quota", "3", "--add", "$0.0000001");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("0.05 quota units");
        assertThat(gateway.lines()).containsExactly("GET /api/status");
    }

    @Test
    void optionsAreReadAndListedInOrder() {
        gateway.on(
                "GET /api/option/",
                "[{\"key\":\"SystemName\",\"value\":\"Gate\"},{\"key\":\"GroupRatio\",\"value\":\"{\\\"default\\\":1}\"}]");

        Shell.Result one = run("option", "get", "GroupRatio");
        Shell.Result all = run("option", "get", "-o", "json");
        Shell.Result none = run("option", "get", "Nothing");

        assertThat(one.out()).isEqualTo("{\"default\":1}\n");
        assertThat(all.json().path("items"))
                .extracting(option -> option.path("key").asText())
                .containsExactly("GroupRatio", "SystemName");
        assertThat(none.code()).isEqualTo(5);
        assertThat(none.err()).contains("Nothing");
    }

    @Test
    void anOptionsValueComesFromTheLineAFileOrStandardInput() throws IOException {
        gateway.onAnswer("PUT /api/option/", 200, "{\"success\":true,\"message\":\"\"}");
        Path file = Files.writeString(home.resolve("ratio.json"), "{\"a\":1}\n");

        run("option", "set", "K", "plain");
        run("option", "set", "K", "@" + file);
        run("option", "set", "K", "@@at");
        shell().input("from input\n").run("option", "set", "K", "-");
        Shell.Result missing = run("option", "set", "K", "@" + home.resolve("missing"));

        assertThat(gateway.requests())
                .extracting(request -> request.json().path("value").asText())
                .containsExactly("plain", "{\"a\":1}", "@at", "from input");
        assertThat(missing.code()).isEqualTo(2);
    }

    @Test
    void aRefusedOptionIsTheServersSentence() {
        gateway.onRefusal("PUT /api/option/", "negative ratio", "option_invalid");

        Shell.Result result = run("option", "set", "GroupRatio", "{\"default\":-1}");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("newapi: negative ratio\n");
    }

    @Test
    void logsAreFilteredShownAndExplained() {
        gateway.on(
                "GET /api/log/",
                logRows(2250, "{\"model_ratio\":1.25,\"group_ratio\":1,\"completion_ratio\":4,\"cache_tokens\":0}"));

        Shell.Result table = run(
                "log",
                "list",
                "--type",
                "consume",
                "--since",
                "1h",
                "--until",
                "2026-07-02",
                "--user",
                "bob",
                "--channel",
                "5",
                "--explain");
        JsonNode row = run("log", "list", "-o", "json").json().path("items").path(0);

        assertThat(gateway.lines().get(0))
                .isEqualTo("GET /api/log/?type=2&start_timestamp=1782903600&end_timestamp=1782950400&username=bob"
                        + "&channel=5&p=1&page_size=20");
        assertThat(table.out().lines().toList())
                .containsExactly(
                        "time                  type     user  token  model   channel  prompt  completion  quota",
                        "2026-07-01T10:00:00Z  consume  bob   t1     gpt-4o        5    1000         200   2250",
                        "    prompt tokens: 1000 x 1.25 (model ratio) x 1 (group ratio) = 1250",
                        "    completion tokens: 200 x 4 (completion ratio) x 1.25 (model ratio) x 1 (group ratio) = 1000",
                        "    sum 2250: charged 2250",
                        "    model_ratio=1.25 group_ratio=1 completion_ratio=4 cache_tokens=0");
        assertThat(row.path("other").path("model_ratio").decimalValue()).isEqualByComparingTo("1.25");
        assertThat(row.path("quota").asLong()).isEqualTo(2250);
    }

    @Test
    void anExplanationTakesEveryRecordedFigureIntoAccount() {
        gateway.on("GET /api/log/", logRows(1_632, """
                        {"model_ratio":1.5,"group_ratio":0.5,"completion_ratio":5,"cache_tokens":800,"cache_ratio":0.1,
                         "model_price":-1,"user_group_ratio":0.5,"cache_creation_tokens":60,"cache_creation_ratio":1.25,
                         "cache_creation_tokens_1h":10,"cache_creation_ratio_1h":2,"image":true,"image_ratio":3,
                         "image_output":4,"usage_semantic":"anthropic"}"""));

        List<String> lines = run("log", "list", "--explain")
                .out()
                .lines()
                .skip(2)
                .map(String::strip)
                .toList();

        assertThat(lines)
                .startsWith(
                        "prompt tokens: 996 x 1.5 (model ratio) x 0.5 (group ratio) = 747",
                        "cached tokens: 800 x 0.1 (cache ratio) x 1.5 (model ratio) x 0.5 (group ratio) = 60",
                        "cache write tokens: 50 x 1.25 (cache write ratio) x 1.5 (model ratio) x 0.5 (group ratio) = 46.875",
                        "1-hour cache write tokens: 10 x 1.25 (cache write ratio) x 1.6 (one hour)"
                                + " x 1.5 (model ratio) x 0.5 (group ratio) = 15",
                        "image input tokens: 4 x 3 (image ratio) x 1.5 (model ratio) x 0.5 (group ratio) = 9",
                        "completion tokens: 200 x 5 (completion ratio) x 1.5 (model ratio) x 0.5 (group ratio) = 750",
                        "sum 1627.875: charged 1628, rounded",
                        "the row's quota is 1632: the recorded figures do not add up to it");
    }

    @Test
    void aCallWithOnePriceIsExplainedAtTheServersDollar() {
        gateway.on("GET /api/log/", logRows(30_000, "{\"model_ratio\":0,\"group_ratio\":1.5,\"model_price\":0.04}"))
                .on("GET /api/status", "{\"quota_per_unit\":500000}");

        assertThat(run("log", "list", "--explain").out())
                .contains(
                        "    call: 1 x 0.04 (price in USD) x 500000 (quota per USD) x 1.5 (group ratio) = 30000",
                        "    sum 30000: charged 30000")
                .doesNotContain("do not add up");
    }

    @Test
    void figuresThatNoChargeCanHaveAreSaidToBeSo() {
        gateway.on("GET /api/log/", logRows(5, "{\"model_ratio\":-2}"));

        Shell.Result result = run("log", "list", "--explain");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("    the recorded figures cannot be computed with: ", "    model_ratio=-2");
    }

    private static String logRows(long quota, String other) {
        ObjectNode row = Json.object()
                .put("created_at", 1_782_900_000)
                .put("type", 2)
                .put("username", "bob")
                .put("token_name", "t1")
                .put("model_name", "gpt-4o")
                .put("channel", 5)
                .put("prompt_tokens", 1000)
                .put("completion_tokens", 200)
                .put("quota", quota)
                .put("other", other);
        ObjectNode page = Json.object().put("total", 1);
        page.putArray("items").add(row);
        return page.toString();
    }

    @Test
    void ownLogsNeedNoAdministrator() {
        gateway.on("GET /api/log/self", "{\"items\":[],\"total\":0}");

        assertThat(run("log", "list", "--self").code()).isZero();
    }

    private Shell.Result run(String... arguments) {
        return shell().run(arguments);
    }

    private Shell shell() {
        return new Shell(home).loggedIn(gateway);
    }

    private static String page(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(id -> "{\"id\":" + id + "}")
                .collect(Collectors.joining(",", "{\"total\":103,\"items\":[", "]}"));
    }
}

package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.ChannelInfo;
import io.newapi.server.store.ChannelRow;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelsTest {

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
    void aSavedStatusChangesOnlyTheStatus() {
        create("single", "name", "c", "key", "k", "models", "a, b,a", "priority", 5, "weight", 7, "tag", "t");
        ChannelRow before = row(1);

        AdminReply reply = root.put("/api/channel/", "id", 1, "status", 2);

        assertThat(reply.data().path("status").asInt()).isEqualTo(2);
        assertThat(reply.data().path("key").asText()).isEmpty();
        assertThat(row(1)).usingRecursiveComparison().ignoringFields("status").isEqualTo(before);
        assertThat(before.models()).isEqualTo("a,b");
    }

    @Test
    void emptyPlainFieldsMeanUnchangedAndEmptyNullableFieldsAreWritten() {
        create("single", "name", "c", "key", "k", "models", "a", "priority", 5, "base_url", "http://x", "tag", "t");

        root.put(
                "/api/channel/",
                "id",
                1,
                "name",
                "",
                "models",
                "",
                "key",
                "",
                "priority",
                0,
                "base_url",
                "",
                "tag",
                "");

        ChannelRow after = row(1);
        assertThat(after.name()).isEqualTo("c");
        assertThat(after.models()).isEqualTo("a");
        assertThat(after.key()).isEqualTo("k");
        assertThat(after.priority()).isZero();
        assertThat(after.baseUrl()).isEmpty();
        assertThat(after.tag()).isEmpty();
    }

    @Test
    void whatTheBodyMayNotSetIsIgnored() {
        create(
                "single",
                "id",
                77,
                "name",
                "c",
                "key",
                "k",
                "models",
                "a",
                "used_quota",
                5,
                "balance",
                5,
                "created_time",
                5,
                "channel_info",
                Map.of("is_multi_key", true));

        ChannelRow row = row(1);
        assertThat(row.usedQuota()).isZero();
        assertThat(row.balance()).isZero();
        assertThat(row.createdTime()).isGreaterThan(5);
        assertThat(ChannelInfo.parse(row.channelInfo()).multiKey()).isFalse();
    }

    @Test
    void malformedJsonInATextIsRefusedWhenItIsWritten() {
        for (String field : List.of(
                "model_mapping", "status_code_mapping", "setting", "settings", "param_override", "header_override")) {
            AdminReply reply = root.post(
                    "/api/channel/",
                    "mode",
                    "single",
                    "channel",
                    AdminClient.object("type", 1, "name", "c", "key", "k", "models", "a", field, "{oops"));
            assertThat(reply.code()).as(field).isEqualTo("field_invalid");
        }
        assertThat(root.get("/api/channel/").data().path("total").asInt()).isZero();
    }

    @Test
    void aWriteAfterWhichNoCallCouldUseTheChannelIsRefused() {
        for (List<String> field : List.of(
                List.of("model_mapping", "{\"a\":1}"),
                List.of("model_mapping", "{\"a\":\"b\",\"b\":\"a\"}"),
                List.of("status_code_mapping", "{\"x\":\"500\"}"),
                List.of("status_code_mapping", "{\"400\":\"42\"}"),
                List.of("param_override", "{\"operations\":[{\"mode\":\"delete\"}]}"),
                List.of("header_override", "{\"A\":\"1\\r\\nB: 2\"}"),
                List.of("setting", "{\"proxy\":\"ftp://proxy.example\"}"))) {
            AdminReply reply = root.post(
                    "/api/channel/",
                    "mode",
                    "single",
                    "channel",
                    AdminClient.object("type", 1, "name", "c", "key", "k", "models", "a", field.get(0), field.get(1)));
            assertThat(reply.code()).as(field.get(1)).isEqualTo("field_invalid");
        }
        assertThat(server.stores.channels().all()).isEmpty();

        create("single", "name", "c", "key", "k", "models", "a");
        assertThat(root.put("/api/channel/", "id", 1, "model_mapping", "{\"a\":1}")
                        .code())
                .isEqualTo("field_invalid");
        assertThat(row(1).modelMapping()).isEmpty();
    }

    @Test
    void whatAnOverrideCannotDoIsSaidWithTheOperation() {
        AdminReply reply = root.post(
                "/api/channel/",
                "mode",
                "single",
                "channel",
                AdminClient.object(
                        "type",
                        1,
                        "name",
                        "c",
                        "key",
                        "k",
                        "models",
                        "a",
                        "param_override",
                        "{\"operations\":[{\"mode\":\"delete\",\"path\":\"a\"},"
                                + "{\"mode\":\"regex_replace\",\"path\":\"a\",\"from\":\"(\"}]}"));

        assertThat(reply.code()).isEqualTo("field_invalid");
        assertThat(reply.text()).contains("param_override", "operation 2 (regex_replace)");
    }

    @Test
    void theCredentialsOfAProxyAreNotRepeated() {
        AdminReply reply = root.post(
                "/api/channel/",
                "mode",
                "single",
                "channel",
                AdminClient.object(
                        "type",
                        1,
                        "name",
                        "c",
                        "key",
                        "k",
                        "models",
                        "a",
                        "setting",
                        "{\"proxy\":\"https://ada:lovelace@proxy.example\"}"));

        assertThat(reply.code()).isEqualTo("field_invalid");
        assertThat(reply.text()).contains("https").doesNotContain("lovelace");
    }

    @Test
    void aListShowsNoPasswordOfAProxy() {
        String setting = "{\"proxy\":\"http://ada:lovelace@proxy.example:3128\",\"system_prompt\":\"a: b@c\"}";
        create("single", "name", "c", "key", "k", "models", "a", "setting", setting);

        String listed = root.get("/api/channel/")
                .data()
                .path("items")
                .path(0)
                .path("setting")
                .asText();

        assertThat(listed).isEqualTo(setting.replace("lovelace", "***"));
        assertThat(root.get("/api/channel/1").data().path("setting").asText()).isEqualTo(setting);
        assertThat(root.put("/api/channel/", "id", 1, "setting", listed).code()).isEqualTo("field_invalid");
        assertThat(row(1).setting()).isEqualTo(setting);
    }

    @Test
    void aChannelThatAnotherProgramBrokeCanStillBeDisabled() {
        create("single", "name", "c", "key", "k", "models", "a");
        server.stores.channels().update(1, ChannelChange.none().modelMapping("{\"a\":1}"));

        assertThat(root.put("/api/channel/", "id", 1, "status", 2).success()).isTrue();
        assertThat(row(1).status()).isEqualTo(2);
    }

    @Test
    void noCallWritesMoreRoutesThanOthersCanWaitFor() {
        String many = numbered("m", 5000);

        assertThat(makeOf("single", "k", "default", many + ",more").text()).contains("more than 5000 models");
        assertThat(makeOf("single", "k", numbered("", 21), many).text()).contains("more than 100000 routes");
        assertThat(makeOf("batch", numbered("k", 21).replace(',', '\n'), "default", many)
                        .text())
                .contains("more than 100000 routes");
        assertThat(makeOf("single", "k", numbered("", 20), numbered("m", 50)).success())
                .isTrue();
        assertThat(root.put("/api/channel/", "id", 1, "group", numbered("", 21), "models", many)
                        .code())
                .isEqualTo("field_invalid");
    }

    private AdminReply makeOf(String mode, String keys, String groups, String models) {
        return root.post(
                "/api/channel/",
                "mode",
                mode,
                "channel",
                AdminClient.object("type", 1, "name", "c", "key", keys, "group", groups, "models", models));
    }

    private static String numbered(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).collect(Collectors.joining(","));
    }

    @Test
    void aKeyOfSeveralLinesStaysAsItIsInAChannelOfItsOwn() {
        create("single", "name", "c", "key", "k", "models", "a");
        String key = "{\n  \"a\": {\n    \"b\": 1\n  },\n  \"c\": {\n    \"b\": 1\n  }\n}";

        root.put("/api/channel/", "id", 1, "key", key);

        assertThat(row(1).key()).isEqualTo(key);
    }

    @Test
    void aBatchMakesOneChannelForEachKeyAndDoesNotPileUpNames() {
        root.post(
                "/api/channel/",
                "mode",
                "batch",
                "batch_add_set_key_prefix_2_name",
                true,
                "channel",
                AdminClient.object("type", 1, "name", "c", "key", " first-key-1 \n\nsecond-key-2\r\n", "models", "a"));

        assertThat(row(1).key()).isEqualTo("first-key-1");
        assertThat(row(1).name()).isEqualTo("c first-ke");
        assertThat(row(2).key()).isEqualTo("second-key-2");
        assertThat(row(2).name()).isEqualTo("c second-k");
    }

    @Test
    void severalKeysInOneChannelKeepWhatIsKnownAboutEach() {
        root.post(
                "/api/channel/",
                "mode",
                "multi_to_single",
                "multi_key_mode",
                "polling",
                "channel",
                AdminClient.object("type", 1, "name", "c", "key", "k1\nk2\nk3", "models", "a"));
        server.stores
                .channels()
                .update(
                        1,
                        io.newapi.server.store.ChannelChange.none()
                                .channelInfo(new ChannelInfo(
                                        true, 3, Map.of(1, 3), Map.of(1, "bad"), Map.of(1, 5L), 2, "polling")));

        root.put("/api/channel/", "id", 1, "key", "k2\nk4");
        ChannelInfo replaced = ChannelInfo.parse(row(1).channelInfo());
        assertThat(row(1).key()).isEqualTo("k2\nk4");
        assertThat(replaced.multiKeySize()).isEqualTo(2);
        assertThat(replaced.statuses()).isEqualTo(Map.of(0, 3));
        assertThat(replaced.disabledReasons()).isEqualTo(Map.of(0, "bad"));

        root.put("/api/channel/", "id", 1, "key", "k5", "key_mode", "append", "multi_key_mode", "random");
        assertThat(row(1).key()).isEqualTo("k2\nk4\nk5");
        assertThat(ChannelInfo.parse(row(1).channelInfo()).mode()).isEqualTo("random");
        assertThat(root.get("/api/channel/1").data().path("channel_info").has("multi_key_disabled_reason"))
                .isFalse();
    }

    @Test
    void aCopyHasItsOwnIdAndTheSameKey() {
        create("single", "name", "c", "key", "k", "models", "a");

        AdminReply reply = root.post("/api/channel/copy/1?suffix=_2");

        assertThat(reply.data().path("id").asLong()).isEqualTo(2);
        assertThat(row(2).name()).isEqualTo("c_2");
        assertThat(row(2).key()).isEqualTo("k");
        assertThat(root.get("/api/channel/models_enabled").data().toString()).isEqualTo("[\"a\"]");
    }

    @Test
    void listsFilterByStatusTypeAndTag() {
        create("single", "name", "c1", "key", "k1", "models", "a", "tag", "red", "priority", 1);
        create("single", "name", "c2", "key", "k2", "models", "a", "tag", "red", "priority", 9);
        create("single", "name", "c3", "key", "k3", "models", "b", "tag", "blue", "type", 14);
        root.put("/api/channel/", "id", 1, "status", 2);

        assertThat(names("/api/channel/")).containsExactly("c2", "c1", "c3");
        assertThat(names("/api/channel/?id_sort=true")).containsExactly("c3", "c2", "c1");
        assertThat(names("/api/channel/?status=enabled")).containsExactly("c2", "c3");
        assertThat(names("/api/channel/?status=0")).containsExactly("c1");
        assertThat(names("/api/channel/?type=14")).containsExactly("c3");
        assertThat(root.get("/api/channel/?type=14").data().path("type_counts").toString())
                .isEqualTo("{\"1\":2,\"14\":1}");
        assertThat(names("/api/channel/search?model=b")).containsExactly("c3");
        assertThat(names("/api/channel/search?keyword=k1")).containsExactly("c1");
        JsonNode byTag = root.get("/api/channel/?tag_mode=true&page_size=1&p=2").data();
        assertThat(byTag.path("total").asInt()).isEqualTo(2);
        assertThat(byTag.path("items"))
                .hasSize(2)
                .allMatch(c -> c.path("tag").asText().equals("red"));
    }

    @Test
    void deletingTakesTheRoutesAlong() {
        create("single", "name", "c1", "key", "k1", "models", "a");
        create("single", "name", "c2", "key", "k2", "models", "b");
        create("single", "name", "c3", "key", "k3", "models", "c");
        root.put("/api/channel/", "id", 1, "status", 2);

        assertThat(root.delete("/api/channel/disabled").data().asInt()).isEqualTo(1);
        assertThat(root.delete("/api/channel/2/").success()).isTrue();
        assertThat(root.delete("/api/channel/2/").code()).isEqualTo("channel_not_found");
        assertThat(root.post("/api/channel/batch", "ids", List.of(3, 99)).data().asInt())
                .isEqualTo(1);
        assertThat(root.get("/api/channel/models_enabled").data()).isEmpty();
        assertThat(root.post("/api/channel/batch", "ids", List.of()).code()).isEqualTo("ids_invalid");
        assertThat(root.post("/api/channel/fix").data().path("fails").asInt()).isZero();
    }

    @Test
    void anUpstreamsModelsAreFetchedWithTheStoredKeyAndWithinBounds() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer upstream = vertx.createHttpServer()
                    .requestHandler(request -> {
                        boolean known = "Bearer k-up".equals(request.getHeader("Authorization"))
                                && request.path().equals("/v1/models");
                        request.response()
                                .setStatusCode(known ? 200 : 401)
                                .end("{\"data\":[{\"id\":\"m1\"},{\"id\":\"models/m2\"},{\"id\":\"\"}]}");
                    })
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            String address = "http://127.0.0.1:" + upstream.actualPort() + "/";
            create("single", "name", "c", "key", "k-up", "models", "a", "base_url", address);

            assertThat(root.get("/api/channel/fetch_models/1").data().toString())
                    .isEqualTo("[\"m1\",\"m2\"]");
            create("multi_to_single", "name", "c", "key", "[\"k-up\",\"k2\"]", "models", "a", "base_url", address);
            server.stores.channels().update(2, ChannelChange.none().key("[\"k-up\",\"k2\"]"));
            assertThat(root.get("/api/channel/fetch_models/2").data().toString())
                    .as("one key of several, whatever their form")
                    .isEqualTo("[\"m1\",\"m2\"]");
            assertThat(root.post(
                                    "/api/channel/fetch_models",
                                    "base_url",
                                    address.replace("http:", "HTTPS:"),
                                    "type",
                                    1,
                                    "key",
                                    "k-up")
                            .success())
                    .as("a key in clear, because the scheme is in capitals")
                    .isFalse();
            assertThat(root.post("/api/channel/fetch_models", "base_url", address, "type", 1, "key", "k-up\nother")
                            .data()
                            .toString())
                    .isEqualTo("[\"m1\",\"m2\"]");
            AdminReply wrongKey =
                    root.post("/api/channel/fetch_models", "base_url", address, "type", 1, "key", "wrong");
            assertThat(wrongKey.status()).isEqualTo(500);
            assertThat(wrongKey.code()).isEqualTo("upstream_failed");

            root.post("/api/user/", "username", "admin", "password", "password1", "role", 10);
            AdminClient admin = server.client().login("admin", "password1");
            assertThat(admin.post("/api/channel/fetch_models", "base_url", address, "type", 1, "key", "k-up")
                            .code())
                    .isEqualTo("address_refused");
            assertThat(root.post("/api/channel/fetch_models", "base_url", "http://169.254.169.254", "key", "k")
                            .code())
                    .isEqualTo("address_refused");
            assertThat(root.post("/api/channel/fetch_models", "base_url", "file:///etc/passwd", "key", "k")
                            .code())
                    .isEqualTo("address_refused");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    private void create(String mode, Object... fields) {
        var channel = AdminClient.object(fields);
        if (!channel.has("type")) {
            channel.put("type", 1);
        }
        AdminReply reply = root.post("/api/channel/", "mode", mode, "channel", channel);
        assertThat(reply.success()).as(reply.text()).isTrue();
    }

    private ChannelRow row(long id) {
        return server.stores.channels().byId(id).orElseThrow();
    }

    private List<String> names(String path) {
        return root.get(path).data().path("items").findValuesAsText("name");
    }
}

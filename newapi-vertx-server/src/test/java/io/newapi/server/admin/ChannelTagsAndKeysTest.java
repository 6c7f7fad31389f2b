package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.ChannelInfo;
import io.newapi.server.store.ChannelRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several channels at once, and single keys of one. */
class ChannelTagsAndKeysTest {

    private static final String MANAGE = "/api/channel/multi_key/manage";

    private AdminServer server;
    private AdminClient root;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = AdminServer.start(directory);
        root = server.root();
        channel("c1", "red", "m1,m2", "k1");
        channel("c2", "red", "m1", "k1");
        channel("c3", "blue", "m3", "k1");
    }

    private void channel(String name, String tag, String models, String keys) {
        server.stores
                .channels()
                .create(ChannelChange.none()
                        .type(1)
                        .name(name)
                        .tag(tag)
                        .models(models)
                        .key(keys)
                        .priority(4));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aTagSwitchesItsChannels() {
        assertThat(root.post("/api/channel/tag/disabled", "tag", "red").success())
                .isTrue();
        assertThat(server.stores.channels().all())
                .extracting(ChannelRow::status)
                .containsExactly(2, 2, 1);
        assertThat(root.get("/api/channel/models_enabled").data().toString()).isEqualTo("[\"m3\"]");

        root.post("/api/channel/tag/enabled", "tag", "red");
        assertThat(server.stores.channels().all())
                .extracting(ChannelRow::status)
                .containsExactly(1, 1, 1);
        assertThat(root.post("/api/channel/tag/enabled").code()).isEqualTo("field_missing");
        assertThat(server.announced).contains("channels");
    }

    @Test
    void aTagEditsWhatIsFilledIn() {
        AdminReply reply = root.put(
                "/api/channel/tag",
                "tag",
                "red",
                "new_tag",
                "green",
                "priority",
                0,
                "models",
                "m9",
                "groups",
                "vip",
                "model_mapping",
                "",
                "param_override",
                "{\"a\":1}");

        assertThat(reply.success()).as(reply.text()).isTrue();
        for (long id : List.of(1L, 2L)) {
            ChannelRow row = row(id);
            assertThat(List.of(row.tag(), row.models(), row.group(), row.paramOverride()))
                    .containsExactly("green", "m9", "vip", "{\"a\":1}");
            assertThat(row.priority()).isZero();
        }
        assertThat(row(3).models()).isEqualTo("m3");
        root.put("/api/channel/tag", "tag", "green", "new_tag", "");
        assertThat(row(1).tag()).isEmpty();
    }

    @Test
    void aTagIsNoWayAroundTheRulesForChannels() {
        root.post("/api/user/", "username", "admin", "password", "password1", "role", 10);
        AdminClient admin = server.client().login("admin", "password1");

        assertThat(admin.put("/api/channel/tag", "tag", "red", "header_override", "{\"X\":\"{api_key}\"}")
                        .code())
                .isEqualTo("channel_new_address_needs_key");
        assertThat(root.put("/api/channel/tag", "tag", "red", "model_mapping", "{\"a\":1}")
                        .code())
                .isEqualTo("field_invalid");
        assertThat(server.stores.channels().all())
                .extracting(ChannelRow::headerOverride)
                .containsOnly("");
    }

    @Test
    void theLongestListOfModelsOfATagIsShown() {
        assertThat(root.get("/api/channel/tag/models?tag=red").data().asText()).isEqualTo("m1,m2");
        assertThat(root.get("/api/channel/tag/models").status()).isEqualTo(400);
    }

    @Test
    void channelsAreGivenATagOrNone() {
        assertThat(root.post("/api/channel/batch/tag", "ids", List.of(1, 3, 99), "tag", "new")
                        .data()
                        .asInt())
                .isEqualTo(2);
        assertThat(server.stores.channels().all()).extracting(ChannelRow::tag).containsExactly("new", "red", "new");
        root.send("POST", "/api/channel/batch/tag", "{\"ids\":[1],\"tag\":null}");
        assertThat(row(1).tag()).isEmpty();
    }

    @Test
    void theKeysOfAChannelAreListedWithTheirEndsOnly() {
        multi("first-long-secret-key\nsecond-long-secret-key\nthird-long-secret-key", Map.of(1, 3));

        JsonNode data = manage("get_key_status").data();
        assertThat(data.toString()).doesNotContain("long-secret");
        assertThat(data.path("keys").path(1).toString())
                .isEqualTo("{\"index\":1,\"status\":3,\"key_preview\":\"seco**********-key\"}");
        assertThat(List.of(
                        data.path("total").asInt(),
                        data.path("page_size").asInt(),
                        data.path("total_pages").asInt(),
                        data.path("enabled_count").asInt(),
                        data.path("manual_disabled_count").asInt(),
                        data.path("auto_disabled_count").asInt()))
                .containsExactly(3, 50, 1, 2, 0, 1);
        JsonNode filtered =
                manage("get_key_status", "status", 1, "page", 2, "page_size", 1).data();
        assertThat(filtered.path("keys").findValuesAsText("index")).containsExactly("2");
        assertThat(filtered.path("total").asInt()).isEqualTo(2);
    }

    @Test
    void aKeyIsDisabledWithReasonAndTimeAndEnabledAgain() {
        multi("k1\nk2", Map.of());

        assertThat(manage("disable_key", "key_index", 1).success()).isTrue();
        assertThat(info().statuses()).isEqualTo(Map.of(1, 2));
        assertThat(info().disabledReasons()).isEqualTo(Map.of(1, "disabled by root"));
        assertThat(info().disabledTimes()).containsOnlyKeys(1);
        manage("enable_key", "key_index", 1);
        assertThat(info()).isEqualTo(ChannelInfo.multi(2, "random"));
        manage("disable_all_keys");
        assertThat(info().statuses()).isEqualTo(Map.of(0, 2, 1, 2));
        manage("enable_all_keys");
        assertThat(info().statuses()).isEmpty();
        assertThat(manage("disable_key").code()).isEqualTo("field_invalid");
        assertThat(manage("disable_key", "key_index", 2).code()).isEqualTo("field_invalid");
    }

    @Test
    void aChannelThatWasDisabledWithItsLastKeyComesBackWithTheFirst() {
        multi("k1\nk2", Map.of(0, 3, 1, 3));
        server.stores.channels().setStatus(4, 3, "All keys are disabled");

        manage("disable_key", "key_index", 0);
        assertThat(row(4).status()).isEqualTo(3);
        manage("enable_key", "key_index", 1);
        assertThat(row(4).status()).isEqualTo(1);

        server.stores.channels().setStatus(4, 2, "by hand");
        manage("disable_all_keys");
        manage("enable_all_keys");
        assertThat(row(4).status()).isEqualTo(2);
    }

    @Test
    void deletedKeysTakeTheirStateAlongAndOneKeyStays() {
        multi("k1\nk2\nk3", Map.of(0, 3, 2, 2));

        assertThat(manage("delete_disabled_keys").data().asInt()).isEqualTo(1);
        assertThat(row(4).key()).isEqualTo("k2\nk3");
        assertThat(info().statuses()).isEqualTo(Map.of(1, 2));
        assertThat(info().multiKeySize()).isEqualTo(2);
        assertThat(manage("delete_disabled_keys").data().asInt()).isZero();
        assertThat(manage("delete_key", "key_index", 0).data().asInt()).isEqualTo(1);
        assertThat(row(4).key()).isEqualTo("k3");
        assertThat(manage("delete_key", "key_index", 0).code()).isEqualTo("channel_last_key");
        assertThat(root.post(MANAGE, "channel_id", 1, "action", "get_key_status")
                        .code())
                .isEqualTo("channel_has_one_key");
        assertThat(manage("polish").code()).isEqualTo("action_unknown");
    }

    private void multi(String keys, Map<Integer, Integer> statuses) {
        channel("multi", "", "m", keys);
        int size = (int) keys.lines().count();
        server.stores
                .channels()
                .update(
                        4,
                        ChannelChange.none()
                                .channelInfo(new ChannelInfo(true, size, statuses, Map.of(), Map.of(), 0, "random")));
    }

    private AdminReply manage(String action, Object... fields) {
        var body = AdminClient.object(fields);
        body.put("channel_id", 4).put("action", action);
        return root.send("POST", MANAGE, Json.text(body));
    }

    private ChannelInfo info() {
        return ChannelInfo.parse(row(4).channelInfo());
    }

    private ChannelRow row(long id) {
        return server.stores.channels().byId(id).orElseThrow();
    }
}

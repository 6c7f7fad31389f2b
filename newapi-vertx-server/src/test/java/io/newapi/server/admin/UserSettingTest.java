package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.store.UserChange;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserSettingTest {

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
    void whatIsNotNamedStaysAsItWas() {
        stored("{\"sidebar_modules\":\"{}\",\"webhook_secret\":\"s\",\"later\":1}");

        AdminReply reply = put(
                "notify_type",
                "webhook",
                "webhook_url",
                "https://hook.example/x",
                "quota_warning_threshold",
                5,
                "gotify_priority",
                99,
                "record_ip_log",
                true);

        assertThat(reply.success()).as(reply.text()).isTrue();
        ObjectNode setting = Json.parseObject(
                        server.stores.users().byId(1).orElseThrow().setting())
                .orElseThrow();
        assertThat(setting)
                .isEqualTo(Json.parseObject(
                                "{\"sidebar_modules\":\"{}\",\"webhook_secret\":\"s\",\"later\":1,"
                                        + "\"notify_type\":\"webhook\",\"quota_warning_threshold\":5,"
                                        + "\"webhook_url\":\"https://hook.example/x\",\"gotify_priority\":5,\"record_ip_log\":true}")
                        .orElseThrow());
        assertThat(server.announced).contains("user 1");
    }

    @Test
    void aWayThatLeadsNowhereIsRefused() {
        for (List<Object> fields : List.<List<Object>>of(
                List.of("notify_type", "pigeon"),
                List.of("notify_type", "webhook"),
                List.of("notify_type", "webhook", "webhook_url", "file:///etc/passwd"),
                List.of("notify_type", "webhook", "webhook_url", "not an address"),
                List.of("notify_type", "email", "notification_email", "nobody"),
                List.of("notify_type", "bark", "bark_url", "bark"),
                List.of("notify_type", "gotify", "gotify_url", "https://g.example"),
                List.of("notify_type", "email", "quota_warning_threshold", 0),
                List.of("notify_type", "email", "quota_warning_threshold", "many"))) {
            assertThat(put(fields.toArray()).code()).as(fields.toString()).startsWith("field_");
        }
        assertThat(put("notify_type", "bark", "bark_url", "https://api.day.app/k/{{title}}/{{content}}")
                        .success())
                .isTrue();
    }

    private AdminReply put(Object... fields) {
        return root.put("/api/user/setting", fields);
    }

    private void stored(String setting) {
        server.stores.users().update(1, UserChange.none().setting(setting), 1);
    }
}

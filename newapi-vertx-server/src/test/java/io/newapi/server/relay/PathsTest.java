package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths of programs that lead nowhere, or not yet. */
class PathsTest {

    private final RelayHarness relay = new RelayHarness();

    @BeforeEach
    void start() {
        relay.start();
    }

    @AfterEach
    void close() {
        relay.close();
    }

    private RawClient.Reply call(String method, String path) {
        try (RawClient client = relay.connect()) {
            return client.send(method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
                    .reply();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /mj/submit/imagine",
        "GET, /mj/task/1/fetch",
        "POST, /mj-fast/mj/submit/imagine",
        "POST, /suno/submit/music",
        "POST, /v1/video/generations",
        "GET, /v1/videos/1/content",
        "POST, /v1/videos",
        "POST, /kling/v1/videos/text2video",
        "POST, /jimeng/?Action=CVSync2AsyncSubmitTask",
        "POST, /v1/images/variations",
        "GET, /v1/files",
        "DELETE, /v1/files/1",
        "POST, /v1/fine-tunes",
        "POST, /v1/realtime/sessions",
        "DELETE, /v1/models/x"
    })
    void whatIsNotBuiltSaysSo(String method, String path) {
        RawClient.Reply reply = call(method, path);

        assertThat(reply.status()).isEqualTo(501);
        assertThat(new JsonObject(reply.body()).getJsonObject("error").getString("code"))
                .isEqualTo("api_not_implemented");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/nothing",
        "GET, /v1/embeddings",
        "POST, /v1/filesystem",
        "POST, /v1/engines//embeddings",
        "POST, /v1beta/models/x:predict",
        "DELETE, /v1/chat/completions"
    })
    void whatIsUnknownIsNotFound(String method, String path) {
        RawClient.Reply reply = call(method, path);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.body()).contains("Invalid URL (" + method + " " + path + ")");
    }

    @Test
    void whatIsNobodysIsLeftToOthers() {
        assertThat(call("GET", "/mjolnir").status()).isEqualTo(418);
    }
}

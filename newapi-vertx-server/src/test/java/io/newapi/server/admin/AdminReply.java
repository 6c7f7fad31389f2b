package io.newapi.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;

/** An answer of the admin API. */
record AdminReply(HttpResponse<String> response) {

    int status() {
        return response.statusCode();
    }

    String text() {
        return response.body();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    JsonNode json() {
        return Json.parse(text()).orElseThrow(() -> new AssertionError("no JSON: " + text()));
    }

    boolean success() {
        return json().path("success").asBoolean();
    }

    String code() {
        return json().path("code").asText();
    }

    JsonNode data() {
        return json().path("data");
    }

    List<String> names() {
        return List.copyOf(
                data().properties().stream().map(java.util.Map.Entry::getKey).toList());
    }
}

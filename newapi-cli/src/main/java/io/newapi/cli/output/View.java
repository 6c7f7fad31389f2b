package io.newapi.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.ChannelType;
import io.newapi.cli.client.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The stable rows of our documents, made from the server's: codes become words, times become UTC text, comma texts
 * become lists, and secrets stay away.
 */
public final class View {

    private View() {}

    /** A channel; its key is never in it. */
    public static ObjectNode channel(JsonNode row) {
        int type = row.path("type").asInt();
        ObjectNode view = Json.object()
                .put("id", row.path("id").asLong())
                .put("name", Json.text(row, "name"))
                .put("type", type)
                .put("type_name", ChannelType.name(type))
                .put("status", channelStatus(row.path("status").asInt()));
        view.set("groups", list(Json.text(row, "group")));
        view.set("models", list(Json.text(row, "models")));
        view.put("base_url", Json.text(row, "base_url"))
                .put("priority", row.path("priority").asLong())
                .put("weight", row.path("weight").asLong())
                .put("tag", Json.text(row, "tag"))
                .put("used_quota", row.path("used_quota").asLong())
                .put("response_time_ms", row.path("response_time").asLong());
        putTime(view, "tested_at", row.path("test_time").asLong());
        return view;
    }

    /** A token; its key is never in it. */
    public static ObjectNode token(JsonNode row) {
        ObjectNode view = Json.object()
                .put("id", row.path("id").asLong())
                .put("name", Json.text(row, "name"))
                .put("status", tokenStatus(row.path("status").asInt()))
                .put("group", Json.text(row, "group"))
                .put("unlimited", row.path("unlimited_quota").asBoolean())
                .put("remain_quota", row.path("remain_quota").asLong())
                .put("used_quota", row.path("used_quota").asLong());
        putTime(view, "expires_at", row.path("expired_time").asLong());
        view.set(
                "models",
                row.path("model_limits_enabled").asBoolean() ? list(Json.text(row, "model_limits")) : list(""));
        putTime(view, "created_at", row.path("created_time").asLong());
        putTime(view, "used_at", row.path("accessed_time").asLong());
        return view;
    }

    /** A user. */
    public static ObjectNode user(JsonNode row) {
        ObjectNode view = Json.object()
                .put("id", row.path("id").asLong())
                .put("username", Json.text(row, "username"))
                .put("display_name", Json.text(row, "display_name"))
                .put("role", role(row.path("role").asInt()))
                .put("status", userStatus(row))
                .put("group", Json.text(row, "group"))
                .put("quota", row.path("quota").asLong())
                .put("used_quota", row.path("used_quota").asLong())
                .put("request_count", row.path("request_count").asLong());
        return view;
    }

    /** A log row; {@code other} is always an object. */
    public static ObjectNode log(JsonNode row) {
        ObjectNode view = Json.object();
        putTime(view, "time", row.path("created_at").asLong());
        view.put("type", logType(row.path("type").asInt()))
                .put("user", Json.text(row, "username"))
                .put("token", Json.text(row, "token_name"))
                .put("model", Json.text(row, "model_name"))
                .put("channel", row.path("channel").asLong())
                .put("channel_name", Json.text(row, "channel_name"))
                .put("group", Json.text(row, "group"))
                .put("prompt_tokens", row.path("prompt_tokens").asLong())
                .put("completion_tokens", row.path("completion_tokens").asLong())
                .put("quota", row.path("quota").asLong())
                .put("use_time_seconds", row.path("use_time").asLong())
                .put("stream", row.path("is_stream").asBoolean())
                .put("ip", Json.text(row, "ip"))
                .put("request_id", Json.text(row, "request_id"))
                .put("content", Json.text(row, "content"));
        view.set("other", object(Json.text(row, "other")));
        return view;
    }

    /** An audit of the books: the figures, then what differs and what is in suspense. */
    public static ObjectNode audit(JsonNode report) {
        ObjectNode view = Json.object().put("state", Json.text(report, "state")).put("run", Json.text(report, "run"));
        putTime(view, "started_at", report.path("started_at").asLong());
        putTime(view, "finished_at", report.path("finished_at").asLong());
        JsonNode checked = report.path("checked");
        view.put("users", checked.path("users").asLong())
                .put("tokens", checked.path("tokens").asLong())
                .put("channels", checked.path("channels").asLong())
                .put("opened", report.path("opened").asLong())
                .put("undecided", report.path("undecided").asLong())
                .put("differences", report.path("differences").path("total").asLong())
                .put("suspense", report.path("suspense").path("total").asLong())
                .put("clean", report.path("clean").asBoolean());
        ArrayNode differences = view.putArray("difference_items");
        report.path("differences").path("items").forEach(item -> differences.add(difference(item)));
        ArrayNode suspense = view.putArray("suspense_items");
        report.path("suspense").path("items").forEach(item -> suspense.add(suspended(item)));
        return view;
    }

    /** A run of a node. */
    public static ObjectNode node(JsonNode row) {
        ObjectNode view = Json.object()
                .put("node", Json.text(row, "node_name"))
                .put("run_id", Json.text(row, "run_id"))
                .put("role", Json.text(row, "role"))
                .put("state", Json.text(row, "state"))
                .put("node_type", Json.text(row, "node_type"))
                .put("version", Json.text(row, "version"))
                .put("port", row.path("port").asInt())
                .put("silent_ms", row.path("silent_ms").asLong())
                .put("calls_served", row.path("calls_served").asLong())
                .put("calls_under_way", row.path("calls_under_way").asLong())
                .put("sync_seconds", row.path("sync_seconds").asLong())
                .put("sync_age_seconds", row.path("sync_age_seconds").asLong())
                .put("clock_ahead_ms", row.path("clock_ahead_ms").asLong())
                .put("time_zone", Json.text(row, "time_zone"))
                .put("database", Json.text(row, "database"))
                .put("log_database", Json.text(row, "log_database"))
                .put("redis", Json.text(row, "redis"))
                .put("redis_joined", row.path("redis_joined").asBoolean())
                .put("session_secret_fingerprint", Json.text(row, "session_secret_fingerprint"))
                .put("crypto_secret_fingerprint", Json.text(row, "crypto_secret_fingerprint"));
        view.set("troubles", texts(row.path("troubles")));
        view.set("untrusted_forwarders", texts(row.path("untrusted_forwarders")));
        putTime(view, "started_at", row.path("started_at").asLong());
        return view;
    }

    /** What was found of a cluster. */
    public static ObjectNode doctor(JsonNode report) {
        ObjectNode view = Json.object()
                .put("healthy", report.path("healthy").asBoolean())
                .put("nodes", report.path("nodes").asInt());
        ArrayNode findings = view.putArray("findings");
        report.path("findings")
                .forEach(finding -> findings.addObject()
                        .put("level", Json.text(finding, "level"))
                        .put("code", Json.text(finding, "code"))
                        .put("node", Json.text(finding, "node"))
                        .put("what", Json.text(finding, "what"))
                        .put("advice", Json.text(finding, "advice"))
                        .put("rule", Json.text(finding, "rule")));
        return view;
    }

    private static ArrayNode texts(JsonNode array) {
        ArrayNode texts = Json.object().arrayNode();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static ObjectNode difference(JsonNode item) {
        ObjectNode view = Json.object()
                .put("kind", Json.text(item, "kind"))
                .put("id", item.path("id").asLong())
                .put("figure", Json.text(item, "figure"))
                .put("cause", Json.text(item, "cause"))
                .put("expected", item.path("expected").asLong())
                .put("found", item.path("found").asLong())
                .put("difference", item.path("difference").asLong());
        putTime(view, "right_until", item.path("clean_at").asLong());
        return view;
    }

    private static ObjectNode suspended(JsonNode item) {
        ObjectNode view = Json.object()
                .put("kind", Json.text(item, "kind"))
                .put("id", item.path("id").asLong())
                .put("quota", item.path("quota").asLong())
                .put("reason", Json.text(item, "reason"))
                .put("writer", Json.text(item, "writer"));
        putTime(view, "created_at", item.path("created_at").asLong());
        return view;
    }

    /** A run of a node, as the ledger knows it. */
    public static ObjectNode writer(JsonNode row) {
        ObjectNode view = Json.object()
                .put("writer_id", Json.text(row, "writer_id"))
                .put("node", Json.text(row, "node_name"))
                .put("own", row.path("own").asBoolean())
                .put("state", Json.text(row, "state"))
                .put("exchange_no", row.path("exchange_no").asLong())
                .put("applied_pos", row.path("applied_pos").asLong())
                .put("held_user_quota", row.path("held_user_quota").asLong())
                .put("held_token_quota", row.path("held_token_quota").asLong())
                .put("leases", row.path("leases").asLong());
        view.set("silent_seconds", row.path("silent_seconds"));
        putTime(view, "started_at", row.path("started_at").asLong());
        putTime(view, "closed_at", row.path("closed_at").asLong());
        return view.put("place", Json.text(row, "place"));
    }

    /** A journal of the node that was asked. */
    public static ObjectNode journal(JsonNode row) {
        return Json.object()
                .put("writer_id", Json.text(row, "writer_id"))
                .put("segments", row.path("segments").asLong())
                .put("bytes", row.path("bytes").asLong())
                .put("booked_bytes", row.path("booked_bytes").asLong())
                .put("lag_bytes", row.path("lag_bytes").asLong())
                .put("room", row.path("room").asBoolean())
                .put("fsync", Json.text(row, "fsync"));
    }

    private static String channelStatus(int code) {
        return switch (code) {
            case 1 -> "enabled";
            case 2 -> "disabled";
            case 3 -> "auto-disabled";
            default -> "unknown";
        };
    }

    private static String tokenStatus(int code) {
        return switch (code) {
            case 1 -> "enabled";
            case 2 -> "disabled";
            case 3 -> "expired";
            case 4 -> "exhausted";
            default -> "unknown";
        };
    }

    private static String userStatus(JsonNode row) {
        if (row.hasNonNull("DeletedAt")) {
            return "deleted";
        }
        return row.path("status").asInt() == 1 ? "enabled" : "disabled";
    }

    private static String role(int code) {
        return switch (code) {
            case 0 -> "guest";
            case 1 -> "common";
            case 10 -> "admin";
            case 100 -> "root";
            default -> Integer.toString(code);
        };
    }

    private static String logType(int code) {
        return switch (code) {
            case 1 -> "topup";
            case 2 -> "consume";
            case 3 -> "manage";
            case 4 -> "system";
            case 5 -> "error";
            case 6 -> "refund";
            default -> "unknown";
        };
    }

    /** Null for "never": servers write that as -1 or 0. */
    private static void putTime(ObjectNode view, String field, long epochSeconds) {
        view.put(
                field,
                epochSeconds <= 0 ? null : Instant.ofEpochSecond(epochSeconds).toString());
    }

    private static ArrayNode list(String commaText) {
        ArrayNode list = Json.object().arrayNode();
        for (String element : commaText.split(",", -1)) {
            if (!element.isBlank()) {
                list.add(element.strip());
            }
        }
        return list;
    }

    private static ObjectNode object(String text) {
        try {
            return Json.parse(text.getBytes(StandardCharsets.UTF_8)) instanceof ObjectNode object
                    ? object
                    : Json.object();
        } catch (IOException e) {
            return Json.object().put("unreadable", text);
        }
    }
}

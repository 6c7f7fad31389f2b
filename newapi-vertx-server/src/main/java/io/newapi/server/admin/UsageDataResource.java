package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.newapi.server.store.HourlyUsageRow;
import io.newapi.server.store.HourlyUsageStore;
import java.time.InstantSource;
import java.util.List;

/** {@code /api/data}: usage by the hour, for the dashboard. */
final class UsageDataResource {

    private static final long MAX_OWN_SPAN_SECONDS = 2_592_000;

    private final HourlyUsageStore usage;
    private final InstantSource clock;

    UsageDataResource(HourlyUsageStore usage, InstantSource clock) {
        this.usage = usage;
        this.clock = clock;
    }

    void mount(AdminRoutes routes) {
        routes.get("/api/data", Access.ADMIN, this::all).get("/api/data/self", Access.USER, this::own);
    }

    private Answer all(AdminCall call) {
        String username = call.query("username");
        long from = call.queryNumber("start_timestamp");
        long to = end(call);
        return Answer.ok(list(username.isEmpty() ? usage.summed(from, to) : usage.ofUsername(username, from, to)));
    }

    private Answer own(AdminCall call) {
        long to = call.query("end_timestamp").isEmpty()
                ? clock.instant().getEpochSecond()
                : call.queryNumber("end_timestamp");
        long from = call.query("start_timestamp").isEmpty()
                ? Math.max(0, to - MAX_OWN_SPAN_SECONDS)
                : call.queryNumber("start_timestamp");
        if (from < 0 || to - from > MAX_OWN_SPAN_SECONDS) {
            throw Refused.because(Message.TIME_RANGE_TOO_LONG, MAX_OWN_SPAN_SECONDS);
        }
        return Answer.ok(list(usage.ofUser(call.actor().id(), from, to)));
    }

    private static long end(AdminCall call) {
        long to = call.queryNumber("end_timestamp");
        return to == 0 ? Long.MAX_VALUE : to;
    }

    private static ArrayNode list(List<HourlyUsageRow> rows) {
        ArrayNode list = Json.array();
        for (HourlyUsageRow row : rows) {
            list.addObject()
                    .put("id", 0)
                    .put("user_id", row.userId())
                    .put("username", row.username())
                    .put("model_name", row.modelName())
                    .put("created_at", row.createdAt())
                    .put("token_used", row.tokenUsed())
                    .put("count", row.count())
                    .put("quota", row.quota());
        }
        return list;
    }
}

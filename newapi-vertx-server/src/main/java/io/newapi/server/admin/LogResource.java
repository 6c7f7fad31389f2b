package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.store.ChannelStore;
import io.newapi.server.store.LogFilter;
import io.newapi.server.store.LogRow;
import io.newapi.server.store.LogStat;
import io.newapi.server.store.LogStore;
import io.newapi.server.store.Page;
import java.util.List;
import java.util.Map;

/** {@code /api/log}: all logs for administrators, one's own for everybody, a key's own for its holder. */
final class LogResource {

    private final LogStore logs;
    private final ChannelStore channels;
    private final KeyHolders holders;
    private final Audit audit;

    LogResource(LogStore logs, ChannelStore channels, KeyHolders holders, Audit audit) {
        this.logs = logs;
        this.channels = channels;
        this.holders = holders;
        this.audit = audit;
    }

    void mount(AdminRoutes routes) {
        routes.get("/api/log", Access.ADMIN, this::list)
                .deleteHere("/api/log", Access.ADMIN, this::deleteOld)
                .get("/api/log/search", Access.ADMIN, this::search)
                .get("/api/log/self/search", Access.USER, this::searchOwn)
                .get("/api/log/stat", Access.ADMIN, call -> stat(filter(call)))
                .get("/api/log/self", Access.USER, this::listOwn)
                .get("/api/log/self/stat", Access.USER, call -> stat(ownFilter(call)))
                .fromAnyOrigin("/api/log/token")
                .criticalGet("/api/log/token", Access.ANYONE, this::listOfKey);
    }

    private Answer list(AdminCall call) {
        Page<LogRow> page = logs.page(filter(call), call.page());
        Map<Long, String> names =
                channels.names(page.items().stream().map(LogRow::channelId).toList());
        return Answer.ok(Pages.of(page, row -> LogView.forAdmin(row, names.getOrDefault(row.channelId(), ""))));
    }

    private Answer listOwn(AdminCall call) {
        return Answer.ok(Pages.of(logs.selfPage(call.actor().id(), ownFilter(call), call.page()), LogView::forOwner));
    }

    private Answer search(AdminCall call) {
        List<LogRow> found = logs.search(call.query("keyword").strip());
        Map<Long, String> names =
                channels.names(found.stream().map(LogRow::channelId).toList());
        ArrayNode rows = Json.array();
        found.forEach(row -> rows.add(LogView.forAdmin(row, names.getOrDefault(row.channelId(), ""))));
        return Answer.ok(rows);
    }

    /** By type only, as in the original: what is written into a row is not always for its owner. */
    private Answer searchOwn(AdminCall call) {
        ArrayNode rows = Json.array();
        logs.searchOwn(call.actor().id(), call.query("keyword").strip())
                .forEach(row -> rows.add(LogView.forOwner(row)));
        return Answer.ok(rows);
    }

    private Answer stat(LogFilter filter) {
        LogStat stat = logs.stat(filter);
        ObjectNode data = Json.object()
                .put("quota", stat.quota())
                .put("rpm", stat.requestsPerMinute())
                .put("tpm", stat.tokensPerMinute());
        return Answer.ok(data);
    }

    private static LogFilter filter(AdminCall call) {
        return new LogFilter(
                0,
                (int) Math.max(0, Math.min(1000, call.queryNumber("type"))),
                call.queryNumber("start_timestamp"),
                call.queryNumber("end_timestamp"),
                call.query("username"),
                call.query("token_name"),
                call.query("model_name"),
                call.queryNumber("channel"),
                call.query("group"));
    }

    /** By id and not by name: names change hands. */
    private static LogFilter ownFilter(AdminCall call) {
        LogFilter filter = filter(call);
        return new LogFilter(
                call.actor().id(),
                filter.type(),
                filter.from(),
                filter.to(),
                "",
                filter.tokenName(),
                filter.modelName(),
                0,
                filter.group());
    }

    /** The newest rows of a key only. */
    private Answer listOfKey(AdminCall call) {
        long token = holders.inHeaderOrQuery(call).token().id();
        ArrayNode rows = Json.array();
        logs.byToken(token, LogStore.MAX_BY_TOKEN).forEach(row -> rows.add(LogView.forOwner(row)));
        return Answer.ok(rows);
    }

    private Answer deleteOld(AdminCall call) {
        long before = call.queryNumber("target_timestamp");
        if (before <= 0) {
            throw Refused.because(Message.TARGET_TIMESTAMP_MISSING);
        }
        audit.done(call, "logs before " + before);
        return Answer.ok(logs.deleteOlderThan(before));
    }
}

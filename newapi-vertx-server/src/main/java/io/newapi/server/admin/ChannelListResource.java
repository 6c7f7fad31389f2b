package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.store.ChannelFilter;
import io.newapi.server.store.ChannelRow;
import io.newapi.server.store.ChannelStore;
import io.newapi.server.store.Page;
import io.newapi.server.store.PageRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code /api/channel} and {@code /api/channel/search}: lists of channels, by page or by tag. */
final class ChannelListResource {

    private static final int SEARCH_SIZE = 20;

    private final ChannelStore channels;

    ChannelListResource(ChannelStore channels) {
        this.channels = channels;
    }

    void mount(AdminRoutes routes) {
        routes.get("/api/channel", Access.ADMIN, this::list).get("/api/channel/search", Access.ADMIN, this::search);
    }

    private Answer list(AdminCall call) {
        ChannelFilter filter = filter(call, "", "", "");
        PageRequest request = call.page();
        ObjectNode data = page(call, filter, request);
        data.put("page", request.page()).put("page_size", request.size());
        return Answer.ok(data);
    }

    private Answer search(AdminCall call) {
        boolean sized = call.query().contains("page_size")
                || call.query().contains("ps")
                || call.query().contains("size");
        PageRequest asked = call.page();
        ChannelFilter filter = filter(
                call,
                call.query("keyword").strip(),
                call.query("group").strip(),
                call.query("model").strip());
        return Answer.ok(page(call, filter, sized ? asked : new PageRequest(asked.page(), SEARCH_SIZE)));
    }

    private ObjectNode page(AdminCall call, ChannelFilter filter, PageRequest request) {
        Page<ChannelRow> page = call.querySwitch("tag_mode")
                ? byTag(filter, request, call.querySwitch("id_sort"))
                : channels.page(filter, request, call.querySwitch("id_sort"));
        ArrayNode items = Json.array();
        page.items().forEach(channel -> items.add(ChannelView.listed(channel)));
        ObjectNode counts = Json.object();
        ChannelFilter byStatus =
                new ChannelFilter(filter.keyword(), filter.group(), filter.model(), filter.status(), null);
        channels.typeCounts(byStatus).forEach((type, count) -> counts.put(type.toString(), count));
        ObjectNode data = Json.object();
        data.set("items", items);
        data.put("total", page.total());
        data.set("type_counts", counts);
        return data;
    }

    /** Pages over tags: all channels of the tags on the page; the total is the number of tags. */
    private Page<ChannelRow> byTag(ChannelFilter filter, PageRequest request, boolean byId) {
        List<ChannelRow> tagged = allMatching(filter, byId);
        TreeSet<String> tags = tagged.stream().map(ChannelRow::tag).collect(Collectors.toCollection(TreeSet::new));
        Set<String> onPage =
                tags.stream().skip(request.offset()).limit(request.size()).collect(Collectors.toSet());
        return new Page<>(
                tagged.stream()
                        .filter(channel -> onPage.contains(channel.tag()))
                        .toList(),
                tags.size(),
                request);
    }

    private List<ChannelRow> allMatching(ChannelFilter filter, boolean byId) {
        Comparator<ChannelRow> newest = Comparator.comparingLong(ChannelRow::id).reversed();
        Comparator<ChannelRow> order = byId
                ? newest
                : Comparator.comparingLong(ChannelRow::priority).reversed().thenComparing(newest);
        return channels.all().stream()
                .filter(channel -> !channel.tag().isEmpty() && matches(filter, channel))
                .sorted(order)
                .toList();
    }

    private static boolean matches(ChannelFilter filter, ChannelRow channel) {
        boolean enabled = channel.status() == ChannelStore.ENABLED;
        boolean status = switch (filter.status()) {
            case ANY -> true;
            case ENABLED -> enabled;
            case DISABLED -> !enabled;
        };
        Integer type = filter.type();
        return status
                && (type == null || type == channel.type())
                && (filter.group().isEmpty()
                        || List.of(channel.group().split(",", -1)).contains(filter.group()))
                && channel.models().contains(filter.model())
                && (channel.name().contains(filter.keyword())
                        || channel.baseUrl().contains(filter.keyword())
                        || channel.key().equals(filter.keyword())
                        || Long.toString(channel.id()).equals(filter.keyword()));
    }

    private static final Map<String, ChannelFilter.Status> STATUSES = Map.of(
            "enabled", ChannelFilter.Status.ENABLED,
            "1", ChannelFilter.Status.ENABLED,
            "disabled", ChannelFilter.Status.DISABLED,
            "0", ChannelFilter.Status.DISABLED);

    private static ChannelFilter filter(AdminCall call, String keyword, String group, String model) {
        return new ChannelFilter(
                keyword,
                group,
                model,
                STATUSES.getOrDefault(call.query("status"), ChannelFilter.Status.ANY),
                type(call.query("type")));
    }

    private static @Nullable Integer type(String text) {
        boolean number = !text.isEmpty() && text.length() < 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Integer.valueOf(text) : null;
    }
}

package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.shape.ProxyAddress;
import io.newapi.server.store.ChannelInfo;
import io.newapi.server.store.ChannelRow;
import java.util.TreeMap;

/** How a channel looks to administrators: always with an empty key. */
final class ChannelView {

    private ChannelView() {}

    static ObjectNode of(ChannelRow channel) {
        ObjectNode view = Json.object()
                .put("id", channel.id())
                .put("type", channel.type())
                .put("key", "")
                .put("openai_organization", channel.organization())
                .put("test_model", channel.testModel())
                .put("status", channel.status())
                .put("name", channel.name())
                .put("weight", channel.weight())
                .put("created_time", channel.createdTime())
                .put("test_time", channel.testTime())
                .put("response_time", channel.responseTime())
                .put("base_url", channel.baseUrl())
                .put("other", channel.other())
                .put("balance", channel.balance())
                .put("balance_updated_time", channel.balanceUpdatedTime())
                .put("models", channel.models())
                .put("group", channel.group())
                .put("used_quota", channel.usedQuota())
                .put("model_mapping", channel.modelMapping())
                .put("status_code_mapping", channel.statusCodeMapping())
                .put("priority", channel.priority())
                .put("auto_ban", channel.autoBan())
                .put("other_info", channel.otherInfo())
                .put("tag", channel.tag())
                .put("setting", channel.setting())
                .put("param_override", channel.paramOverride())
                .put("header_override", channel.headerOverride())
                .put("remark", channel.remark())
                .put("settings", channel.settings());
        view.set("channel_info", info(channel.channelInfo()));
        return view;
    }

    /** The same in a list of several: without the password of its proxy. */
    static ObjectNode listed(ChannelRow channel) {
        return of(channel).put("setting", ProxyAddress.masked(channel.setting()));
    }

    /** A column that another program wrote in a form we cannot read is shown as that of a single key. */
    private static ObjectNode info(String column) {
        ChannelInfo info = readable(column);
        ObjectNode statuses = Json.object();
        new TreeMap<>(info.statuses()).forEach((index, status) -> statuses.put(index.toString(), status));
        ObjectNode view = Json.object().put("is_multi_key", info.multiKey()).put("multi_key_size", info.multiKeySize());
        view.set("multi_key_status_list", statuses);
        return view.put("multi_key_polling_index", info.pollingIndex()).put("multi_key_mode", info.mode());
    }

    private static ChannelInfo readable(String column) {
        try {
            return ChannelInfo.parse(column);
        } catch (IllegalArgumentException e) {
            return ChannelInfo.SINGLE;
        }
    }
}

package io.newapi.server.store;

import java.math.BigDecimal;

/**
 * A row of {@code channels}; NULL has become 0 or an empty text ({@code auto_ban}: 1). The key and the overrides, which
 * may carry credentials, stay out of {@link #toString}.
 *
 * @param key the upstream credential; several are separated by line ends, or are the elements of a JSON array
 * @param status 1 enabled, 2 disabled by hand, 3 disabled automatically
 * @param createdTime Unix seconds
 * @param testTime Unix seconds
 * @param responseTime milliseconds
 * @param balance what the upstream says is left, USD
 * @param balanceUpdatedTime Unix seconds
 * @param models model names, separated by commas
 * @param group group names, separated by commas
 * @param modelMapping JSON object, or empty
 * @param statusCodeMapping JSON object, or empty
 * @param autoBan 1 if it may be disabled automatically
 * @param otherInfo JSON object with the reason and time of the last change of status
 * @param setting JSON object, or empty
 * @param paramOverride JSON object, or empty
 * @param headerOverride JSON object, or empty
 * @param channelInfo JSON object about several keys; see {@link ChannelInfo#parse}
 * @param settings JSON object, or empty
 */
public record ChannelRow(
        long id,
        int type,
        String key,
        String organization,
        String testModel,
        int status,
        String name,
        long weight,
        long createdTime,
        long testTime,
        long responseTime,
        String baseUrl,
        String other,
        BigDecimal balance,
        long balanceUpdatedTime,
        String models,
        String group,
        long usedQuota,
        String modelMapping,
        String statusCodeMapping,
        long priority,
        int autoBan,
        String otherInfo,
        String tag,
        String setting,
        String paramOverride,
        String headerOverride,
        String remark,
        String channelInfo,
        String settings) {

    @Override
    public String toString() {
        return "ChannelRow[id=" + id + ", type=" + type + ", name=" + name + ", status=" + status + ", group=" + group
                + ", models=" + models + "]";
    }
}

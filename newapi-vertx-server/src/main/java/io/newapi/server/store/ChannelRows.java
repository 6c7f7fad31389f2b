package io.newapi.server.store;

import static io.newapi.server.store.Nulls.code;
import static io.newapi.server.store.Nulls.decimal;
import static io.newapi.server.store.Nulls.number;
import static io.newapi.server.store.Nulls.text;

import io.newapi.server.store.Tables.Channels;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;

/** The columns of a {@link ChannelRow} and how it is made of them. */
final class ChannelRows {

    static final List<Field<?>> COLUMNS = List.of(
            Channels.ID,
            Channels.TYPE,
            Channels.KEY,
            Channels.ORGANIZATION,
            Channels.TEST_MODEL,
            Channels.STATUS,
            Channels.NAME,
            Channels.WEIGHT,
            Channels.CREATED_TIME,
            Channels.TEST_TIME,
            Channels.RESPONSE_TIME,
            Channels.BASE_URL,
            Channels.OTHER,
            Channels.BALANCE,
            Channels.BALANCE_UPDATED_TIME,
            Channels.MODELS,
            Channels.GROUP,
            Channels.USED_QUOTA,
            Channels.MODEL_MAPPING,
            Channels.STATUS_CODE_MAPPING,
            Channels.PRIORITY,
            Channels.AUTO_BAN,
            Channels.OTHER_INFO,
            Channels.TAG,
            Channels.SETTING,
            Channels.PARAM_OVERRIDE,
            Channels.HEADER_OVERRIDE,
            Channels.REMARK,
            Channels.CHANNEL_INFO,
            Channels.SETTINGS);

    private ChannelRows() {}

    static ChannelRow row(Record row) {
        return new ChannelRow(
                number(row, Channels.ID),
                code(row, Channels.TYPE),
                text(row, Channels.KEY),
                text(row, Channels.ORGANIZATION),
                text(row, Channels.TEST_MODEL),
                code(row, Channels.STATUS),
                text(row, Channels.NAME),
                number(row, Channels.WEIGHT),
                number(row, Channels.CREATED_TIME),
                number(row, Channels.TEST_TIME),
                number(row, Channels.RESPONSE_TIME),
                text(row, Channels.BASE_URL),
                text(row, Channels.OTHER),
                decimal(row, Channels.BALANCE),
                number(row, Channels.BALANCE_UPDATED_TIME),
                text(row, Channels.MODELS),
                text(row, Channels.GROUP),
                number(row, Channels.USED_QUOTA),
                text(row, Channels.MODEL_MAPPING),
                text(row, Channels.STATUS_CODE_MAPPING),
                number(row, Channels.PRIORITY),
                code(row, Channels.AUTO_BAN, 1),
                text(row, Channels.OTHER_INFO),
                text(row, Channels.TAG),
                text(row, Channels.SETTING),
                text(row, Channels.PARAM_OVERRIDE),
                text(row, Channels.HEADER_OVERRIDE),
                text(row, Channels.REMARK),
                text(row, Channels.CHANNEL_INFO),
                text(row, Channels.SETTINGS));
    }
}

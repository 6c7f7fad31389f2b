package io.newapi.server.store;

import io.newapi.server.store.Tables.Channels;
import org.jspecify.annotations.Nullable;

/**
 * Columns of a channel to be written, of a new one or of an existing one; what is not named keeps its value or takes the
 * column's default. Built by the methods, each of which names one column; not safe for use by several threads. Texts are
 * stored as they come: that they are well-formed JSON, short enough and so on is for the caller to check.
 */
public final class ChannelChange {

    private final ColumnValues columns = new ColumnValues();

    /** Names nothing yet. */
    public static ChannelChange none() {
        return new ChannelChange();
    }

    private ChannelChange() {}

    /** The provider's type number. */
    public ChannelChange type(int value) {
        columns.put(Channels.TYPE, value);
        return this;
    }

    /** The upstream credential, or several. */
    public ChannelChange key(String value) {
        columns.put(Channels.KEY, value);
        return this;
    }

    /** The organisation header of OpenAI. */
    public ChannelChange organization(String value) {
        columns.put(Channels.ORGANIZATION, value);
        return this;
    }

    /** The model to test with. */
    public ChannelChange testModel(String value) {
        columns.put(Channels.TEST_MODEL, value);
        return this;
    }

    /** 1 enabled, 2 disabled by hand, 3 disabled automatically; to record a reason use {@link ChannelStore#setStatus}. */
    public ChannelChange status(int value) {
        columns.put(Channels.STATUS, value);
        return this;
    }

    /** The name that is shown. */
    public ChannelChange name(String value) {
        columns.put(Channels.NAME, value);
        return this;
    }

    /** The weight among channels of the same priority; not negative. */
    public ChannelChange weight(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("weight must not be negative: " + value);
        }
        columns.put(Channels.WEIGHT, value);
        return this;
    }

    /** Empty for the type's own address. */
    public ChannelChange baseUrl(String value) {
        columns.put(Channels.BASE_URL, value);
        return this;
    }

    /** Region, API version and the like, by type. */
    public ChannelChange other(String value) {
        columns.put(Channels.OTHER, value);
        return this;
    }

    /** Model names, separated by commas. */
    public ChannelChange models(String value) {
        columns.put(Channels.MODELS, value);
        return this;
    }

    /** Group names, separated by commas; empty becomes {@code default}. */
    public ChannelChange group(String value) {
        columns.put(Channels.GROUP, value.isEmpty() ? UserStore.DEFAULT_GROUP : value);
        return this;
    }

    /** JSON object, or empty. */
    public ChannelChange modelMapping(String json) {
        columns.put(Channels.MODEL_MAPPING, json);
        return this;
    }

    /** JSON object, or empty. */
    public ChannelChange statusCodeMapping(String json) {
        columns.put(Channels.STATUS_CODE_MAPPING, json);
        return this;
    }

    /** Higher goes first. */
    public ChannelChange priority(long value) {
        columns.put(Channels.PRIORITY, value);
        return this;
    }

    /** Whether it may be disabled automatically. */
    public ChannelChange autoBan(boolean value) {
        columns.put(Channels.AUTO_BAN, value ? 1 : 0);
        return this;
    }

    /** JSON object, or empty. */
    public ChannelChange otherInfo(String json) {
        columns.put(Channels.OTHER_INFO, json);
        return this;
    }

    /** A label to handle channels together by; null or empty for none. */
    public ChannelChange tag(@Nullable String value) {
        columns.put(Channels.TAG, value == null || value.isEmpty() ? null : value);
        return this;
    }

    /** JSON object, or empty. */
    public ChannelChange setting(String json) {
        columns.put(Channels.SETTING, json);
        return this;
    }

    /** JSON object, or empty. */
    public ChannelChange paramOverride(String json) {
        columns.put(Channels.PARAM_OVERRIDE, json);
        return this;
    }

    /** JSON object, or empty. */
    public ChannelChange headerOverride(String json) {
        columns.put(Channels.HEADER_OVERRIDE, json);
        return this;
    }

    /** The administrators' note. */
    public ChannelChange remark(String value) {
        columns.put(Channels.REMARK, value);
        return this;
    }

    /** What is known about the single keys of a channel with several. */
    public ChannelChange channelInfo(ChannelInfo value) {
        columns.put(Channels.CHANNEL_INFO, value.toJson());
        return this;
    }

    /** JSON object, or empty. */
    public ChannelChange settings(String json) {
        columns.put(Channels.SETTINGS, json);
        return this;
    }

    ColumnValues columns() {
        return columns;
    }

    @Override
    public String toString() {
        return "ChannelChange" + columns;
    }
}

package io.newapi.server.admin;

import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.ChannelInfo;
import io.newapi.server.store.ChannelRow;

/** A new channel like an existing one: what an administrator sets is copied, what was measured is not. */
final class ChannelCopy {

    private ChannelCopy() {}

    static ChannelChange of(ChannelRow original) {
        return ChannelChange.none()
                .type(original.type())
                .key(original.key())
                .name(original.name())
                .status(original.status())
                .organization(original.organization())
                .testModel(original.testModel())
                .weight(original.weight())
                .baseUrl(original.baseUrl())
                .other(original.other())
                .models(original.models())
                .group(original.group())
                .modelMapping(original.modelMapping())
                .statusCodeMapping(original.statusCodeMapping())
                .priority(original.priority())
                .autoBan(original.autoBan() != 0)
                .tag(original.tag())
                .setting(original.setting())
                .paramOverride(original.paramOverride())
                .headerOverride(original.headerOverride())
                .remark(original.remark())
                .channelInfo(info(original))
                .settings(original.settings());
    }

    private static ChannelInfo info(ChannelRow original) {
        try {
            return ChannelInfo.parse(original.channelInfo());
        } catch (IllegalArgumentException e) {
            throw Refused.because(Message.FIELD_INVALID, "channel_info", String.valueOf(e.getMessage()));
        }
    }
}

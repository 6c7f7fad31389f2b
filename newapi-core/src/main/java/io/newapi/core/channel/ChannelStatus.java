package io.newapi.core.channel;

/** Whether a channel serves calls. Stored as New API's column {@code channels.status} has it. */
public enum ChannelStatus {
    UNKNOWN(0),
    /** The only status in which calls are routed to the channel. */
    ENABLED(1),
    /** A person switched it off; nothing but a person switches it on again. */
    MANUALLY_DISABLED(2),
    /** The gateway switched it off after failures, and may switch it on again when a test succeeds. */
    AUTO_DISABLED(3);

    private final int code;

    ChannelStatus(int code) {
        this.code = code;
    }

    /** The stored number. */
    public int code() {
        return code;
    }

    /** The status stored as {@code code}; {@link #UNKNOWN}, which serves nothing, for a number nobody knows. */
    public static ChannelStatus fromCode(int code) {
        for (ChannelStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        return UNKNOWN;
    }
}

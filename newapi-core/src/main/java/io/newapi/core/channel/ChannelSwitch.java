package io.newapi.core.channel;

/** What an administrator may switch on for one channel, beside what the channel is; everything is off at first. */
public enum ChannelSwitch {
    /** Clients may choose a service tier, which the provider may charge more for than we do. */
    ALLOW_SERVICE_TIER("allow_service_tier"),

    /** Clients may name their own user to the provider. */
    ALLOW_SAFETY_IDENTIFIER("allow_safety_identifier"),

    /** Clients may choose where the model runs. */
    ALLOW_INFERENCE_GEO("allow_inference_geo"),

    /** Clients may choose how fast it runs. */
    ALLOW_SPEED("allow_speed"),

    /** Clients may say whether events of a stream are padded. */
    ALLOW_INCLUDE_OBFUSCATION("allow_include_obfuscation"),

    /** Clients may not say whether the provider keeps what they ask. */
    DISABLE_STORE("disable_store"),

    /** The upstream is not asked for usage in streams: it refuses requests that ask. */
    DISABLE_STREAM_OPTIONS("disable_stream_options");

    private final String text;

    ChannelSwitch(String text) {
        this.text = text;
    }

    /** The switch's name in the channel's stored settings. */
    public String text() {
        return text;
    }
}

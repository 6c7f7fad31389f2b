package io.newapi.server.relay.wire;

import io.newapi.core.channel.ChannelSwitch;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A field that clients may not send upstream unless the channel allows it, because it changes what the provider charges or
 * says something about the client's own users; and one that a channel may forbid.
 */
public enum GuardedField {
    /** Another queue of the provider, at another price. */
    SERVICE_TIER("service_tier", ChannelSwitch.ALLOW_SERVICE_TIER),

    /** Names one of the client's users. */
    SAFETY_IDENTIFIER("safety_identifier", ChannelSwitch.ALLOW_SAFETY_IDENTIFIER),

    /** Where the model runs; some places cost more. */
    INFERENCE_GEO("inference_geo", ChannelSwitch.ALLOW_INFERENCE_GEO),

    /** How fast it runs; fast costs more. */
    SPEED("speed", ChannelSwitch.ALLOW_SPEED),

    /** Whether events of a stream are padded, inside {@code stream_options}. */
    INCLUDE_OBFUSCATION("include_obfuscation", ChannelSwitch.ALLOW_INCLUDE_OBFUSCATION),

    /** Whether the provider keeps what is asked; goes through unless a channel forbids it. */
    STORE("store", ChannelSwitch.DISABLE_STORE, false);

    private final String text;
    private final ChannelSwitch permission;
    private final boolean permits;

    GuardedField(String text, ChannelSwitch permission) {
        this(text, permission, true);
    }

    /** @param permits whether the switch lets the field through, rather than holding it back */
    GuardedField(String text, ChannelSwitch permission, boolean permits) {
        this.text = text;
        this.permission = permission;
        this.permits = permits;
    }

    /** The fields that a channel with these switches lets through. */
    public static Set<GuardedField> allowedBy(Set<ChannelSwitch> switches) {
        Set<GuardedField> allowed = EnumSet.noneOf(GuardedField.class);
        for (GuardedField field : values()) {
            if (switches.contains(field.permission) == field.permits) {
                allowed.add(field);
            }
        }
        return allowed;
    }

    /** The field's name in a request. */
    public String text() {
        return text;
    }

    static Optional<GuardedField> of(String name) {
        for (GuardedField field : values()) {
            if (field.text.equals(name)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }
}

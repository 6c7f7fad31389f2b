package io.newapi.server.relay.wire;

import java.util.Optional;

/**
 * A field that clients may not send upstream unless the channel allows it, because it changes what the provider charges or
 * says something about the client's own users.
 */
public enum GuardedField {
    /** Another queue of the provider, at another price. */
    SERVICE_TIER("service_tier"),

    /** Names one of the client's users. */
    SAFETY_IDENTIFIER("safety_identifier"),

    /** Where the model runs; some places cost more. */
    INFERENCE_GEO("inference_geo"),

    /** How fast it runs; fast costs more. */
    SPEED("speed");

    private final String text;

    GuardedField(String text) {
        this.text = text;
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

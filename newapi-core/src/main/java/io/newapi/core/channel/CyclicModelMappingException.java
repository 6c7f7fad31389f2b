package io.newapi.core.channel;

/** A model mapping leads back to a name that it came from, so there is no name to send upstream. */
public final class CyclicModelMappingException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    CyclicModelMappingException(String chain) {
        super("model mapping runs in a circle: " + chain);
    }
}

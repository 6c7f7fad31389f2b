package io.newapi.server.relay.wire.chat;

/** Where a picture, document or sound is. */
public sealed interface Media {

    /**
     * Here.
     *
     * @param mediaType as {@code image/png}
     * @param base64 its bytes
     */
    record Inline(String mediaType, String base64) implements Media {}

    /**
     * At an address of the client's.
     *
     * @param mediaType empty if the client does not say
     */
    record Remote(String url, String mediaType) implements Media {}

    /** With the provider, who was given it before. */
    record Stored(String id) implements Media {}
}

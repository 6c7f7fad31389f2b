package io.newapi.server.outbound;

import io.vertx.core.buffer.Buffer;

/**
 * What somebody outside has answered.
 *
 * @param body as far as it was read
 * @param whole whether that is all of it
 */
public record OutboundAnswer(int status, Buffer body, boolean whole) {}

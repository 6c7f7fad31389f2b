/** Upstream dialects: where a request goes and how it is signed. One small class per dialect. */
@org.jspecify.annotations.NullMarked
package io.newapi.server.relay.provider;

/** The one place that connects to Redis, and keeps what listens to it alive. */
@NullMarked
package io.newapi.server.redis;

import org.jspecify.annotations.NullMarked;

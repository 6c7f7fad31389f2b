/**
 * Running the node: its logs and its state. Start at {@link io.newapi.server.ops.Logging}.
 *
 * <p>Nothing here blocks or fails a request.
 */
@NullMarked
package io.newapi.server.ops;

import org.jspecify.annotations.NullMarked;

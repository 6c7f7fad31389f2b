/**
 * A deterministic simulator of the ledger protocol, and the bugs that it must be able to find. Start with {@link
 * io.newapi.core.sim.World}; run it with {@code scripts/simulate}. Nothing here is thread-safe.
 */
@NullMarked
package io.newapi.core.sim;

import org.jspecify.annotations.NullMarked;

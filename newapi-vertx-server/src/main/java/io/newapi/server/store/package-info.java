/**
 * Storage: every SQL text of the gateway, and the only package that imports jOOQ, HikariCP, {@code java.sql} and Vert.x's
 * SQL client. Start at {@link io.newapi.server.store.Database} and {@link io.newapi.server.store.Stores}.
 *
 * <p>Everything here but {@link io.newapi.server.store.PipelinedReads} blocks and is called from worker threads only. Rows
 * are records in which a NULL of the database has become 0, an empty text or false.
 */
@NullMarked
package io.newapi.server.store;

import org.jspecify.annotations.NullMarked;

/**
 * The admin HTTP API below {@code /api}: one class per resource, sequential code on worker threads. Start at
 * {@link io.newapi.server.admin.AdminApi}.
 */
@org.jspecify.annotations.NullMarked
package io.newapi.server.admin;

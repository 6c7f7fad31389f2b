/**
 * Environment, {@code .env} file and flags, read once at start into one immutable value. Start at {@link
 * io.newapi.server.config.ServerConfig#load}.
 *
 * <p>Every variable is declared once, beside the part that it fills; the parts list their declarations in a {@link
 * io.newapi.server.config.Section}, from which the help text and {@code docs/configuration.md} are made. To add a
 * setting, declare it, read it in its part, and regenerate the two documents.
 */
@NullMarked
package io.newapi.server.config;

import org.jspecify.annotations.NullMarked;

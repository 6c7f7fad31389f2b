/**
 * A mock upstream provider in the formats of OpenAI, Azure, Anthropic and Google: what it answers, how slowly and with
 * which accident is decided by options or by the request itself. One {@link io.newapi.sandbox.Reply} is written by one
 * {@link io.newapi.sandbox.Writer} for each format. Start at {@link io.newapi.sandbox.Sandbox}.
 */
@NullMarked
package io.newapi.sandbox;

import org.jspecify.annotations.NullMarked;

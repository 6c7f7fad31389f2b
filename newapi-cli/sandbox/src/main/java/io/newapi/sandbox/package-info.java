/**
 * A mock upstream provider with the OpenAI chat format: what it answers, how slowly and with which accident is decided
 * by options or by the request itself. Start at {@link io.newapi.sandbox.Sandbox}.
 */
@NullMarked
package io.newapi.sandbox;

import org.jspecify.annotations.NullMarked;

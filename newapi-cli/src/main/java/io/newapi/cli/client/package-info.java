/** Talks to the admin HTTP API of a gateway, and remembers with which credential. Start at {@code AdminClient}. */
@NullMarked
package io.newapi.cli.client;

import org.jspecify.annotations.NullMarked;

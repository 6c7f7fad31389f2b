/** The program {@code newapi}. Start at {@link io.newapi.cli.Main}. */
@NullMarked
package io.newapi.cli;

import org.jspecify.annotations.NullMarked;

/** One class for each command. Start at {@link io.newapi.cli.command.NewApiCommand}. */
@NullMarked
package io.newapi.cli.command;

import org.jspecify.annotations.NullMarked;

/** Whole nodes under test: real clients before them, a mock upstream behind them, and their books checked afterwards. */
@NullMarked
package io.newapi.server.e2e;

import org.jspecify.annotations.NullMarked;

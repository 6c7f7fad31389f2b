/** What tests need from the machine they run on. */
@NullMarked
package io.newapi.server.testing;

import org.jspecify.annotations.NullMarked;

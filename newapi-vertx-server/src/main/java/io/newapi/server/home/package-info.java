/** The page that a browser finds at the gateway's root. */
@NullMarked
package io.newapi.server.home;

import org.jspecify.annotations.NullMarked;

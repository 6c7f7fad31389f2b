/** What joins nodes: the bridge between their event buses. */
@NullMarked
package io.newapi.server.cluster;

import org.jspecify.annotations.NullMarked;

/** The node: {@link io.newapi.server.Main} starts it, {@link io.newapi.server.NewApiServer} puts it together. */
@org.jspecify.annotations.NullMarked
package io.newapi.server;

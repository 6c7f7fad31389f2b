/**
 * What a channel changes in the calls that go through it. Everything here is immutable but for {@link
 * io.newapi.server.shape.Draft} and {@link io.newapi.server.shape.OutgoingHeaders}, knows neither sockets nor
 * storage, and is read once when a channel changes, not when it is called.
 */
package io.newapi.server.shape;

/**
 * What a channel changes in the calls that go through it. Everything here is immutable, but for the headers that are being made and
 * what stays inside; it knows neither sockets nor storage, and is read once when a channel changes, not when it is called.
 */
@NullMarked
package io.newapi.server.shape;

import org.jspecify.annotations.NullMarked;

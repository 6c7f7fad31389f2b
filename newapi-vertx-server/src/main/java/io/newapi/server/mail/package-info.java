/** Sends mail through the server that options name. The only place that knows the library for it. */
@org.jspecify.annotations.NullMarked
package io.newapi.server.mail;

/** Requests to addresses that users have named, and that are distrusted for it. */
@org.jspecify.annotations.NullMarked
package io.newapi.server.outbound;

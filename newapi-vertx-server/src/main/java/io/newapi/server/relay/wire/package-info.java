/** Client formats: what a request asks for, what an answer used, and how an error is said. Pure functions of bytes. */
@org.jspecify.annotations.NullMarked
package io.newapi.server.relay.wire;

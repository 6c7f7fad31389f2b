/** The node as its users see it: real clients, a mock upstream, a real database file. */
@org.jspecify.annotations.NullMarked
package io.newapi.server.e2e;

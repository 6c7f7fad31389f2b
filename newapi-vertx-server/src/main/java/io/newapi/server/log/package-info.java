/** What is written down of a call. */
@org.jspecify.annotations.NullMarked
package io.newapi.server.log;

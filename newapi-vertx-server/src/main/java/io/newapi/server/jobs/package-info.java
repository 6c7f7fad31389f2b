/** Work that a node does by itself, in the background. */
@org.jspecify.annotations.NullMarked
package io.newapi.server.jobs;

package io.newapi.server.jobs;

/**
 * A notice on its way to somebody; the same each time that it is sent.
 *
 * @param timestamp when it was told first, in seconds since 1970
 * @param id its own for each telling
 */
record Telling(Notice notice, long timestamp, String id) {}

package io.newapi.core.quota;

/**
 * How a journal of this process stands.
 *
 * @param writer whose it is
 * @param segments how many segments are in use or ready
 * @param bytes what they take on the disk
 * @param bookedBytes what segments take beside that are booked and only kept for a while
 * @param lagBytes what was settled and is not booked yet
 * @param room whether new calls are accepted
 * @param fsync when it is forced to the disk
 */
public record JournalStatus(
        WriterId writer, int segments, long bytes, long bookedBytes, long lagBytes, boolean room, FsyncMode fsync) {}

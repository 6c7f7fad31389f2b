package io.newapi.core.quota;

/** When what was appended to a journal is forced from the operating system's memory to the disk. */
public enum FsyncMode {
    /**
     * In the background, every 200 ms. The end of the process loses nothing; a loss of power may take the charges of
     * the last 200 ms.
     */
    INTERVAL,
    /**
     * Before an append returns; appenders that come at the same time share one force. A loss of power loses nothing, and
     * every call waits for the disk.
     */
    ALWAYS,
    /** Whenever the operating system likes. The end of the process loses nothing; a loss of power may lose more. */
    OFF
}

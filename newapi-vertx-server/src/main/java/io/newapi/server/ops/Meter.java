package io.newapi.server.ops;

/** Tells figures to whoever asks. Called on worker threads. */
interface Meter {

    /** Writes its families. */
    void write(Exposition out);
}

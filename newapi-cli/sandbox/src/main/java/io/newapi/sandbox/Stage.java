package io.newapi.sandbox;

/** What the event loops of one sandbox share: the script now played and the port now bound. Thread-safe. */
final class Stage {

    private volatile Script script;
    private volatile int port;

    Stage(Script script) {
        this.script = script;
    }

    Script script() {
        return script;
    }

    void play(Script script) {
        this.script = script;
    }

    /** 0 before the first event loop listens. */
    int port() {
        return port;
    }

    void bound(int port) {
        this.port = port;
    }
}

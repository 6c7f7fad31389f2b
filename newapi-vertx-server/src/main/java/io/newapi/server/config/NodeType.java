package io.newapi.server.config;

/** What part a node takes among others. */
public enum NodeType {
    /** Owns administration and background work, or competes for it. */
    MASTER,
    /** Never does background work. */
    SLAVE,
    /** As {@link #MASTER}, without insisting. */
    AUTO
}

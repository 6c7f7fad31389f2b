package io.newapi.server.config;

/** How log lines are written. */
public enum LogFormat {
    TEXT,
    JSON
}

package io.newapi.server.config;

import java.util.Arrays;
import java.util.Locale;

/** What a node may become among several that share a database. */
public enum NodeType {
    /** A candidate for the master's lease that is expected to get it, and warns when another holds it. */
    MASTER,
    /** A candidate like others. */
    AUTO,
    /** Never the master. */
    SLAVE;

    /** As the original: whatever is not {@code slave} may be the master; what is unknown is warned about. */
    static final Kind<NodeType> KIND = new Kind<>(
            "word",
            "",
            "one of master, auto, slave",
            (text, warn) -> Arrays.stream(values())
                    .filter(type -> type.name().equalsIgnoreCase(text.strip()))
                    .findFirst()
                    .orElseGet(() -> {
                        warn.accept("is none of master, auto and slave: the node is a candidate for the master");
                        return AUTO;
                    }),
            NodeType::word);

    /** As it is written in the variable. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a node of this type may ever be the master. */
    public boolean isCandidate() {
        return this != SLAVE;
    }
}

package io.newapi.server.cluster;

/**
 * One run of a node as the others see it.
 *
 * @param runId 32 hexadecimal digits, new for each run
 * @param name not necessarily unlike others
 * @param master whether it holds the master's lease
 * @param startedAt milliseconds since 1970, by the database's clock
 * @param silentMillis how long ago it last said that it lives
 * @param left whether it was stopped in good order
 * @param facts what it tells about itself
 */
public record ClusterNode(
        String runId, String name, boolean master, long startedAt, long silentMillis, boolean left, NodeFacts facts) {

    /** After so long a silence a node is taken for lost. */
    public static final long LOST_MILLIS = 10_000;

    /** Whether it lives, as far as can be said. */
    public boolean lives() {
        return !left && silentMillis < LOST_MILLIS;
    }
}

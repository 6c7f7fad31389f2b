package io.newapi.server.cluster;

/**
 * Something that a look at the whole cluster has found.
 *
 * @param level how bad it is
 * @param code one word for programs
 * @param node the node that it is about, by name; empty if it is about several
 * @param what what is not as it should be, one sentence
 * @param advice what to do about it, one sentence
 * @param rule the lines of the deployment guide that it breaks, such as {@code S44}
 */
public record Finding(Level level, String code, String node, String what, String advice, String rule) {

    /** How bad a finding is. */
    public enum Level {
        /** Worth to know; the cluster is healthy. */
        NOTICE,
        /** Something works less well than it should. */
        WARNING,
        /** Something does not work, or soon will not. */
        ERROR
    }
}

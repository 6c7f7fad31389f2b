package io.newapi.server.store;

/**
 * Which log rows are wanted; 0 and an empty text mean all.
 *
 * @param userId rows of this user
 * @param type see {@link LogType}
 * @param from Unix seconds, inclusive
 * @param to Unix seconds, inclusive
 * @param username exactly
 * @param tokenName exactly
 * @param modelName exactly, or a pattern with at most two {@code %}
 * @param channelId rows of this channel
 * @param group exactly
 */
public record LogFilter(
        long userId,
        int type,
        long from,
        long to,
        String username,
        String tokenName,
        String modelName,
        long channelId,
        String group) {

    /** Every row. */
    public static final LogFilter ALL = new LogFilter(0, 0, 0, 0, "", "", "", 0, "");

    /** The same, for one user. */
    public LogFilter ofUser(long id) {
        return new LogFilter(id, type, from, to, username, tokenName, modelName, channelId, group);
    }

    /** The same, for one type. */
    public LogFilter ofType(LogType wanted) {
        return new LogFilter(userId, wanted.code(), from, to, username, tokenName, modelName, channelId, group);
    }

    /** The same, from one time to another, Unix seconds, both inclusive. */
    public LogFilter between(long start, long end) {
        return new LogFilter(userId, type, start, end, username, tokenName, modelName, channelId, group);
    }
}

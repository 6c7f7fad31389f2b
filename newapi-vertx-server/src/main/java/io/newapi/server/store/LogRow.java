package io.newapi.server.store;

/**
 * A row of {@code logs}; NULL has become 0, an empty text or false.
 *
 * @param id 0 for a row that is yet to be stored
 * @param createdAt Unix seconds
 * @param type see {@link LogType}
 * @param quota quota units
 * @param useTime seconds
 * @param ip empty unless the user wants it recorded
 * @param other JSON object, or empty
 */
public record LogRow(
        long id,
        long userId,
        long createdAt,
        int type,
        String content,
        String username,
        String tokenName,
        String modelName,
        long quota,
        long promptTokens,
        long completionTokens,
        long useTime,
        boolean stream,
        long channelId,
        long tokenId,
        String group,
        String ip,
        String other,
        String requestId,
        String upstreamRequestId) {

    /** A remark about a user: what an administrator or the gateway did to his account. */
    public static LogRow remark(LogType type, long userId, String username, long createdAt, String content) {
        return remark(type, userId, username, createdAt, content, 0);
    }

    /** A remark about a user with an amount of quota, such as a top-up. */
    public static LogRow remark(
            LogType type, long userId, String username, long createdAt, String content, long quota) {
        return new LogRow(
                0,
                userId,
                createdAt,
                type.code(),
                content,
                username,
                "",
                "",
                quota,
                0,
                0,
                0,
                false,
                0,
                0,
                "",
                "",
                "",
                "",
                "");
    }
}

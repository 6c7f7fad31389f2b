package io.newapi.server.snapshot;

/**
 * Told about every change that was committed, so that nobody works on with what was there before. Called after the
 * commit, on a worker thread; implementations return soon and do not fail.
 */
public interface Changes {

    /** Options were stored. */
    void optionsChanged();

    /** Channels or their routes were changed. */
    void channelsChanged();

    /** A user was created, changed or deleted. */
    void userChanged(long userId);

    /** A token was created, changed or deleted. */
    void tokenChanged(long userId, long tokenId);

    /**
     * A balance was set or credited.
     *
     * @param kind 1 for a user's balance, 2 for a token's own limit
     */
    void balanceChanged(int kind, long accountId);
}

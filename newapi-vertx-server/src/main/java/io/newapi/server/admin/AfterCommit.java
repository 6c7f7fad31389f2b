package io.newapi.server.admin;

import io.newapi.server.snapshot.Changes;
import io.newapi.server.store.Database;

/** Tells of changes when they are committed: at once, or when the transaction ends in which they were made. Thread-safe. */
final class AfterCommit implements Changes {

    private final Database database;
    private final Changes told;

    AfterCommit(Database database, Changes told) {
        this.database = database;
        this.told = told;
    }

    @Override
    public void optionsChanged() {
        database.afterCommit(told::optionsChanged);
    }

    @Override
    public void channelsChanged() {
        database.afterCommit(told::channelsChanged);
    }

    @Override
    public void userChanged(long userId) {
        database.afterCommit(() -> told.userChanged(userId));
    }

    @Override
    public void tokenChanged(long userId, long tokenId) {
        database.afterCommit(() -> told.tokenChanged(userId, tokenId));
    }

    @Override
    public void balanceChanged(int kind, long accountId) {
        database.afterCommit(() -> told.balanceChanged(kind, accountId));
    }
}

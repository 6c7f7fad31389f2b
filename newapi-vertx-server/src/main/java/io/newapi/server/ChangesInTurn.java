package io.newapi.server;

import io.newapi.server.snapshot.Changes;
import java.util.List;

/** Tells several of every change, one after another. As thread-safe as they are. */
final class ChangesInTurn implements Changes {

    private final List<Changes> told;

    ChangesInTurn(Changes... told) {
        this.told = List.of(told);
    }

    @Override
    public void optionsChanged() {
        told.forEach(Changes::optionsChanged);
    }

    @Override
    public void channelsChanged() {
        told.forEach(Changes::channelsChanged);
    }

    @Override
    public void userChanged(long userId) {
        told.forEach(one -> one.userChanged(userId));
    }

    @Override
    public void tokenChanged(long userId, long tokenId) {
        told.forEach(one -> one.tokenChanged(userId, tokenId));
    }

    @Override
    public void balanceChanged(int kind, long accountId) {
        told.forEach(one -> one.balanceChanged(kind, accountId));
    }
}

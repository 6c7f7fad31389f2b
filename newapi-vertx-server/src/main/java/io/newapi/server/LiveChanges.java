package io.newapi.server;

import io.newapi.core.channel.ChannelSelector;
import io.newapi.core.quota.Account;
import io.newapi.core.quota.RenewedLedger;
import io.newapi.server.auth.Callers;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.snapshot.Snapshots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a committed change take effect on this node at once. Called on worker threads; thread-safe. */
final class LiveChanges implements Changes {

    private static final Logger LOG = LoggerFactory.getLogger(LiveChanges.class);

    private final Snapshots snapshots;
    private final Callers callers;
    private final RenewedLedger ledger;
    private final ChannelSelector selector;

    LiveChanges(Snapshots snapshots, Callers callers, RenewedLedger ledger, ChannelSelector selector) {
        this.snapshots = snapshots;
        this.callers = callers;
        this.ledger = ledger;
        this.selector = selector;
    }

    @Override
    public void optionsChanged() {
        reload();
    }

    @Override
    public void channelsChanged() {
        reload();
    }

    @Override
    public void userChanged(long userId) {
        callers.forgetUser(userId);
    }

    @Override
    public void tokenChanged(long userId, long tokenId) {
        callers.forgetToken(tokenId);
    }

    @Override
    public void balanceChanged(int kind, long accountId) {
        if (kind == Account.Kind.USER.code()) {
            callers.forgetUser(accountId);
        } else {
            callers.forgetToken(accountId);
        }
        ledger.poke();
    }

    /** Others may have changed anything; whether the configuration could be loaded. */
    boolean anythingChanged() {
        callers.forgetAll();
        ledger.poke();
        return reload();
    }

    /** Whether the configuration could be loaded; if not, the old one stays in use. */
    boolean reload() {
        try {
            selector.retain(snapshots.reload().channels());
            return true;
        } catch (RuntimeException e) {
            // the periodic reload tries again; until then the old configuration stays in use
            LOG.error("the changed configuration could not be loaded", e);
            return false;
        }
    }
}

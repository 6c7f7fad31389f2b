package io.newapi.server.relay;

import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelSelector;
import io.newapi.core.channel.ChannelStatus;
import io.newapi.core.channel.RetryPolicy;
import io.newapi.core.channel.Selection;
import io.newapi.server.relay.provider.Provider;
import io.newapi.server.relay.provider.ProviderCatalog;
import io.newapi.server.relay.wire.RelayError;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries channels, one after another, until one answers or no other may be tried. A channel that has failed in this call
 * is not tried again while another is left, and nothing is tried again once a byte was sent.
 */
public final class Attempts {

    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private final ChannelSelector selector;
    private final ProviderCatalog providers;
    private final Upstream upstream;

    /** Wires the stage. */
    public Attempts(ChannelSelector selector, ProviderCatalog providers, Upstream upstream) {
        this.selector = selector;
        this.providers = providers;
        this.upstream = upstream;
    }

    /** What has been tried for one call. */
    private static final class Trail {
        private final Set<Long> tried = new HashSet<>();
        private final List<Long> used = new ArrayList<>();
        private int failures;
        private @Nullable RelayError lastError;
    }

    /** Succeeds when the call is over; fails with a {@link RelayFailure} when no channel could serve it. */
    Future<Void> run(Call call) {
        if (call.caller().pinnedChannel().isPresent()) {
            return pinned(call, call.caller().pinnedChannel().getAsLong());
        }
        return next(call, new Trail());
    }

    private Future<Void> next(Call call, Trail trail) {
        Selection selection =
                selector.select(call.world().channels(), call.group(), call.chat().model(), trail.tried);
        if (!(selection instanceof Selection.Selected selected)
                || trail.used.contains(selected.channel().id())) {
            RelayError error = trail.lastError;
            return refuse(error != null ? error : Refusals.noChannel(call.group(), call.chat().model()));
        }
        Channel channel = selected.channel();
        trail.tried.add(channel.id());
        Optional<Provider> provider = providers.ofType(channel.type());
        if (provider.isEmpty()) {
            // a channel that this node cannot speak to costs no attempt
            trail.used.add(channel.id());
            return next(call, trail);
        }
        trail.used.add(channel.id());
        return attempt(call, selected, provider.get(), trail).compose(outcome -> {
            if (outcome instanceof AttemptOutcome.Failed failed) {
                return afterFailure(call, channel, failed, trail);
            }
            return Future.succeededFuture();
        });
    }

    private Future<Void> afterFailure(Call call, Channel channel, AttemptOutcome.Failed failed, Trail trail) {
        trail.failures++;
        trail.lastError = failed.error();
        LOG.warn(
                "request {}: channel {} failed with status {}, {}",
                call.exchange().requestId(),
                channel.id(),
                failed.error().status(),
                failed.error().code());
        RetryPolicy policy = new RetryPolicy(call.world().options().retryTimes());
        boolean again = !call.exchange().clientGone() && policy.shouldRetry(trail.failures, failed.failure());
        return again ? next(call, trail) : refuse(failed.error());
    }

    private Future<AttemptOutcome> attempt(
            Call call, Selection.Selected selected, Provider provider, Trail trail) {
        return new Attempt(call, selected.channel(), selected.key().key(), provider, List.copyOf(trail.used), upstream)
                .run();
    }

    private Future<Void> pinned(Call call, long channelId) {
        Optional<Channel> channel = call.world().channels().byId(channelId);
        if (channel.isEmpty()) {
            return refuse(RelayError.badRequest("invalid_channel_id", "", "channel " + channelId + " does not exist"));
        }
        if (channel.get().status() != ChannelStatus.ENABLED) {
            return refuse(RelayError.own(403, "access_denied", "channel " + channelId + " is disabled"));
        }
        Optional<Provider> provider = providers.ofType(channel.get().type());
        if (provider.isEmpty()) {
            return refuse(RelayError.own(501, "api_not_implemented", "channel " + channelId + " is of a type that this"
                    + " node cannot speak to"));
        }
        Selection.Selected selected = selector.selectKey(channel.get());
        Trail trail = new Trail();
        trail.used.add(channelId);
        return attempt(call, selected, provider.get(), trail)
                .compose(outcome -> outcome instanceof AttemptOutcome.Failed failed
                        ? refuse(failed.error())
                        : Future.succeededFuture());
    }

    private static Future<Void> refuse(RelayError error) {
        return Future.failedFuture(new RelayFailure(error));
    }
}

package io.newapi.server.relay;

import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelDirectory;
import io.newapi.core.channel.ChannelSelector;
import io.newapi.core.channel.RetryPolicy;
import io.newapi.core.channel.Selection;
import io.newapi.core.channel.SelectionTerms;
import io.newapi.core.channel.Trial;
import io.newapi.core.channel.Tried;
import io.newapi.server.relay.provider.Provider;
import io.newapi.server.relay.provider.ProviderCatalog;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.relay.wire.WireFormat;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries channels, one after another, until one answers or no other may be tried. A channel that has failed in this call
 * is not tried again while another is left, and then not at once; nothing is tried again once a byte was sent.
 */
public final class Attempts {

    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2000;

    private final ChannelSelector selector;
    private final ProviderCatalog providers;
    private final Upstream upstream;
    private final FailureWatch watch;
    private final CallListener listener;

    /**
     * Wires the stage.
     *
     * @param watch has disabled what fails too often
     * @param listener told of each attempt
     */
    public Attempts(
            ChannelSelector selector,
            ProviderCatalog providers,
            Upstream upstream,
            FailureWatch watch,
            CallListener listener) {
        this.selector = selector;
        this.providers = providers;
        this.upstream = upstream;
        this.watch = watch;
        this.listener = listener;
    }

    /** Whether a channel that this node can speak to serves the model in any of {@code groups}, in whatever format. */
    boolean speakTo(ChannelDirectory channels, List<String> groups, String model) {
        return groups.stream()
                .flatMap(group -> channels.candidates(group, model).stream())
                .anyMatch(this::speaks);
    }

    /** The first of {@code groups} in which a channel serves the model to calls in this format. */
    Optional<String> groupServing(ChannelDirectory channels, List<String> groups, String model, WireFormat format) {
        for (String group : groups) {
            for (Channel channel : channels.candidates(group, model)) {
                if (serves(channel, format)) {
                    return Optional.of(group);
                }
            }
        }
        return Optional.empty();
    }

    /** Succeeds when the call is over; fails with a {@link RelayFailure} when no channel could serve it. */
    Future<Void> run(Call call) {
        if (call.exchange().clientGone()) {
            return Future.succeededFuture();
        }
        listener.prepared(call.exchange().nanosSinceStart());
        call.exchange().framed(call.request().framing());
        Pings pings = Pings.of(upstream.vertx(), call);
        return begin(call).onComplete(over -> pings.close());
    }

    private Future<Void> begin(Call call) {
        if (call.caller().pinnedChannel().isPresent()) {
            return pinned(call, call.caller().pinnedChannel().getAsLong());
        }
        return next(call, Tried.nothing(), Map.of());
    }

    /** @param unsaid formats in which the request cannot be said, by what is in the way */
    private Future<Void> next(Call call, Tried tried, Map<WireFormat, String> unsaid) {
        SelectionTerms terms = Affinity.terms(call)
                .among(channel -> providers
                        .ofType(channel.type())
                        .filter(provider -> provider.serves(call.request().format())
                                && !unsaid.containsKey(
                                        provider.formatFor(call.request().format())))
                        .isPresent());
        return selector.select(
                        call.world().channels(), call.group(), call.request().model(), tried, terms)
                .match(
                        selected -> pause(selected, tried)
                                .compose(rested -> call.exchange().clientGone()
                                        ? Future.succeededFuture()
                                        : attempt(call, selected, tried, policy(call), unsaid)),
                        none -> refuse(
                                unsaid.isEmpty()
                                        ? Refusals.noChannel(none.group(), none.model())
                                        : Refusals.unsayable(none.model(), unsaid.values())));
    }

    /** A channel that has failed in this call gets a moment, each time twice as long, before it is tried again. */
    private Future<?> pause(Selection.Selected selected, Tried tried) {
        long failures = tried.attempts().stream()
                .filter(before -> before.channel().id() == selected.channel().id())
                .count();
        return failures == 0
                ? Future.succeededFuture()
                : upstream.vertx()
                        .timer(Math.min(FIRST_PAUSE_MILLIS << Math.min(failures - 1, 10), LONGEST_PAUSE_MILLIS));
    }

    private static RetryPolicy policy(Call call) {
        return new RetryPolicy(
                call.world().options().retryTimes(), call.world().options().retryStatuses());
    }

    private Future<Void> attempt(
            Call call, Selection.Selected selected, Tried before, RetryPolicy policy, Map<WireFormat, String> unsaid) {
        Tried tried = before.and(selected);
        Provider provider = providers.ofType(selected.channel().type()).orElseThrow();
        return judged(call, selected, () -> begun(call, selected, provider, channelIds(tried)))
                .compose(outcome -> {
                    if (outcome instanceof AttemptOutcome.Failed failed) {
                        return afterFailure(call, failed, tried, policy, unsaid);
                    }
                    return outcome instanceof AttemptOutcome.Unsaid unsaidHere
                            ? elsewhere(call, unsaidHere, before, unsaid)
                            : Future.succeededFuture();
                });
    }

    private Future<AttemptOutcome> begun(
            Call call, Selection.Selected selected, Provider provider, List<Long> usedChannels) {
        return call.request().format() == WireFormat.REALTIME
                ? new RealtimeAttempt(call, selected, provider, usedChannels, upstream).run()
                : new Attempt(call, selected, provider, usedChannels, upstream).run();
    }

    /** Nobody was asked: it does not count as an attempt. */
    private Future<Void> elsewhere(Call call, AttemptOutcome.Unsaid here, Tried tried, Map<WireFormat, String> before) {
        if (call.caller().pinnedChannel().isPresent()) {
            return refuse(Refusals.unsayable(call.request().model(), List.of(here.what())));
        }
        Map<WireFormat, String> unsaid = new EnumMap<>(WireFormat.class);
        unsaid.putAll(before);
        unsaid.put(here.spoken(), here.what());
        return next(call, tried, unsaid);
    }

    /** Tells how the attempt went: well as soon as content goes to the client, for then it can fail no more. */
    private Future<AttemptOutcome> judged(
            Call call, Selection.Selected selected, Supplier<Future<AttemptOutcome>> attempt) {
        Trial trial =
                selector.conditions().begin(selected, call.world().options().channelHealth());
        call.exchange().whenPayload(() -> {
            trial.succeeded();
            watch.succeeded(selected);
        });
        return Future.succeededFuture()
                .compose(ready -> attempt.get())
                .onSuccess(outcome -> {
                    if (outcome instanceof AttemptOutcome.Failed failed) {
                        trial.failed(
                                failed.failure(),
                                Duration.ofSeconds(failed.error().retryAfterSeconds()));
                        watch.failed(call, selected, failed);
                    } else if (outcome instanceof AttemptOutcome.Ended
                            && !call.exchange().clientGone()) {
                        trial.succeeded();
                        watch.succeeded(selected);
                    }
                })
                .onComplete(over -> {
                    trial.ended();
                    tell(call, over);
                });
    }

    private void tell(Call call, AsyncResult<AttemptOutcome> over) {
        if (over.failed()) {
            listener.broke();
        } else if (over.result() instanceof AttemptOutcome.Failed failed) {
            listener.failed(failed.failure().cause());
        } else if (over.result() instanceof AttemptOutcome.Ended) {
            listener.answered(call.exchange().clientGone());
        }
    }

    private Future<Void> afterFailure(
            Call call, AttemptOutcome.Failed failed, Tried tried, RetryPolicy policy, Map<WireFormat, String> unsaid) {
        LOG.warn(
                "request {}: channel {} failed: {} {} ({})",
                call.exchange().requestId(),
                tried.last().map(selected -> selected.channel().id()).orElse(0L),
                failed.error().status(),
                failed.error().code(),
                failed.failure().cause());
        if (call.exchange().clientGone()) {
            return refuse(failed.error());
        }
        boolean again = policy.shouldRetry(tried.attempts().size(), failed.failure());
        return again ? next(call, tried, unsaid) : refuse(failed.error());
    }

    private static List<Long> channelIds(Tried tried) {
        List<Long> ids = new ArrayList<>(tried.attempts().size());
        for (Selection.Selected selected : tried.attempts()) {
            ids.add(selected.channel().id());
        }
        return ids;
    }

    private boolean speaks(Channel channel) {
        return providers.ofType(channel.type()).isPresent();
    }

    private boolean serves(Channel channel, WireFormat format) {
        return providers
                .ofType(channel.type())
                .filter(provider -> provider.serves(format))
                .isPresent();
    }

    private Future<Void> pinned(Call call, long channelId) {
        Optional<Channel> channel = call.world().channels().byId(channelId);
        if (channel.isEmpty()) {
            return refuse(RelayError.badRequest("invalid_channel_id", "", "channel " + channelId + " does not exist"));
        }
        if (!channel.get().serving()) {
            return refuse(RelayError.own(403, "access_denied", "channel " + channelId + " is disabled"));
        }
        if (!speaks(channel.get())) {
            return refuse(RelayError.own(
                    501,
                    "api_not_implemented",
                    "channel " + channelId + " is of a type that this version cannot speak to"));
        }
        if (!serves(channel.get(), call.request().format())) {
            return refuse(Refusals.notServed(call.request().model()));
        }
        Selection.Selected selected = selector.pin(channel.get(), call.group(), Affinity.terms(call));
        return attempt(call, selected, Tried.nothing(), RetryPolicy.never(), Map.of());
    }

    private static Future<Void> refuse(RelayError error) {
        return Future.failedFuture(new RelayFailure(error));
    }
}

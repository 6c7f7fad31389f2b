package io.newapi.server.shape;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What each channel changes in calls; most change nothing. Immutable. */
public final class ChannelShapes {

    private static final ChannelShapes NONE = new ChannelShapes(Map.of(), 0);

    private final Map<Long, ChannelShape> byChannel;
    private final long generation;

    private ChannelShapes(Map<Long, ChannelShape> byChannel, long generation) {
        this.byChannel = Map.copyOf(byChannel);
        this.generation = generation;
    }

    /** No channel changes anything. */
    public static ChannelShapes none() {
        return NONE;
    }

    /** What takes the place of this; texts that are as they were are not read again. */
    public ChannelShapes next(Map<Long, ChannelShape.Source> sources) {
        return new ChannelShapes(
                sources.entrySet().stream()
                        .filter(channel -> !channel.getValue().isBlank())
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, channel -> shape(channel.getKey(), channel.getValue()))),
                generation + 1);
    }

    private ChannelShape shape(long channelId, ChannelShape.Source source) {
        ChannelShape before = of(channelId);
        return before.source().equals(source) ? before : ChannelShape.read(source);
    }

    /** What a channel changes. */
    public ChannelShape of(long channelId) {
        return byChannel.getOrDefault(channelId, ChannelShape.none());
    }

    /** Counts how often they were replaced: the higher, the newer. */
    public long generation() {
        return generation;
    }

    /** Every proxy that a channel is behind. */
    public Set<ProxyAddress> proxies() {
        return byChannel.values().stream()
                .flatMap(shape -> shape.setting().proxy().stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}

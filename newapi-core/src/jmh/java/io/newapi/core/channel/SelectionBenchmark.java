package io.newapi.core.channel;

import io.newapi.core.channel.Selection.Selected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to choose one of many channels of one priority. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SelectionBenchmark {

    private static final SelectionTerms WEIGHTED = SelectionTerms.weighted();
    private static final SelectionTerms LEAST = WEIGHTED.with(SelectionStrategy.LEAST_IN_FLIGHT);
    private static final SelectionTerms FASTEST = WEIGHTED.with(SelectionStrategy.LOWEST_LATENCY);
    private static final SelectionTerms AFFINE = WEIGHTED.with(AffinityKey.of(7, "conversation"));

    /** How many channels serve the model. */
    @Param({"10", "1000", "100000"})
    public int channels;

    /** Whether they have different weights. */
    @Param({"false", "true"})
    public boolean weights;

    private ChannelDirectory directory = ChannelDirectory.of(List.of());
    private ChannelSelector selector = new ChannelSelector();
    private ChannelSelector careful = new ChannelSelector();
    private Tried tried = Tried.nothing();

    /** Builds the directory; for one selector, one channel cools down. */
    @Setup
    public void build() {
        List<Channel> all = Installation.channels(channels, weights);
        directory = ChannelDirectory.of(all);
        selector = new ChannelSelector();
        careful = new ChannelSelector();
        Selected first = new Selected(Installation.GROUP, all.get(0), new SelectedKey(0, "sk-1"));
        tried = Tried.nothing().and(first);
        HealthSettings day = new HealthSettings(
                true, Duration.ofDays(1), 1, 1, Duration.ofDays(1), Duration.ofDays(1), Duration.ZERO, false);
        careful.conditions().begin(first, day).failed(AttemptFailure.ofTransport(true), Duration.ZERO);
    }

    /** The common case: the first attempt, everything well. */
    @Benchmark
    public Selection first() {
        return selector.select(directory, Installation.GROUP, Installation.MODEL, Tried.nothing(), WEIGHTED);
    }

    /** The second attempt. */
    @Benchmark
    public Selection retry() {
        return selector.select(directory, Installation.GROUP, Installation.MODEL, tried, WEIGHTED);
    }

    /** The first attempt, while another channel cools down. */
    @Benchmark
    public Selection oneCoolingDown() {
        return careful.select(directory, Installation.GROUP, Installation.MODEL, Tried.nothing(), WEIGHTED);
    }

    /** By calls under way. */
    @Benchmark
    public Selection leastInFlight() {
        return selector.select(directory, Installation.GROUP, Installation.MODEL, Tried.nothing(), LEAST);
    }

    /** By latency. */
    @Benchmark
    public Selection lowestLatency() {
        return selector.select(directory, Installation.GROUP, Installation.MODEL, Tried.nothing(), FASTEST);
    }

    /** By affinity. */
    @Benchmark
    public Selection affinity() {
        return selector.select(directory, Installation.GROUP, Installation.MODEL, Tried.nothing(), AFFINE);
    }

    /** The obvious way: collect the highest priority, sum up the weights, walk to a random point. */
    @Benchmark
    public Channel naive() {
        List<Channel> candidates = directory.candidates(Installation.GROUP, Installation.MODEL);
        List<Channel> finalists = new ArrayList<>();
        long sum = 0;
        for (Channel channel : candidates) {
            if (channel.priority() == candidates.get(0).priority()) {
                finalists.add(channel);
                sum += channel.weight();
            }
        }
        long point = ThreadLocalRandom.current().nextLong(sum);
        int drawn = 0;
        while (point >= finalists.get(drawn).weight()) {
            point -= finalists.get(drawn).weight();
            drawn++;
        }
        return finalists.get(drawn);
    }
}

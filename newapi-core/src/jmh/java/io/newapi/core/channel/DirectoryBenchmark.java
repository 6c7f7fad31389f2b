package io.newapi.core.channel;

import java.util.List;
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

/** What it costs to build a directory: channels in two groups, with five models each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DirectoryBenchmark {

    /** How many channels there are. */
    @Param({"1000", "100000"})
    public int channels;

    private List<Channel> all = List.of();

    /** Makes the channels. */
    @Setup
    public void make() {
        all = Installation.channels(channels, true);
    }

    /** From channels to routes. */
    @Benchmark
    public ChannelDirectory build() {
        return ChannelDirectory.of(all);
    }
}

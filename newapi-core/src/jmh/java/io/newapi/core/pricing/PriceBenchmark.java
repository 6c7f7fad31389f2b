package io.newapi.core.pricing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it takes to price one call, beside the same formula written down in decimals. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PriceBenchmark {

    /** An everyday model, one with many digits, and one with a price for the call. */
    @Param({"gpt-4o", "gemini-2.5-flash-preview-05-20", "dall-e-3"})
    public String model = "gpt-4o";

    private final PriceBook prices = PriceBook.shipped();
    private final Usage usage = Usage.of(1_180, 240).withCachedTokens(1_000);

    /** Looking up the terms, and pricing. */
    @Benchmark
    public long quoteAndPrice() {
        return quote().quotaOf(usage);
    }

    /** The same, with everything that the explanation needs. */
    @Benchmark
    public Charge quoteAndCharge() {
        return quote().charge(usage);
    }

    /** What is held before the call. */
    @Benchmark
    public long quoteAndReserve() {
        return quote().reservation(1_200, 500).units();
    }

    /** The explanation itself, which only some calls need. */
    @Benchmark
    public Map<String, Object> logFields() {
        return quote().charge(usage).other();
    }

    /** The formula in {@link BigDecimal}, with the same look-ups. */
    @Benchmark
    public long decimals() {
        BigDecimal group = prices.groupRatios().get("default").toBigDecimal();
        Ratio price = prices.modelPrices().get(model);
        if (price != null) {
            return price.toBigDecimal()
                    .multiply(prices.quotaPerUnit().toBigDecimal())
                    .multiply(group)
                    .setScale(0, RoundingMode.HALF_UP)
                    .longValueExact();
        }
        BigDecimal cached = prices.cacheRatios().getOrDefault(model, Ratio.ONE).toBigDecimal();
        return BigDecimal.valueOf(usage.promptTokens() - usage.cachedTokens())
                .add(BigDecimal.valueOf(usage.cachedTokens()).multiply(cached))
                .add(BigDecimal.valueOf(usage.completionTokens())
                        .multiply(prices.completionRatio(model).ratio().toBigDecimal()))
                .multiply(prices.modelRatios().get(model).toBigDecimal())
                .multiply(group)
                .setScale(0, RoundingMode.HALF_UP)
                .max(BigDecimal.ONE)
                .longValueExact();
    }

    private Quote quote() {
        return ((QuoteOutcome.Quoted) prices.quote(model, "default", "default", false)).quote();
    }
}

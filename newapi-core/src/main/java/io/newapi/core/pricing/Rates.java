package io.newapi.core.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one token of each kind costs, as whole numbers of one power of ten of a quota unit: the quick way to a charge. The
 * exact way is the sum of a charge's lines; where whole numbers of 64 bits cannot hold the rates there are none, and that
 * way is taken. Immutable.
 *
 * @param plain for a plain prompt token; for a call with one price, that price
 * @param cached for a token read from the cache
 * @param write for a token written to it for five minutes
 * @param writeOneHour for a token written to it for one hour
 * @param image for an image token of the prompt
 * @param completion for a completion token
 * @param audio for an audio token of the prompt that is charged beside it; 0 if audio is priced like text
 * @param scale the rates are this many powers of ten too large
 */
record Rates(
        long plain, long cached, long write, long writeOneHour, long image, long completion, long audio, int scale) {

    private static final int MAX_BITS = 62;

    /** For a call whose price is {@code quota}, whatever it used but audio. */
    static @Nullable Rates ofCall(BigDecimal quota, BigDecimal audio) {
        BigDecimal none = BigDecimal.ZERO;
        return of(List.of(quota, none, none, none, none, none, audio));
    }

    /** The rates in the order of the components; null if they cannot be held. */
    static @Nullable Rates of(List<BigDecimal> rates) {
        int scale = 0;
        for (BigDecimal rate : rates) {
            scale = Math.max(scale, Ratio.plain(rate).scale());
        }
        if (scale > Rounding.MAX_SCALE) {
            return null;
        }
        long[] scaled = new long[rates.size()];
        for (int i = 0; i < scaled.length; i++) {
            BigInteger value = Ratio.plain(rates.get(i)).setScale(scale).unscaledValue();
            if (value.bitLength() > MAX_BITS) {
                return null;
            }
            scaled[i] = value.longValue();
        }
        return new Rates(scaled[0], scaled[1], scaled[2], scaled[3], scaled[4], scaled[5], scaled[6], scale);
    }

    /** Every rate multiplied; null if the products cannot be held. */
    @Nullable
    Rates times(Ratio ratio) {
        long factor = ratio.scaled();
        int product = scale + ratio.scale();
        if (factor == 1 && product == scale) {
            return this;
        }
        if (factor < 0
                || product > Rounding.MAX_SCALE
                || overflows(plain, factor)
                || overflows(cached, factor)
                || overflows(write, factor)
                || overflows(writeOneHour, factor)
                || overflows(image, factor)
                || overflows(completion, factor)
                || overflows(audio, factor)) {
            return null;
        }
        return new Rates(
                plain * factor,
                cached * factor,
                write * factor,
                writeOneHour * factor,
                image * factor,
                completion * factor,
                audio * factor,
                product);
    }

    private static boolean overflows(long rate, long factor) {
        return Math.multiplyHigh(rate, factor) != 0 || (rate * factor) >>> MAX_BITS != 0;
    }

    /** What the tokens cost, rounded; {@link Rounding#TOO_LARGE} if that exceeds 63 bits. */
    long quota(Usage usage) {
        WideSum sum = new WideSum();
        long base = usage.plainPromptTokens();
        if (audio != 0) {
            base -= usage.audioTokens();
            sum.add(usage.audioTokens(), audio);
        }
        sum.add(Math.max(0, base), plain);
        sum.add(usage.completionTokens(), completion);
        sum.add(usage.cachedTokens(), cached);
        sum.add(usage.writtenTokens() - usage.cacheWrite1hTokens(), write);
        sum.add(usage.cacheWrite1hTokens(), writeOneHour);
        sum.add(usage.imageTokens(), image);
        return sum.halfUp(scale);
    }

    /** What one call costs that has a price, and so many audio tokens beside it; as {@link #quota(Usage)}. */
    long quotaOfCall(long audioTokens) {
        WideSum sum = new WideSum();
        sum.add(1, plain);
        sum.add(audioTokens, audio);
        return sum.halfUp(scale);
    }

    /** What {@code count} plain tokens cost; as {@link #quota(Usage)}. */
    long quotaOfPlain(long count) {
        WideSum sum = new WideSum();
        sum.add(count, plain);
        return sum.halfUp(scale);
    }
}

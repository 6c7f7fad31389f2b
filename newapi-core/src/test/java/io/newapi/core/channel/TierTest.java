package io.newapi.core.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.channel.Selection.Selected;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TierTest {

    private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

    @Property
    void everyChannelIsDrawnExactlyAsOftenAsItsWeightSays(
            @ForAll @Size(min = 1, max = 7) List<@IntRange(max = 12) Integer> weights) {
        long[] given = weights.stream().mapToLong(Integer::longValue).toArray();
        boolean equal = LongStream.of(given).distinct().count() == 1;
        long[] shares = equal ? LongStream.of(given).map(weight -> 1).toArray() : given;
        long sum = LongStream.of(shares).sum();

        // When each of the numbers that may be drawn is drawn once
        long numbers = equal ? weights.size() : weights.size() * sum;
        long[] counts = new long[weights.size()];
        Tier tier = tier(given);
        for (long number = 0; number < numbers; number++) {
            counts[(int) tier.draw(bitsFor(number, numbers)).channel().id() - 1]++;
        }

        for (int i = 0; i < counts.length; i++) {
            assertThat(counts[i] * sum).isEqualTo(shares[i] * numbers);
        }
    }

    @Property
    void weightsWhoseSumIsLargeAreDrawnExactlyToo(
            @ForAll @Size(min = 2, max = 7) List<@IntRange(max = 12) Integer> weights) {
        // Given weights in steps of a twelfth of the largest one
        long step = Channel.MAX_WEIGHT / 12;
        long[] given = weights.stream().mapToLong(weight -> weight * step).toArray();
        long sum = LongStream.of(given).sum();
        Tier tier = tier(given);
        long[] counts = new long[given.length];

        // When the first number of each step is drawn, and the last
        for (long number = 0; number < sum; number += step) {
            counts[(int) tier.draw(bitsFor(number, sum)).channel().id() - 1]++;
            counts[(int) tier.draw(bitsFor(number + step - 1, sum)).channel().id() - 1]++;
        }

        if (sum > 0xFFFF_FFFFL && LongStream.of(given).distinct().count() > 1) {
            for (int i = 0; i < counts.length; i++) {
                assertThat(counts[i]).isEqualTo(2L * weights.get(i));
            }
        }
    }

    @Property
    void aNumberBelowABoundIsTheUpperPartOfAProduct(
            @ForAll @LongRange(min = 1, max = Long.MAX_VALUE) long bound, @ForAll long seed) {
        SplittableRandom twin = new SplittableRandom(seed);
        long drawn = Tier.below(new SplittableRandom(seed), bound);

        assertThat(drawn).isBetween(0L, bound - 1);
        BigInteger product = unsigned(twin.nextLong()).multiply(BigInteger.valueOf(bound));
        while (product.mod(TWO_TO_64).compareTo(TWO_TO_64.mod(BigInteger.valueOf(bound))) < 0) {
            product = unsigned(twin.nextLong()).multiply(BigInteger.valueOf(bound));
        }
        assertThat(BigInteger.valueOf(drawn)).isEqualTo(product.shiftRight(64));
    }

    @Test
    void bitsThatWouldMakeANumberLikelierThanOthersAreDrawnAgain() {
        // Given that 2^64 leaves a remainder of 1 when divided by 3
        Deque<Long> bits = new ArrayDeque<>(List.of(0L, -1L));

        assertThat(Tier.below(bits::remove, 3)).isEqualTo(2);
        assertThat(bits).isEmpty();
    }

    @Test
    void theLargestWeightsDoNotOverflow() {
        long[] weights = new long[1_000];
        Arrays.fill(weights, Channel.MAX_WEIGHT);
        weights[0] = 1;
        Tier tier = tier(weights);
        SplittableRandom random = new SplittableRandom(3);

        for (int draw = 0; draw < 10_000; draw++) {
            assertThat(tier.draw(random).channel().id()).isGreaterThan(1);
        }
    }

    @Test
    void manyChannelsAreDrawnByWeightToo() {
        // Given 1,000 channels, every fourth of which has 9 times the weight of the others
        long[] weights = new long[1_000];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i % 4 == 0 ? 9 : 1;
        }
        Tier tier = tier(weights);
        SplittableRandom random = new SplittableRandom(4);
        int heavy = 0;

        for (int draw = 0; draw < 40_000; draw++) {
            heavy += (tier.draw(random).channel().id() - 1) % 4 == 0 ? 1 : 0;
        }

        // 3 in 4 of the draws, with a standard deviation of 87
        assertThat(heavy).isBetween(30_000 - 4 * 87, 30_000 + 4 * 87);
    }

    private static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }

    private static Tier tier(long... weights) {
        List<Selected> members = new ArrayList<>();
        for (long weight : weights) {
            Channel channel = Channels.channel(members.size() + 1L, 0, weight);
            members.add(new Selected(Channels.GROUP, channel, new SelectedKey(0, "")));
        }
        return new Tier(members.toArray(new Selected[0]));
    }

    /** The middle of the bits that stand for {@code number} of so many. */
    private static RandomGenerator bitsFor(long number, long numbers) {
        BigInteger all = BigInteger.valueOf(numbers);
        BigInteger bits = BigInteger.valueOf(number)
                .multiply(TWO_TO_64)
                .divide(all)
                .add(TWO_TO_64.divide(all).shiftRight(1));
        return bits::longValue;
    }
}

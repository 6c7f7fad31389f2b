package io.newapi.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class IpAddressTest {

    private static final BigInteger TWO = BigInteger.TWO;

    @Property
    void everyAddressIsReadBackFromItsText(@ForAll long high, @ForAll long low) {
        IpAddress address = new IpAddress(high, low);

        assertThat(IpAddress.parse(address.toString())).contains(address);
    }

    @Property
    void theJdkReadsTheSameAddress(@ForAll @Size(16) byte[] bytes) throws UnknownHostException {
        // Given the JDK's own text of random bytes, which shortens nothing and asks no name server
        String text = InetAddress.getByAddress(bytes).getHostAddress();

        ByteBuffer bits = ByteBuffer.wrap(bytes);
        assertThat(IpAddress.parse(text)).contains(new IpAddress(bits.getLong(), bits.getLong()));
    }

    @Property
    void anIpv4AddressIsTheSameInBothForms(
            @ForAll @IntRange(max = 255) int a,
            @ForAll @IntRange(max = 255) int b,
            @ForAll @IntRange(max = 255) int c,
            @ForAll @IntRange(max = 255) int d) {
        String dotted = a + "." + b + "." + c + "." + d;

        assertThat(IpAddress.parse(dotted)).isEqualTo(IpAddress.parse("::ffff:" + dotted));
        assertThat(IpAddress.parse(dotted)).get().asString().isEqualTo(dotted);
    }

    @Property
    void aBlockHoldsWhatLeavesTheSameWholePartWhenDividedByItsSize(
            @ForAll long high,
            @ForAll long low,
            @ForAll long otherLow,
            @ForAll @IntRange(min = 64, max = 128) int bits) {
        // Given two addresses that share their first half
        IpAddress base = new IpAddress(high | 1, low);
        IpAddress other = new IpAddress(high | 1, otherLow);

        BigInteger size = TWO.pow(IpAddress.BITS - bits);
        boolean same = unsigned(low).divide(size).equals(unsigned(otherLow).divide(size));
        assertThat(new AddressRange(base, bits).contains(other)).isEqualTo(same);
    }

    @Property
    void noTextIsTooOddToRead(@ForAll String text) {
        AddressRange.parse(text);
        IpAddress.parse(text);
    }

    private static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }
}

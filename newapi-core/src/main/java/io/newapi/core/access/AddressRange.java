package io.newapi.core.access;

import java.util.Optional;

/**
 * The addresses that begin with the same bits: one address, or a CIDR block (RFC 4632).
 *
 * @param base any address of the range; its bits after the prefix do not count
 * @param prefixBits how many leading bits count, 0 to 128, in the IPv6 form that {@link IpAddress} has
 */
public record AddressRange(IpAddress base, int prefixBits) {

    /** @throws IllegalArgumentException if {@code prefixBits} is not between 0 and 128 */
    public AddressRange {
        if (prefixBits < 0 || prefixBits > IpAddress.BITS) {
            throw new IllegalArgumentException("prefix must have 0 to 128 bits: " + prefixBits);
        }
    }

    /** Reads {@code address} or {@code address/bits}; empty when {@code text} is neither. */
    public static Optional<AddressRange> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return IpAddress.parse(text).map(address -> new AddressRange(address, IpAddress.BITS));
        }
        String addressText = text.substring(0, slash);
        int skipped = addressText.indexOf(':') < 0 ? IpAddress.V4_PREFIX_BITS : 0;
        int bits = IpAddress.readDecimal(text.substring(slash + 1), IpAddress.BITS - skipped);
        if (bits < 0) {
            return Optional.empty();
        }
        return IpAddress.parse(addressText).map(address -> new AddressRange(address, skipped + bits));
    }

    /** Whether {@code address} is in this range. An IPv4 address is in no IPv6 block, not even in {@code ::/0}. */
    public boolean contains(IpAddress address) {
        return base.sharesPrefix(address, prefixBits);
    }
}

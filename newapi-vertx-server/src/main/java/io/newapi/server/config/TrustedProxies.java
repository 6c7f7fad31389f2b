package io.newapi.server.config;

import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which peers are believed when they say in {@code X-Forwarded-For} on whose behalf they call, and in {@code X-Forwarded-Proto}
 * whether that one speaks HTTPS.
 *
 * <p>Immutable.
 */
public final class TrustedProxies {

    /** Loopback, the private ranges of RFC 1918, and unique local addresses of RFC 4193. */
    static final String DEFAULT_TEXT = "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7";

    static final Kind<TrustedProxies> KIND = new Kind<>(
            "list", "", "none, or addresses and CIDR ranges", (text, warn) -> read(text), TrustedProxies::toString);

    private static final String NONE = "none";
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    /** A longer chain of trusted proxies than anybody has is a forged one. */
    private static final int MAX_HOPS = 32;

    private final List<Range> ranges;

    private TrustedProxies(List<Range> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    /** Nobody is believed. */
    public static TrustedProxies none() {
        return new TrustedProxies(List.of());
    }

    /** Loopback and private ranges. */
    public static TrustedProxies privateRanges() {
        return parse(DEFAULT_TEXT);
    }

    /**
     * Reads {@code none}, or addresses and CIDR ranges separated by commas or blanks.
     *
     * @throws IllegalArgumentException if an entry is neither, or {@code none} is not alone
     */
    public static TrustedProxies parse(String text) {
        try {
            return read(text);
        } catch (BadValueException e) {
            throw new IllegalArgumentException("trusted proxies " + e.expected() + ": " + text, e);
        }
    }

    private static TrustedProxies read(String text) throws BadValueException {
        List<Range> ranges = new ArrayList<>();
        for (String entry : text.strip().split("[,\\s]+", -1)) {
            if (entry.equalsIgnoreCase(NONE)) {
                if (!text.strip().equalsIgnoreCase(NONE)) {
                    throw new BadValueException("must not list anything beside none");
                }
                return none();
            }
            Range range = range(entry);
            if (range == null) {
                throw new BadValueException(
                        "must be none, or addresses and CIDR ranges such as 10.0.0.0/8, separated by commas");
            }
            ranges.add(range);
        }
        return new TrustedProxies(ranges);
    }

    /** Whether the peer with this address is believed; a text that is no address is not. */
    public boolean trusts(String address) {
        byte[] bytes = bytes(address);
        return bytes != null && trusts(bytes);
    }

    /**
     * The address of the client: the right-most one on the way that is not a trusted proxy. What stands to the left of
     * it was written by somebody unknown and is not believed; if all are trusted, it is the left-most.
     *
     * @param remote the peer of the connection
     * @param xForwardedFor the values of the header, in the order of the header lines
     */
    public String clientAddress(String remote, List<String> xForwardedFor) {
        byte[] peer = bytes(remote);
        return peer == null ? remote : way(peer, xForwardedFor).client();
    }

    /**
     * Whether the client speaks HTTPS, as the outermost trusted proxy says that spoke with it. Proxies replace the header or
     * add to it; what stands to the left of that proxy's word was written by somebody unknown and is not believed.
     *
     * @param remote the peer of the connection
     * @param xForwardedFor the values of the header, in the order of the header lines
     * @param xForwardedProto likewise
     */
    public boolean clientUsesHttps(String remote, List<String> xForwardedFor, List<String> xForwardedProto) {
        byte[] peer = bytes(remote);
        if (peer == null || xForwardedProto.isEmpty() || !trusts(peer)) {
            return false;
        }
        String[] words = String.join(",", xForwardedProto).split(",", -1);
        int proxies = Math.max(1, way(peer, xForwardedFor).proxies());
        return words[Math.max(0, words.length - proxies)].strip().equalsIgnoreCase("https");
    }

    /**
     * Who is at the other end.
     *
     * @param client his address
     * @param proxies how many trusted proxies are between
     */
    private record Way(String client, int proxies) {}

    private Way way(byte[] peer, List<String> xForwardedFor) {
        byte[] client = peer;
        int proxies = 0;
        for (int line = xForwardedFor.size() - 1; line >= 0; line--) {
            String value = xForwardedFor.get(line);
            for (int end = value.length(); end >= 0; ) {
                int comma = value.lastIndexOf(',', end - 1);
                boolean passed = trusts(client) && proxies < MAX_HOPS;
                byte[] hop = passed ? bytes(value.substring(comma + 1, end)) : null;
                if (hop == null) {
                    return new Way(NetUtil.bytesToIpAddress(client), proxies);
                }
                client = hop;
                proxies++;
                end = comma;
            }
        }
        return new Way(NetUtil.bytesToIpAddress(client), proxies);
    }

    private boolean trusts(byte[] address) {
        for (Range range : ranges) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Range range(String entry) {
        int slash = entry.indexOf('/');
        byte[] network = bytes(slash < 0 ? entry : entry.substring(0, slash));
        if (network == null) {
            return null;
        }
        int bits = network.length * Byte.SIZE;
        if (slash >= 0) {
            String length = entry.substring(slash + 1);
            // An IPv4 range written as IPv6 has lost its 96 leading bits, so its length would not fit.
            bits = length.matches("[0-9]{1,3}") && Integer.parseInt(length) <= bits ? Integer.parseInt(length) : -1;
        }
        return bits < 0 ? null : new Range(entry, network, bits);
    }

    /** The 4 or 16 bytes of an address, an IPv4 address in IPv6 form as 4; null if the text is none. Never asks DNS. */
    private static byte @Nullable [] bytes(String text) {
        String address = withoutPort(text.strip());
        if (address.isEmpty() || address.length() > 64) {
            return null;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return bytes != null && isMapped(bytes)
                ? Arrays.copyOfRange(bytes, IPV6_BYTES - IPV4_BYTES, IPV6_BYTES)
                : bytes;
    }

    private static String withoutPort(String text) {
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            return close < 0 ? "" : text.substring(1, close);
        }
        int colon = text.indexOf(':');
        return colon >= 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text;
    }

    private static boolean isMapped(byte[] bytes) {
        if (bytes.length != IPV6_BYTES || bytes[10] != -1 || bytes[11] != -1) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrustedProxies that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** The ranges as they were written, or {@code none}. */
    @Override
    public String toString() {
        return ranges.isEmpty()
                ? NONE
                : String.join(",", ranges.stream().map(Range::text).toList());
    }

    /** The addresses whose first {@code bits} bits are those of {@code network}. */
    private static final class Range {

        private final String text;
        private final byte[] network;
        private final int bits;

        Range(String text, byte[] network, int bits) {
            this.text = text;
            this.network = network;
            this.bits = bits;
        }

        String text() {
            return text;
        }

        boolean contains(byte[] address) {
            if (address.length != network.length) {
                return false;
            }
            int whole = bits / Byte.SIZE;
            if (!Arrays.equals(address, 0, whole, network, 0, whole)) {
                return false;
            }
            int rest = bits % Byte.SIZE;
            return rest == 0 || ((address[whole] ^ network[whole]) & 0xFF) >>> (Byte.SIZE - rest) == 0;
        }
    }
}

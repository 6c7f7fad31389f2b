package io.newapi.core.access;

import java.util.Optional;

/**
 * An IP address, read from its text without asking any name server.
 *
 * <p>IPv4 addresses are held in their IPv6 form ({@code ::ffff:192.0.2.1}), and that form in a text is the IPv4 address.
 * Zones ({@code fe80::1%eth0}), brackets, ports, and IPv4 numbers with leading zeros or of other bases are refused: a text
 * that can be read in two ways must not open a door.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record IpAddress(long high, long low) {

    /** The number of bits of every address in this form. */
    static final int BITS = 128;

    /** The number of bits before an IPv4 address in its IPv6 form. */
    static final int V4_PREFIX_BITS = 96;

    private static final long V4_MARK = 0xFFFFL << 32;
    private static final int V4_NUMBERS = 4;
    private static final int V6_GROUPS = 8;
    private static final int UNREADABLE = -1;
    /** Six groups of four digits and an IPv4 address with three digits in each number. */
    private static final int MAX_TEXT_LENGTH = 45;

    /** Reads dotted IPv4 text, or IPv6 text as RFC 4291 section 2.2 has it; empty when {@code text} is neither. */
    public static Optional<IpAddress> parse(String text) {
        if (text.length() > MAX_TEXT_LENGTH) {
            return Optional.empty();
        }
        return text.indexOf(':') < 0 ? parseV4(text) : parseV6(text);
    }

    /** Whether this is an IPv4 address. */
    public boolean isV4() {
        return high == 0 && (low & ~0xFFFF_FFFFL) == V4_MARK;
    }

    /** Whether both addresses are of one kind and begin with the same {@code prefixBits} (0 to {@link #BITS}) bits. */
    boolean sharesPrefix(IpAddress other, int prefixBits) {
        return isV4() == other.isV4()
                && ((high ^ other.high) & leadingOnes(Math.min(prefixBits, Long.SIZE))) == 0
                && ((low ^ other.low) & leadingOnes(Math.max(prefixBits - Long.SIZE, 0))) == 0;
    }

    private static long leadingOnes(int count) {
        // A shift by 64 would be a shift by 0.
        return count == 0 ? 0 : -1L << (Long.SIZE - count);
    }

    private static Optional<IpAddress> parseV4(String text) {
        long bits = readV4(text);
        return bits == UNREADABLE ? Optional.empty() : Optional.of(new IpAddress(0, V4_MARK | bits));
    }

    private static Optional<IpAddress> parseV6(String text) {
        int gap = text.indexOf("::");
        String head = gap < 0 ? text : text.substring(0, gap);
        String tail = gap < 0 ? "" : text.substring(gap + 2);
        if (gap >= 0 && head.indexOf('.') >= 0) {
            return Optional.empty();
        }
        int[] first = new int[V6_GROUPS];
        int[] last = new int[V6_GROUPS];
        int firstCount = readGroups(head, first);
        int lastCount = readGroups(tail, last);
        if (firstCount == UNREADABLE || lastCount == UNREADABLE) {
            return Optional.empty();
        }
        int left = V6_GROUPS - firstCount - lastCount;
        if (gap < 0 ? left != 0 : left < 1) {
            return Optional.empty();
        }
        System.arraycopy(last, 0, first, V6_GROUPS - lastCount, lastCount);
        return Optional.of(new IpAddress(joined(first, 0), joined(first, V6_GROUPS / 2)));
    }

    private static long joined(int[] groups, int from) {
        long bits = 0;
        for (int i = from; i < from + V6_GROUPS / 2; i++) {
            bits = bits << 16 | groups[i];
        }
        return bits;
    }

    /** Reads groups between colons, the last of which may be an IPv4 address; how many, or {@link #UNREADABLE}. */
    private static int readGroups(String text, int[] groups) {
        if (text.isEmpty()) {
            return 0;
        }
        String[] parts = text.split(":", -1);
        boolean endsInV4 = parts[parts.length - 1].indexOf('.') >= 0;
        int count = endsInV4 ? parts.length + 1 : parts.length;
        if (count > groups.length) {
            return UNREADABLE;
        }
        int plain = endsInV4 ? parts.length - 1 : parts.length;
        for (int i = 0; i < plain; i++) {
            groups[i] = readHex(parts[i]);
            if (groups[i] == UNREADABLE) {
                return UNREADABLE;
            }
        }
        if (endsInV4) {
            long bits = readV4(parts[plain]);
            if (bits == UNREADABLE) {
                return UNREADABLE;
            }
            groups[plain] = (int) (bits >>> 16);
            groups[plain + 1] = (int) (bits & 0xFFFF);
        }
        return count;
    }

    private static long readV4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != V4_NUMBERS) {
            return UNREADABLE;
        }
        long bits = 0;
        for (String part : parts) {
            int number = readDecimal(part, 255);
            if (number == UNREADABLE) {
                return UNREADABLE;
            }
            bits = bits << 8 | number;
        }
        return bits;
    }

    /** Reads ASCII digits without a leading zero, at most {@code max} (up to 999); or {@link #UNREADABLE}. */
    static int readDecimal(String text, int max) {
        if (text.isEmpty() || text.length() > 3 || (text.length() > 1 && text.charAt(0) == '0')) {
            return UNREADABLE;
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return UNREADABLE;
            }
            number = number * 10 + (c - '0');
        }
        return number <= max ? number : UNREADABLE;
    }

    private static int readHex(String text) {
        if (text.isEmpty() || text.length() > 4) {
            return UNREADABLE;
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Character.digit also knows the digits of other scripts.
            int digit = c < 128 ? Character.digit(c, 16) : UNREADABLE;
            if (digit < 0) {
                return UNREADABLE;
            }
            number = number << 4 | digit;
        }
        return number;
    }

    /** Dotted numbers for IPv4, eight groups of hexadecimal digits for IPv6. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (isV4()) {
            for (int shift = 24; shift >= 0; shift -= 8) {
                text.append(low >>> shift & 0xFF).append(shift == 0 ? "" : ".");
            }
        } else {
            for (int group = 0; group < V6_GROUPS; group++) {
                long half = group < V6_GROUPS / 2 ? high : low;
                text.append(group == 0 ? "" : ":").append(Long.toHexString(half >>> (48 - 16 * (group % 4)) & 0xFFFF));
            }
        }
        return text.toString();
    }
}

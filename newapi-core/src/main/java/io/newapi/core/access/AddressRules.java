package io.newapi.core.access;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * From which client addresses a token may be used: from anywhere, or from the listed ranges only.
 *
 * <p>Rules fail closed. An entry that cannot be read admits nobody and does not make the list shorter, so a list of
 * nothing but mistakes is not an empty list; a client whose address cannot be read is not admitted by any list.
 *
 * @param restricted whether the ranges count
 * @param ranges who is admitted while {@code restricted}
 * @param invalid the entries that could not be read, for whoever edits the list
 */
public record AddressRules(boolean restricted, List<AddressRange> ranges, List<String> invalid) {

    private static final AddressRules ANY = new AddressRules(false, List.of(), List.of());
    private static final Pattern SEPARATORS = Pattern.compile("[\\s,]+");

    /** An immutable copy. */
    public AddressRules {
        ranges = List.copyOf(ranges);
        invalid = List.copyOf(invalid);
    }

    /** From anywhere. */
    public static AddressRules any() {
        return ANY;
    }

    /**
     * Reads addresses and CIDR blocks, IPv4 or IPv6, separated by line ends, spaces or commas. A text without any entry is
     * {@link #any()}.
     */
    public static AddressRules parse(String text) {
        List<AddressRange> ranges = new ArrayList<>();
        List<String> invalid = new ArrayList<>();
        for (String entry : SEPARATORS.splitAsStream(text).toList()) {
            if (!entry.isEmpty()) {
                AddressRange.parse(entry).ifPresentOrElse(ranges::add, () -> invalid.add(entry));
            }
        }
        return ranges.isEmpty() && invalid.isEmpty() ? any() : new AddressRules(true, ranges, invalid);
    }

    /** Whether a client at {@code address} (text without port) may use the token. */
    public boolean allows(String address) {
        return !restricted || IpAddress.parse(address).filter(this::admits).isPresent();
    }

    private boolean admits(IpAddress address) {
        for (AddressRange range : ranges) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }
}

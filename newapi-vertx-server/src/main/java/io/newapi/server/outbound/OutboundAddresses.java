package io.newapi.server.outbound;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Turns a host name into the one address to connect to, so that what was checked is what is reached. Link-local addresses, among
 * them the metadata services of clouds, are never allowed; private ones only when the caller says so.
 */
public final class OutboundAddresses {

    private OutboundAddresses() {}

    /**
     * An allowed address of {@code host}, in numeric form; empty if it has none, or is unknown. Blocks for the name look-up.
     *
     * @param privateAllowed whether it may be in a private network or on this machine
     */
    public static Optional<String> allowed(String host, boolean privateAllowed) {
        return allowed(addresses(host), privateAllowed);
    }

    static Optional<String> allowed(List<InetAddress> addresses, boolean privateAllowed) {
        return addresses.stream()
                .filter(address -> isAllowed(address, privateAllowed))
                .findFirst()
                .map(InetAddress::getHostAddress);
    }

    /**
     * Whether calls to a channel at this address go only where they may: not to a link-local address, and, unless allowed, to no
     * private one. A host that is not known now may be known later, and passes. Blocks for the name look-up.
     */
    public static boolean isCallable(String baseUrl, boolean privateAllowed) {
        return host(baseUrl)
                .filter(host -> addresses(host).stream().allMatch(address -> isAllowed(address, privateAllowed)))
                .isPresent();
    }

    /**
     * Whether the address is a number, or this machine: then nobody who controls a name can lead it elsewhere later, and what was
     * allowed when it was stored still holds.
     */
    public static boolean isFixed(String baseUrl) {
        return host(baseUrl)
                .filter(host -> host.equalsIgnoreCase("localhost") || host.startsWith("[") || host.matches("[0-9.]+"))
                .isPresent();
    }

    private static Optional<String> host(String baseUrl) {
        try {
            // the address of a channel may have the model's name in its path
            URI uri = new URI(baseUrl.strip().replace("{model}", "model"));
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return web ? Optional.ofNullable(uri.getHost()) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** All that the name stands for; none if it is unknown. */
    static List<InetAddress> addresses(String host) {
        try {
            return Arrays.asList(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    static boolean isAllowed(InetAddress address, boolean privateAllowed) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress() || address.isLinkLocalAddress()) {
            return false;
        }
        return privateAllowed || !isPrivate(address);
    }

    private static boolean isPrivate(InetAddress address) {
        if (address.isLoopbackAddress() || address.isSiteLocalAddress()) {
            return true;
        }
        byte[] bytes = address.getAddress();
        if (address instanceof Inet6Address) {
            return (bytes[0] & 0xfe) == 0xfc;
        }
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        boolean carrierShared = first == 100 && second >= 64 && second < 128;
        return first == 0 || carrierShared || first >= 240;
    }
}

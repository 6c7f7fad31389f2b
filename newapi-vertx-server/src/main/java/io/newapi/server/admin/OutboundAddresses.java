package io.newapi.server.admin;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Turns a host name into the one address to connect to, so that what was checked is what is reached. Link-local addresses, among
 * them the metadata services of clouds, are never allowed; private ones only when the caller says so.
 */
final class OutboundAddresses {

    private OutboundAddresses() {}

    /** An allowed address of {@code host}; blocks for the name look-up. */
    static InetAddress resolve(String host, boolean privateAllowed) {
        InetAddress[] found;
        try {
            found = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw Refused.because(Message.UPSTREAM_FAILED, "unknown host " + host);
        }
        for (InetAddress address : found) {
            if (isAllowed(address, privateAllowed)) {
                return address;
            }
        }
        throw Refused.because(Message.ADDRESS_REFUSED, host);
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

package io.newapi.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.ZoneId;

/**
 * This node, among others or alone.
 *
 * @param nodeName its name, not blank
 * @param type what it may become among several
 * @param shutdownTimeout how long calls may go on after a request to stop; zero stops at once
 * @param syncFrequency the period in which options and channels are read again, at least one second
 * @param trustedProxies whose word on a client's address, and on HTTPS, is believed
 * @param versionOverride the version to report in place of the product's; empty if there is none
 * @param tz the time zone of log lines and of the times in request ids
 */
public record NodeConfig(
        String nodeName,
        NodeType type,
        Duration shutdownTimeout,
        Duration syncFrequency,
        TrustedProxies trustedProxies,
        String versionOverride,
        ZoneId tz) {

    static final Variable<String> NODE_NAME =
            Variable.computed("NODE_NAME", Kind.text(), "host name", "Name of this node in lists of nodes.");

    static final Variable<NodeType> NODE_TYPE = Variable.of(
            "NODE_TYPE",
            NodeType.KIND,
            "auto",
            "master and auto: the node may be the master, which does the background work of all; one of them is at a time,"
                    + " and another takes over when it is gone. slave: never.");

    static final Variable<String> HOSTNAME = Variable.of(
            "HOSTNAME", Kind.text(), "", "The host name; containers set it. Used where NODE_NAME is unset.");

    static final Variable<Duration> SHUTDOWN_TIMEOUT = Variable.of(
            "SHUTDOWN_TIMEOUT_SECONDS",
            Kind.seconds(0, 3600),
            "8",
            "How long calls may go on after SIGTERM. Stay below the grace of whoever stops the process (10 s for"
                    + " containers, unless stop_grace_period says otherwise).");

    static final Variable<Duration> SYNC_FREQUENCY = Variable.of(
            "SYNC_FREQUENCY",
            Kind.secondsAtLeastOne(86_400),
            "60",
            "Period in which options and channels are read again; changes made through this node act at once.");

    static final Variable<TrustedProxies> TRUSTED_PROXIES = Variable.of(
            "TRUSTED_PROXIES",
            TrustedProxies.KIND,
            TrustedProxies.DEFAULT_TEXT,
            "Addresses and CIDR ranges of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, separated by"
                    + " commas; none = nobody's.");

    static final Variable<String> VERSION =
            Variable.of("VERSION", Kind.text(), "", "Version to report in place of the product's own.");

    static final Variable<ZoneId> TZ = Variable.computed(
            "TZ", Kind.zone(), "system time zone", "Time zone of log lines and of the times in request ids.");

    static final Section SECTION = Section.of(
            "Node", NODE_NAME, NODE_TYPE, HOSTNAME, SHUTDOWN_TIMEOUT, SYNC_FREQUENCY, TRUSTED_PROXIES, VERSION, TZ);

    static NodeConfig read(Settings settings) {
        String hostName = settings.get(HOSTNAME);
        return new NodeConfig(
                settings.get(NODE_NAME, () -> hostName.isBlank() ? localHostName() : hostName),
                settings.get(NODE_TYPE),
                settings.get(SHUTDOWN_TIMEOUT),
                settings.get(SYNC_FREQUENCY),
                settings.get(TRUSTED_PROXIES),
                settings.get(VERSION),
                settings.get(TZ, ZoneId::systemDefault));
    }

    private static String localHostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A machine whose own name does not resolve still has a node.
            return "localhost";
        }
    }
}

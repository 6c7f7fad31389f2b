package io.newapi.server.testing;

import static io.newapi.server.testing.RedisServer.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A Redis master with a replica, and three Sentinels that watch it and have a password of their own. */
public final class RedisSentinels implements AutoCloseable {

    /** What the Sentinels call the master. */
    public static final String MASTER_NAME = "mymaster";

    private static final int SENTINELS = 3;

    private final List<RedisProcess> all = new ArrayList<>();
    private final List<RedisProcess> servers = new ArrayList<>();
    private final List<RedisProcess> sentinels = new ArrayList<>();

    /** Of letters and digits: Sentinels before version 7 write a password with other signs so that they cannot read it. */
    private final String password = RedisServer.newPassword().replaceAll("[^0-9a-z]", "");

    private final String sentinelPassword = "sentinel" + password;

    /** Every server shows it where there is one, and listens for TLS at a port of its own. */
    private final Optional<Certificate> certificate;

    private final Map<RedisProcess, Integer> tlsPorts = new HashMap<>();

    private RedisSentinels(Optional<Certificate> certificate) {
        this.certificate = certificate;
    }

    /**
     * Running servers that know each other, or the end of the calling test.
     *
     * @param untested what remains unproven without them
     */
    public static RedisSentinels orLeaveOut(String untested) {
        return orLeaveOut(Optional.empty(), untested);
    }

    /** The same, all of them with TLS. */
    public static RedisSentinels withTlsOrLeaveOut(Certificate certificate, String untested) {
        return orLeaveOut(Optional.of(certificate), untested);
    }

    private static RedisSentinels orLeaveOut(Optional<Certificate> certificate, String untested) {
        RedisSentinels group = new RedisSentinels(certificate);
        return LeftOut.byBuildSettings()
                .unlessFound(group.start() ? Optional.of(group) : Optional.empty(), "redis", untested);
    }

    private boolean start() {
        if (!data(List.of()) || !data(List.of("--replicaof", "127.0.0.1", Integer.toString(portOf(servers.get(0)))))) {
            close();
            return false;
        }
        RedisProcess.until(
                "the replica follows its master",
                () -> servers.get(1).command("INFO", "replication").contains("master_link_status:up"));
        for (int i = 0; i < SENTINELS; i++) {
            int tlsPort = RedisProcess.freePort();
            if (!added(
                    RedisProcess.start(sentinelPassword, (port, folder) -> sentinel(port, tlsPort, folder)),
                    tlsPort,
                    sentinels)) {
                close();
                return false;
            }
        }
        for (RedisProcess sentinel : sentinels) {
            RedisProcess.until("the Sentinels know each other", () -> {
                String master = sentinel.command("SENTINEL", "master", MASTER_NAME);
                return master.contains("num-slaves 1") && master.contains("num-other-sentinels " + (SENTINELS - 1));
            });
        }
        return true;
    }

    private boolean data(List<String> more) {
        int tlsPort = RedisProcess.freePort();
        List<String> all = new ArrayList<>(more);
        certificate.ifPresent(shown -> all.addAll(shown.arguments(tlsPort)));
        return added(
                RedisProcess.start(password, (port, folder) -> arguments(port, folder, password, all)),
                tlsPort,
                servers);
    }

    private boolean added(Optional<RedisProcess> started, int tlsPort, List<RedisProcess> kind) {
        started.ifPresent(process -> {
            all.add(process);
            kind.add(process);
            tlsPorts.put(process, tlsPort);
        });
        return started.isPresent();
    }

    /** Where nodes find it. */
    private int portOf(RedisProcess process) {
        return certificate.isPresent() ? tlsPorts.getOrDefault(process, 0) : process.port();
    }

    /** Sentinels write into their own file what they learn. */
    private List<String> sentinel(int port, int tlsPort, Path folder) throws IOException {
        Path file = folder.resolve("sentinel.conf");
        Files.writeString(
                file,
                String.join(
                        "\n",
                        List.of(
                                "port " + port,
                                "bind 127.0.0.1",
                                "dir " + folder,
                                "requirepass " + sentinelPassword,
                                "sentinel monitor " + MASTER_NAME + " 127.0.0.1 " + portOf(servers.get(0)) + " 2",
                                "sentinel auth-pass " + MASTER_NAME + " " + password,
                                "sentinel down-after-milliseconds " + MASTER_NAME + " 1000",
                                "sentinel failover-timeout " + MASTER_NAME + " 5000",
                                "")));
        List<String> arguments = new ArrayList<>(List.of(file.toString(), "--sentinel"));
        certificate.ifPresent(shown -> arguments.addAll(shown.arguments(tlsPort)));
        return arguments;
    }

    /** Where the Sentinels listen, as bare addresses separated by commas. */
    public String sentinels() {
        return sentinels.stream()
                .map(sentinel -> "127.0.0.1:" + portOf(sentinel))
                .collect(Collectors.joining(","));
    }

    /** Where one of them listens. */
    public String firstSentinel() {
        return "127.0.0.1:" + portOf(sentinels.get(0));
    }

    /** The password of the master and its replica. */
    public String password() {
        return password;
    }

    /** The password of the Sentinels. */
    public String sentinelPassword() {
        return sentinelPassword;
    }

    /** Ends the master without a warning. */
    public void killMaster() {
        master().kill();
    }

    /** Ends the Sentinel that is named first. */
    public void killFirstSentinel() {
        sentinels.get(0).kill();
    }

    /** Ends all Sentinels. */
    public void killSentinels() {
        sentinels.forEach(RedisProcess::kill);
    }

    /** Has the Sentinels make the replica the master, while the master lives. */
    public void switchMaster() {
        sentinels.get(sentinels.size() - 1).command("SENTINEL", "FAILOVER", MASTER_NAME);
    }

    /** How many connections that listen to a channel the present master has; replicas are not counted. */
    public int listenersAtMaster(String channel) {
        return Integer.parseInt(master().command("PUBSUB", "NUMSUB", channel).replaceFirst(".* ", ""));
    }

    /** Waits until the first master has been asked so many times more whether it is one. */
    public void awaitQuestions(int count) {
        int before = questions();
        RedisProcess.until("the master is asked what it is", () -> questions() >= before + count);
    }

    private int questions() {
        Matcher calls = Pattern.compile("cmdstat_role:calls=([0-9]+)")
                .matcher(servers.get(0).command("INFO", "commandstats"));
        return calls.find() ? Integer.parseInt(calls.group(1)) : 0;
    }

    private RedisProcess master() {
        String named = sentinels.get(sentinels.size() - 1).command("SENTINEL", "get-master-addr-by-name", MASTER_NAME);
        return servers.stream()
                .filter(server -> named.endsWith(" " + portOf(server)))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        all.forEach(RedisProcess::close);
    }
}

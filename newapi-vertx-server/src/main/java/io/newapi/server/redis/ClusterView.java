package io.newapi.server.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A Redis Cluster as one of its servers sees it.
 *
 * @param servers where those are that it believes to be alive, itself included
 * @param masters how many have a part of the keys
 * @param reachable how many of these it believes to be alive
 */
record ClusterView(List<ServerAddress> servers, int masters, int reachable) {

    private static final Set<String> AWAY = Set.of("fail", "fail?", "handshake", "noaddr");
    private static final int ADDRESS = 1;
    private static final int FLAGS = 2;
    private static final int SLOTS = 8;

    ClusterView {
        servers = List.copyOf(servers);
    }

    /**
     * Whether it is where most of the cluster is. One that is cut off passes nothing on to the others, nor is it passed
     * anything; a server that has not been taken into a cluster yet is alone, too.
     */
    boolean isOfTheMajority() {
        return reachable * 2 > masters;
    }

    /** Reads the answer to CLUSTER NODES, a line for each server; what cannot be understood of it is left out. */
    static ClusterView of(String answer) {
        List<ServerAddress> servers = new ArrayList<>();
        int masters = 0;
        int reachable = 0;
        for (String line : answer.lines().toList()) {
            String[] words = line.split(" ", -1);
            if (words.length < SLOTS) {
                continue;
            }
            List<String> flags = List.of(words[FLAGS].split(",", -1));
            boolean alive = flags.stream().noneMatch(AWAY::contains);
            if (flags.contains("master") && words.length > SLOTS) {
                masters++;
                reachable += alive ? 1 : 0;
            }
            if (alive) {
                address(words[ADDRESS]).ifPresent(servers::add);
            }
        }
        return new ClusterView(servers, masters, reachable);
    }

    /** {@code address:port@port-of-the-bus[,name[,more]]}; the address is empty where nobody has told the server its own. */
    private static Optional<ServerAddress> address(String text) {
        String[] parts = text.split(",", -1);
        String place = parts[0].replaceFirst("@.*", "");
        int colon = place.lastIndexOf(':');
        String name = parts.length > 1 ? parts[1] : "";
        String host = name.isEmpty() && colon >= 0 ? place.substring(0, colon) : name;
        String port = place.substring(colon + 1);
        return host.isEmpty() || !port.matches("[0-9]{1,5}")
                ? Optional.empty()
                : Optional.of(new ServerAddress(host, Integer.parseInt(port)));
    }
}

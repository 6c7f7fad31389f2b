package io.newapi.server.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node tells the others about itself. Nothing in it is secret.
 *
 * @param version of the program
 * @param type what it may become: master, auto or slave
 * @param port that it listens on
 * @param zone its time zone
 * @param clockAheadMillis by how much its clock is ahead of the database's; negative if it is behind
 * @param syncSeconds the period in which it reads the configuration again
 * @param syncAgeSeconds how long ago it last did; -1 if that never succeeded
 * @param callsUnderWay calls that it serves now
 * @param callsServed calls that it has taken since it started
 * @param sessionFingerprint of SESSION_SECRET
 * @param cryptoFingerprint of CRYPTO_SECRET
 * @param database where it stores; without user and password
 * @param logDatabase where its logs are; without user and password
 * @param redis its Redis; without user and password; empty for none
 * @param redisJoined whether it can be spoken through
 * @param hears the runs of other nodes that it hears through Redis
 * @param frontendBaseUrl where it sends browsers; empty for nowhere
 * @param untrustedForwarders addresses of proxies that named clients and are not believed, at most a few
 * @param troubles what is not in order with it, in words such as {@code logs: away}
 * @param stopping whether it takes no new calls
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record NodeFacts(
        String version,
        String type,
        int port,
        String zone,
        long clockAheadMillis,
        long syncSeconds,
        long syncAgeSeconds,
        long callsUnderWay,
        long callsServed,
        String sessionFingerprint,
        String cryptoFingerprint,
        String database,
        String logDatabase,
        String redis,
        boolean redisJoined,
        List<String> hears,
        String frontendBaseUrl,
        List<String> untrustedForwarders,
        List<String> troubles,
        boolean stopping) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A node of another version, of which not even this could be read. */
    private static final NodeFacts UNKNOWN = new NodeFacts(
            "", "", 0, "", 0, 0, -1, 0, 0, "", "", "", "", "", false, List.of(), "", List.of(), List.of(), false);

    /** Copies the lists; what a node of another version does not tell is empty. */
    public NodeFacts {
        version = told(version);
        type = told(type);
        zone = told(zone);
        sessionFingerprint = told(sessionFingerprint);
        cryptoFingerprint = told(cryptoFingerprint);
        database = told(database);
        logDatabase = told(logDatabase);
        redis = told(redis);
        hears = told(hears);
        frontendBaseUrl = told(frontendBaseUrl);
        untrustedForwarders = told(untrustedForwarders);
        troubles = told(troubles);
    }

    private static String told(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static List<String> told(@Nullable List<String> texts) {
        return texts == null ? List.of() : List.copyOf(texts);
    }

    /** As it stands in the database. */
    String json() {
        try {
            return MAPPER.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers can always be written", e);
        }
    }

    /** What stands in the database, perhaps of another version. */
    static NodeFacts of(String json) {
        try {
            NodeFacts facts = MAPPER.readValue(json, NodeFacts.class);
            return facts == null ? UNKNOWN : facts;
        } catch (JsonProcessingException e) {
            return UNKNOWN;
        }
    }
}

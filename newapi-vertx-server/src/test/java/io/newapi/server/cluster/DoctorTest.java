package io.newapi.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.newapi.server.cluster.Finding.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What is found wrong with a cluster, and that nothing is found with one that is in order. */
class DoctorTest {

    private static final long NOW = 1_795_000_000_000L;
    private static final long HOUR = 3_600_000;

    private final List<ClusterNode> nodes = new ArrayList<>();

    /** What can be said of a node, changed by tests in one thing. */
    private static final class Told {
        private String version = "1.0";
        private String type = "auto";
        private String zone = "UTC";
        private long ahead;
        private long sync = 60;
        private long age = 3;
        private long served = 1_000;
        private String session = "s1";
        private String crypto = "c1";
        private String logs = "db:3306/logs";
        private String redis = "redis:6379/0";
        private boolean joined = true;
        private boolean deaf;
        private String base = "";
        private List<String> forwarders = List.of();
        private List<String> troubles = List.of();
        private long silent = 1_000;
        private boolean left;

        private NodeFacts facts(List<String> others) {
            return new NodeFacts(
                    version,
                    type,
                    3000,
                    zone,
                    ahead,
                    sync,
                    age,
                    5,
                    served,
                    session,
                    crypto,
                    "db:3306/new-api",
                    logs,
                    redis,
                    joined,
                    deaf ? List.of() : others,
                    base,
                    forwarders,
                    troubles,
                    false);
        }
    }

    private void node(String name, boolean master, UnaryOperator<Told> change) {
        Told told = change.apply(new Told());
        nodes.add(new ClusterNode(
                name, name, master, NOW - HOUR, told.silent, told.left, told.facts(List.of("one", "two", "three"))));
    }

    private void twoHealthyNodes() {
        node("one", true, told -> told);
        node("two", false, told -> told);
    }

    private List<Finding> examine() {
        return examine(Map.of());
    }

    private List<Finding> examine(Map<String, Integer> weights) {
        return Doctor.examine(nodes, weights, NOW, true);
    }

    private void third(UnaryOperator<Told> change, Level level, String code, String says) {
        twoHealthyNodes();
        node("three", false, change);

        List<Finding> findings = examine();

        assertThat(findings).hasSize(1);
        Finding finding = findings.get(0);
        assertThat(finding.level()).isEqualTo(level);
        assertThat(finding.code()).isEqualTo(code);
        assertThat(finding.node() + " " + finding.what()).contains(says);
        assertThat(finding.advice()).isNotEmpty();
        assertThat(finding.rule()).matches("[SU][0-9]+( [SU][0-9]+)*");
        assertThat(Doctor.isHealthy(findings)).isEqualTo(level == Level.NOTICE);
    }

    @Test
    void nothingIsFoundWhereEverythingIsInOrder() {
        twoHealthyNodes();
        node("three", false, told -> told);

        assertThat(examine()).isEmpty();
        assertThat(Doctor.isHealthy(examine())).isTrue();
    }

    @Test
    void oneNodeOnAFileIsHealthy() {
        node("one", true, told -> {
            told.redis = "";
            told.joined = false;
            return told;
        });

        assertThat(Doctor.examine(nodes, Map.of(), NOW, false)).isEmpty();
    }

    @Test
    void aLostNode() {
        third(
                told -> {
                    told.silent = 60_000;
                    return told;
                },
                Level.ERROR,
                "node_lost",
                "three was last seen 60 s ago");
    }

    @Test
    void aLostNodeThatIsBackIsOnlyWorthToKnow() {
        twoHealthyNodes();
        node("two", false, told -> {
            told.silent = 60_000;
            return told;
        });

        assertThat(examine()).extracting(Finding::level).containsExactly(Level.NOTICE);
    }

    @Test
    void aNodeThatStoppedIsNotMissed() {
        twoHealthyNodes();
        node("three", false, told -> {
            told.silent = 60_000;
            told.left = true;
            return told;
        });

        assertThat(examine()).isEmpty();
    }

    @Test
    void noMasterAmongCandidates() {
        node("one", false, told -> told);

        assertThat(examine())
                .extracting(Finding::code, Finding::level)
                .containsExactly(tuple("no_master", Level.ERROR));
    }

    @Test
    void slavesAlone() {
        node("one", false, told -> {
            told.type = "slave";
            return told;
        });

        assertThat(examine())
                .extracting(Finding::code, Finding::level)
                .containsExactly(tuple("no_master", Level.WARNING));
    }

    @Test
    void severalThatWantToBeTheMaster() {
        for (String name : List.of("one", "two")) {
            node(name, name.equals("one"), told -> {
                told.type = "master";
                return told;
            });
        }

        assertThat(examine()).extracting(Finding::code).containsExactly("several_masters");
    }

    @Test
    void twoNodesOfOneName() {
        twoHealthyNodes();
        node("two", false, told -> told);

        assertThat(examine()).extracting(Finding::code).containsExactly("same_name");
    }

    @Test
    void twoNodesOnOneFile() {
        twoHealthyNodes();

        assertThat(Doctor.examine(nodes, Map.of(), NOW, false))
                .extracting(Finding::code)
                .containsExactly("file_shared");
    }

    @Test
    void anotherSessionSecret() {
        third(
                told -> {
                    told.session = "s2";
                    return told;
                },
                Level.ERROR,
                "session_secret",
                "s1 on one, two; s2 on three");
    }

    @Test
    void anotherCryptoSecret() {
        third(
                told -> {
                    told.crypto = "c2";
                    return told;
                },
                Level.ERROR,
                "crypto_secret",
                "c2 on three");
    }

    @Test
    void anotherVersion() {
        third(
                told -> {
                    told.version = "1.1";
                    return told;
                },
                Level.NOTICE,
                "versions",
                "1.1 on three");
    }

    @Test
    void anotherTimeZone() {
        third(
                told -> {
                    told.zone = "Asia/Shanghai";
                    return told;
                },
                Level.WARNING,
                "time_zones",
                "Asia/Shanghai on three");
    }

    @Test
    void aClockThatIsALittleWrong() {
        third(
                told -> {
                    told.ahead = -2_500;
                    return told;
                },
                Level.WARNING,
                "clock",
                "three its clock is 2.5 s behind");
    }

    @Test
    void aClockThatIsVeryWrong() {
        third(
                told -> {
                    told.ahead = 300_000;
                    return told;
                },
                Level.ERROR,
                "clock",
                "300.0 s ahead of");
    }

    @Test
    void anotherSyncFrequency() {
        third(
                told -> {
                    told.sync = 600;
                    return told;
                },
                Level.WARNING,
                "sync_frequency",
                "600 on three");
    }

    @Test
    void anotherDatabaseOfLogs() {
        third(
                told -> {
                    told.logs = "elsewhere:3306/logs";
                    return told;
                },
                Level.ERROR,
                "log_database",
                "elsewhere:3306/logs on three");
    }

    @Test
    void aConfigurationThatIsTooOld() {
        third(
                told -> {
                    told.age = 500;
                    return told;
                },
                Level.ERROR,
                "not_synchronised",
                "500 s");
    }

    @Test
    void oneWithoutRedis() {
        third(
                told -> {
                    told.redis = "";
                    told.joined = false;
                    return told;
                },
                Level.ERROR,
                "no_redis",
                "three has no Redis");
    }

    @Test
    void oneWhoseRedisIsAway() {
        third(
                told -> {
                    told.joined = false;
                    return told;
                },
                Level.ERROR,
                "redis_away",
                "redis:6379/0");
    }

    @Test
    void oneThatDoesNotHearTheOthers() {
        third(
                told -> {
                    told.deaf = true;
                    return told;
                },
                Level.ERROR,
                "not_heard",
                "three does not hear one, two");
    }

    @Test
    void allWithoutRedisIsOnlyWorthToKnow() {
        for (String name : List.of("one", "two")) {
            node(name, name.equals("one"), told -> {
                told.redis = "";
                told.joined = false;
                return told;
            });
        }

        assertThat(examine()).extracting(Finding::level).containsExactly(Level.NOTICE);
    }

    @Test
    void aNodeThatReportsATrouble() {
        third(
                told -> {
                    told.troubles = List.of("logs: away");
                    return told;
                },
                Level.ERROR,
                "trouble",
                "three reports logs: away");
    }

    @Test
    void aProxyThatIsNotTrusted() {
        third(
                told -> {
                    told.forwarders = List.of("203.0.113.9");
                    return told;
                },
                Level.WARNING,
                "untrusted_forwarder",
                "203.0.113.9");
    }

    @Test
    void slavesThatSendBrowsersToDifferentPlaces() {
        node("one", true, told -> {
            told.base = "https://ignored.example";
            return told;
        });
        for (String name : List.of("two", "three")) {
            node(name, false, told -> {
                told.type = "slave";
                told.base = "https://" + name + ".example";
                return told;
            });
        }

        assertThat(examine()).extracting(Finding::code).containsExactly("frontend_base_url");
    }

    @Test
    void aShareOfCallsThatIsNotWhatTheBalancerShouldGive() {
        node("one", true, told -> {
            told.served = 300;
            return told;
        });
        node("two", false, told -> {
            told.served = 500;
            return told;
        });
        node("three", false, told -> {
            told.served = 0;
            return told;
        });
        Map<String, Integer> weights = Map.of("one", 3, "two", 5, "three", 5);

        assertThat(examine()).isEmpty();
        assertThat(examine(weights))
                .filteredOn(finding -> finding.node().equals("three"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what())
                        .isEqualTo("has served 0 % of the calls; by its weight it should be 38 %"));
    }

    @Test
    void sharesAsTheWeightsSayAreFine() {
        node("one", true, told -> {
            told.served = 300;
            return told;
        });
        node("two", false, told -> {
            told.served = 520;
            return told;
        });

        assertThat(examine(Map.of("one", 3, "two", 5))).isEmpty();
    }

    @Test
    void theWorstComesFirst() {
        twoHealthyNodes();
        node("three", false, told -> {
            told.version = "2";
            told.zone = "CET";
            told.session = "s9";
            return told;
        });

        assertThat(examine()).extracting(Finding::level).containsExactly(Level.ERROR, Level.WARNING, Level.NOTICE);
    }
}

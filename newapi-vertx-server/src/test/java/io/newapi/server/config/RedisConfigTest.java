package io.newapi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisConfigTest {

    private static Map<String, String> settings(String address, String... more) {
        Map<String, String> settings = new HashMap<>();
        settings.put("REDIS_CONN_STRING", address);
        settings.put("CRYPTO_SECRET", "a secret that all nodes know");
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    private static RedisConfig redis(String text, String... more) {
        return Loading.loaded(settings(text, more)).config().cluster().redis().orElseThrow();
    }

    private static RedisLogin login(boolean tls, String user, String password, int database) {
        return new RedisLogin(
                tls, user, password.isEmpty() ? Optional.empty() : Optional.of(Secret.of(password)), database);
    }

    private static List<String> warnings(String text, String... more) {
        return Loading.loaded(settings(text, more)).warnings().stream()
                .filter(warning -> !warning.startsWith("SESSION_SECRET"))
                .toList();
    }

    private static List<String> problems(String text, String... more) {
        return Loading.invalid(settings(text, more)).problems();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redis://default:password@host:6379       | host      | 6379 | false | ''      | password | 0",
                "redis://redis                            | redis     | 6379 | false | ''      | ''       | 0",
                "redis://host:6379                        | host      | 6379 | false | ''      | ''       | 0",
                "redis:6380                               | redis     | 6380 | false | ''      | ''       | 0",
                "redis                                    | redis     | 6379 | false | ''      | ''       | 0",
                "10.0.0.1                                 | 10.0.0.1  | 6379 | false | ''      | ''       | 0",
                "[::1]:7000                               | ::1       | 7000 | false | ''      | ''       | 0",
                "redis://                                 | localhost | 6379 | false | ''      | ''       | 0",
                "redis://:pw@10.0.0.1/3                   | 10.0.0.1  | 6379 | false | ''      | pw       | 3",
                "redis://someone:pw@host/3?db=4           | host      | 6379 | false | someone | pw       | 4",
                "rediss://:p%40%2Fw%2B@[::1]:7000         | ::1       | 7000 | true  | ''      | p@/w+    | 0",
                "redis://host?pool_size=10&dial_timeout=5 | host      | 6379 | false | ''      | ''       | 0"
            })
    void everyDocumentedFormOfOneServerIsUnderstood(
            String text, String host, int port, boolean tls, String user, String password, int database) {
        assertThat(redis(text))
                .isEqualTo(new RedisConfig.Single(new RedisHost(host, port), login(tls, user, password, database), 10));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a                                    | a:26379                   | false | ''",
                "a:1,b                                | a:1 b:26379               | false | ''",
                "a:1, b:2 ,c:3,                       | a:1 b:2 c:3               | false | ''",
                "redis://host:6379                    | host:6379                 | false | ''",
                "redis://:own@a,redis://b:2,[::1]:3   | a:26379 b:2 [::1]:3       | false | own",
                "rediss://:own@a,b,rediss://:own@c:3  | a:26379 b:26379 c:3       | true  | own"
            })
    void whereAMasterIsNamedTheAddressesAreOfSentinels(String text, String hosts, boolean tls, String password) {
        RedisConfig.Sentinels sentinels = (RedisConfig.Sentinels) redis(text, "REDIS_MASTER_NAME", "mymaster");

        assertThat(sentinels.masterName()).isEqualTo("mymaster");
        assertThat(sentinels.hosts()).extracting(RedisHost::toString).containsExactly(hosts.split(" "));
        assertThat(sentinels.login()).isEqualTo(login(tls, "", password, 0));
        assertThat(sentinels.password()).isEmpty();
    }

    @Test
    void sentinelsMayHaveAPasswordOfTheirOwn() {
        assertThat(redis(
                        "a:26379",
                        "REDIS_MASTER_NAME",
                        "mymaster",
                        "REDIS_PASSWORD",
                        "data",
                        "NEWAPI_REDIS_SENTINEL_PASSWORD",
                        "sentinel"))
                .isEqualTo(new RedisConfig.Sentinels(
                        "mymaster",
                        List.of(new RedisHost("a", 26_379)),
                        Optional.of(Secret.of("sentinel")),
                        login(false, "", "data", 0),
                        10));
    }

    @Test
    void severalServersWithoutAMasterAreACluster() {
        assertThat(redis("redis://:pw@a:1,b", "REDIS_POOL_SIZE", "20"))
                .isEqualTo(new RedisConfig.Cluster(
                        List.of(new RedisHost("a", 1), new RedisHost("b", 6379)), login(false, "", "pw", 0), 20));
    }

    @Test
    void oneServerIsAClusterWhereThatIsSaid() {
        assertThat(redis("a", "NEWAPI_REDIS_CLUSTER", "true"))
                .isEqualTo(new RedisConfig.Cluster(List.of(new RedisHost("a", 6379)), login(false, "", "", 0), 10));
    }

    @Test
    void thePasswordMayBeGivenApart() {
        assertThat(redis("redis://host", "REDIS_PASSWORD", "p w").login()).isEqualTo(login(false, "", "p w", 0));
        assertThat(redis("redis://me@host", "REDIS_PASSWORD", "p w").login()).isEqualTo(login(false, "me", "p w", 0));
        assertThat(redis("redis://:own@host", "REDIS_PASSWORD", "other").login())
                .isEqualTo(login(false, "", "own", 0));
        assertThat(warnings("redis://:own@host", "REDIS_PASSWORD", "other"))
                .containsExactly("REDIS_PASSWORD has no effect: REDIS_CONN_STRING has another password");
    }

    @Test
    void thePoolMayBeGivenUnderEitherName() {
        assertThat(redis("a", "REDIS_POOL_SIZE", "5").poolSize()).isEqualTo(5);
        assertThat(redis("a", "REDIS_CONN_POOL_SIZE", "6").poolSize()).isEqualTo(6);
        assertThat(redis("a", "REDIS_POOL_SIZE", "5", "REDIS_CONN_POOL_SIZE", "6")
                        .poolSize())
                .isEqualTo(5);
        assertThat(warnings("a", "REDIS_POOL_SIZE", "5", "REDIS_CONN_POOL_SIZE", "6"))
                .containsExactly("REDIS_CONN_POOL_SIZE is 6, which has no effect: REDIS_POOL_SIZE is 5");
        assertThat(warnings("a", "REDIS_POOL_SIZE", "5", "REDIS_CONN_POOL_SIZE", "5"))
                .isEmpty();
        assertThat(problems("a", "REDIS_CONN_POOL_SIZE", "0"))
                .containsExactly("REDIS_CONN_POOL_SIZE must be a whole number from 1 to 1000, but is '0'");
    }

    @Test
    void whatHasNoEffectIsSaid() {
        assertThat(warnings("redis://host?pool_size=10"))
                .containsExactly("REDIS_CONN_STRING has the parameter pool_size, which has no effect here");
        assertThat(warnings("host", "NEWAPI_REDIS_SENTINEL_PASSWORD", "hunter2"))
                .containsExactly("NEWAPI_REDIS_SENTINEL_PASSWORD has no effect: REDIS_MASTER_NAME is not set");
        assertThat(warnings("", "REDIS_MASTER_NAME", "mymaster", "REDIS_PASSWORD", "hunter2"))
                .containsExactly(
                        "REDIS_PASSWORD has no effect: REDIS_CONN_STRING is not set",
                        "REDIS_MASTER_NAME has no effect: REDIS_CONN_STRING is not set");
    }

    @Test
    void noPasswordIsShown() {
        for (String text : List.of("redis://me:hunter2@host/3", "redis://me:hunter2@host,b")) {
            assertThat(redis(text).toString()).doesNotContain("hunter2");
        }
        assertThat(redis("a", "REDIS_MASTER_NAME", "m", "NEWAPI_REDIS_SENTINEL_PASSWORD", "hunter2")
                        .toString())
                .doesNotContain("hunter2");
    }

    @Test
    void withoutAnAddressANodeIsAlone() {
        assertThat(Loading.loaded(Map.of("REDIS_PASSWORD", "hunter2"))
                        .config()
                        .cluster()
                        .redis())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hunter 2                         | must have the form redis://[[user]:password@]host[:port][/database]",
                "http://:hunter2@redis            | must have the form redis://",
                "redis:port                       | must have the form redis://",
                ":hunter2@redis:6379              | must have the form redis://",
                "redis://:hunter2@host:70000      | must have a port from 1 to 65535",
                "redis://:hunter2@host/name       | must have the form redis://",
                "redis://:hunter2%zz@host         | must have the form redis://",
                "redis://:hunter2,x@host          | a comma as %2C",
                "redis://:hunter2@host?color=red  | has a parameter after the question mark that nobody knows",
                "redis://:hunter2@redis_main      | an underscore is not allowed in the name of a host",
                "redis://:hunter2@[1:2]           | an IPv6 address in brackets",
                "unix:///run/hunter2.sock         | sockets in the file system (unix://) are not supported",
                "redis://a,unix:///run/hunter2    | sockets in the file system (unix://) are not supported",
                "redis://:hunter2@a,redis://:b@c  | must not have different passwords for its servers",
                "redis://:hunter2@a,rediss://c    | must not have different schemes for its servers",
                "redis://a/1,redis://c/2          | must not have different databases for its servers",
                "redis://hunter2@host             | must have a password for the user that it names",
                "redis://:hunter2@a/1,c           | must name no database but 0 where it names a Redis Cluster",
                "','                              | must name a server"
            })
    void whatCannotBeUsedIsSaidWithoutQuotingIt(String text, String problem) {
        assertThat(Loading.invalid(settings(text)).text())
                .contains("REDIS_CONN_STRING " + (problem.startsWith("must") ? problem : ""))
                .contains(problem)
                .doesNotContain("hunter2");
    }

    @Test
    void contradictionsAreNamed() {
        assertThat(problems("unix:///run/redis.sock", "REDIS_MASTER_NAME", "mymaster"))
                .containsExactly(
                        "REDIS_CONN_STRING must name a host: sockets in the file system (unix://) are not supported");
        assertThat(problems("a", "REDIS_MASTER_NAME", "mymaster", "NEWAPI_REDIS_CLUSTER", "true"))
                .containsExactly(
                        "REDIS_MASTER_NAME and NEWAPI_REDIS_CLUSTER must not both be set: Sentinels do not watch"
                                + " a Redis Cluster");
        assertThat(problems("redis://a/3", "NEWAPI_REDIS_CLUSTER", "true"))
                .containsExactly(
                        "REDIS_CONN_STRING must name no database but 0 where it names a Redis Cluster, which has"
                                + " no other");
        assertThat(problems("a,b", "NEWAPI_REDIS_CLUSTER", "false"))
                .containsExactly(
                        "NEWAPI_REDIS_CLUSTER must not be false where REDIS_CONN_STRING names several servers and"
                                + " REDIS_MASTER_NAME no master of Sentinels");
    }

    @Test
    void nodesThatTalkNeedASecret() {
        assertThat(Loading.invalid(
                                Map.of("REDIS_CONN_STRING", "redis://host", "SESSION_SECRET", "", "CRYPTO_SECRET", ""))
                        .problems())
                .containsExactly("CRYPTO_SECRET or SESSION_SECRET must be set, and be the same on all nodes, where"
                        + " REDIS_CONN_STRING is (openssl rand -hex 32 makes one)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SESSION_SECRET", "CRYPTO_SECRET"})
    void eitherSecretWillDo(String name) {
        ClusterConfig cluster = Loading.loaded(
                        Map.of("REDIS_CONN_STRING", "redis://host", name, "a secret that all nodes know"))
                .config()
                .cluster();

        assertThat(cluster.cryptoSecret()).isEqualTo(Secret.of("a secret that all nodes know"));
    }

    @Test
    void nodesOfTheOriginalAreThoughtToBeThereUnlessTheSettingsSayOtherwise() {
        assertThat(Loading.loaded(settings("redis")).config().cluster().besideOriginal())
                .isTrue();
        assertThat(Loading.loaded(settings("redis", "NEWAPI_BESIDE_ORIGINAL", "false"))
                        .config()
                        .cluster()
                        .besideOriginal())
                .isFalse();
        assertThat(Loading.loaded(Map.of("NEWAPI_BESIDE_ORIGINAL", "true")).warnings())
                .contains("NEWAPI_BESIDE_ORIGINAL has no effect: REDIS_CONN_STRING is not set");
    }
}

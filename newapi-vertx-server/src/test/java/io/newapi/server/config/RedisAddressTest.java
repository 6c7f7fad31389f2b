package io.newapi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {

    private static Map<String, String> settings(String address, String... more) {
        Map<String, String> settings = new HashMap<>();
        settings.put("REDIS_CONN_STRING", address);
        settings.put("CRYPTO_SECRET", "a secret that all nodes know");
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    private static Optional<RedisAddress> address(String text, String... more) {
        return Loading.loaded(settings(text, more)).config().cluster().redis();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redis://default:password@host:6379       | redis://:password@host:6379/0",
                "redis://redis                            | redis://redis:6379/0",
                "redis://host:6379                        | redis://host:6379/0",
                "redis:6380                               | redis://redis:6380/0",
                "redis://                                 | redis://localhost:6379/0",
                "redis://:pw@10.0.0.1/3                   | redis://:pw@10.0.0.1:6379/3",
                "redis://someone:pw@host/3?db=4           | redis://someone:pw@host:6379/4",
                "rediss://:p%40%2Fw%2B@[::1]:7000         | rediss://:p%40%2Fw%2B@[::1]:7000/0",
                "redis://host?pool_size=10&dial_timeout=5 | redis://host:6379/0"
            })
    void everyDocumentedFormIsUnderstood(String text, String meant) {
        assertThat(address(text).map(RedisAddress::reveal)).contains(meant);
    }

    @Test
    void whatHasNoEffectIsSaid() {
        assertThat(Loading.loaded(settings("redis://host?pool_size=10")).warnings())
                .contains("REDIS_CONN_STRING has the parameter pool_size, which has no effect here");
    }

    @Test
    void thePasswordMayBeGivenApart() {
        assertThat(address("redis://host", "REDIS_PASSWORD", "p w").map(RedisAddress::reveal))
                .contains("redis://:p%20w@host:6379/0");
        assertThat(address("redis://:own@host", "REDIS_PASSWORD", "other").map(RedisAddress::reveal))
                .contains("redis://:own@host:6379/0");
    }

    @Test
    void noPasswordIsShown() {
        assertThat(address("redis://me:hunter2@host/3").map(RedisAddress::toString))
                .contains("redis://host:6379/3");
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
                "hunter2                          | must have the form redis://[[user]:password@]host[:port][/database]",
                "http://:hunter2@redis            | must have the form redis://",
                "redis:port                       | must have the form redis://",
                "redis://:hunter2@host:70000      | must have a port from 1 to 65535",
                "redis://:hunter2@host/name       | must have the form redis://",
                "redis://:hunter2%zz@host         | must have the form redis://",
                "redis://:hunter2@host?color=red  | has a parameter after the question mark that nobody knows",
                "redis://:hunter2@redis_main      | an underscore is not allowed in the name of a host",
                "redis://:hunter2@[1:2]           | an IPv6 address in brackets",
                "unix:///run/hunter2.sock         | sockets in the file system are not part of this version",
                "a:26379,b:26379                  | Sentinels and Redis Cluster are not part of this version"
            })
    void whatCannotBeUsedIsSaidWithoutQuotingIt(String text, String problem) {
        assertThat(Loading.invalid(settings(text)).text()).contains(problem).doesNotContain("hunter2");
    }

    @Test
    void sentinelsAreRefusedByName() {
        assertThat(Loading.invalid(settings("redis://host", "REDIS_MASTER_NAME", "mymaster"))
                        .problems())
                .containsExactly("REDIS_MASTER_NAME must not be set: Sentinels are not part of this version, but is"
                        + " 'mymaster'");
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
}

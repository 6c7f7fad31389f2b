package io.newapi.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClusterViewTest {

    private static String line(String address, String flags, String slots) {
        return "0123456789abcdef " + address + " " + flags + " - 0 0 1 connected" + (slots.isEmpty() ? "" : " " + slots)
                + "\n";
    }

    @Test
    void serversThatAreAliveAreFoundWhateverTheyServeAs() {
        ClusterView view = ClusterView.of(line("10.0.0.1:6379@16379", "myself,master", "0-5460")
                + line("10.0.0.2:6380@16380,redis-2,shard-id=1", "master", "5461-10922 [1->-2]")
                + line("fd00::3:6381@16381", "slave", "")
                + line("10.0.0.4:6379@16379", "slave,fail", "")
                + line("10.0.0.5:6379@16379", "master,fail?", "10923-16383")
                + line(":0@0", "master,noaddr", "")
                + line("10.0.0.6:6379@16379", "handshake", "")
                + line("10.0.0.7:6379", "slave", ""));

        assertThat(view.servers())
                .containsExactly(
                        new ServerAddress("10.0.0.1", 6379),
                        new ServerAddress("redis-2", 6380),
                        new ServerAddress("fd00::3", 6381),
                        new ServerAddress("10.0.0.7", 6379));
        assertThat(view.masters()).isEqualTo(3);
        assertThat(view.reachable()).isEqualTo(2);
        assertThat(view.isOfTheMajority()).isTrue();
    }

    @Test
    void halfIsNoMajority() {
        assertThat(ClusterView.of(line("a:1@2", "myself,master", "0-1") + line("b:1@2", "master,fail?", "2-3"))
                        .isOfTheMajority())
                .isFalse();
        assertThat(ClusterView.of(line("a:1@2", "myself,master", "")).isOfTheMajority())
                .as("without a part of the keys it is not in the cluster yet")
                .isFalse();
    }

    @Test
    void whatIsNotUnderstoodIsLeftOut() {
        ClusterView view =
                ClusterView.of("\nsomething else\n" + line("nowhere", "slave", "") + line("a:port@1", "slave", ""));

        assertThat(view.servers()).isEmpty();
        assertThat(view.masters()).isZero();
    }
}

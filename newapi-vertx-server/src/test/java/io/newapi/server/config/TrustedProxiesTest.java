package io.newapi.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
                    # from a stranger, the header is not believed
                    203.0.113.9 | 198.51.100.1                          | 203.0.113.9
                    203.0.113.9 | 127.0.0.1                             | 203.0.113.9
                    # from a proxy, its last word is
                    10.0.0.2    | 198.51.100.1                          | 198.51.100.1
                    127.0.0.1   | 198.51.100.1                          | 198.51.100.1
                    ::1         | 198.51.100.1                          | 198.51.100.1
                    fd00::2     | 2001:db8::7                           | 2001:db8::7
                    # what the client itself wrote stands further left
                    10.0.0.2    | 1.2.3.4, 198.51.100.1                 | 198.51.100.1
                    10.0.0.2    | 1.2.3.4, 198.51.100.1, 10.0.0.1       | 198.51.100.1
                    10.0.0.2    | 127.0.0.1,198.51.100.1,192.168.1.1    | 198.51.100.1
                    # all are proxies: the left-most
                    10.0.0.2    | 192.168.7.7, 172.16.0.1               | 192.168.7.7
                    # what is no address ends the chain of trust
                    10.0.0.2    | 1.2.3.4, unknown                      | 10.0.0.2
                    10.0.0.2    | unknown, 192.168.7.7                  | 192.168.7.7
                    10.0.0.2    | ''                                    | 10.0.0.2
                    10.0.0.2    | ,                                     | 10.0.0.2
                    # forms of one address
                    10.0.0.2    | 198.51.100.1:4711                     | 198.51.100.1
                    10.0.0.2    | [2001:db8::7]:4711                    | 2001:db8::7
                    10.0.0.2    | 2001:0DB8:0:0:0:0:0:7                 | 2001:db8::7
                    ::ffff:10.0.0.2 | ::ffff:198.51.100.1               | 198.51.100.1
                    # not private, though near
                    172.32.0.1  | 198.51.100.1                          | 172.32.0.1
                    11.0.0.1    | 198.51.100.1                          | 11.0.0.1
                    """)
    void theClientIsTheRightMostAddressThatIsNotAProxy(String remote, String header, String client) {
        assertThat(TrustedProxies.privateRanges().clientAddress(remote, List.of(header)))
                .isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
                    # from a stranger, the word is not believed
                    203.0.113.9 | 198.51.100.1                    | https       | false
                    # from a proxy it is, whether or not it names the client
                    10.0.0.2    | 198.51.100.1                    | https       | true
                    10.0.0.2    | 198.51.100.1                    | HTTPS       | true
                    10.0.0.2    | 198.51.100.1                    | http        | false
                    10.0.0.2    | 198.51.100.1                    | ''          | false
                    10.0.0.2    | ''                              | https       | true
                    # of two proxies the outer one spoke with the client
                    10.0.0.2    | 198.51.100.1, 10.0.0.1          | https, http | true
                    10.0.0.2    | 198.51.100.1, 10.0.0.1          | http, https | false
                    # the inner one has replaced the header, or kept it
                    10.0.0.2    | 198.51.100.1, 10.0.0.1          | https       | true
                    # what the client itself wrote stands further left
                    10.0.0.2    | 198.51.100.1                    | https, http | false
                    10.0.0.2    | 1.2.3.4, 198.51.100.1, 10.0.0.1 | http, https, http | true
                    10.0.0.2    | 1.2.3.4, 198.51.100.1, 10.0.0.1 | https, http, http | false
                    """)
    void whetherTheClientSpeaksHttpsIsTheWordOfTheOutermostProxy(
            String remote, String forwardedFor, String forwardedProto, boolean https) {
        assertThat(TrustedProxies.privateRanges()
                        .clientUsesHttps(remote, List.of(forwardedFor), List.of(forwardedProto)))
                .isEqualTo(https);
    }

    @Test
    void withoutAWordOnHttpsThereIsNone() {
        assertThat(TrustedProxies.privateRanges().clientUsesHttps("10.0.0.2", List.of(), List.of()))
                .isFalse();
        assertThat(TrustedProxies.none().clientUsesHttps("10.0.0.2", List.of(), List.of("https")))
                .isFalse();
    }

    @Test
    void severalHeaderLinesAreOneListInTheirOrder() {
        assertThat(TrustedProxies.privateRanges()
                        .clientAddress("10.0.0.2", List.of("1.2.3.4", "198.51.100.1", "10.0.0.1, 10.0.0.3")))
                .isEqualTo("198.51.100.1");
    }

    @Test
    void withoutTheHeaderItIsThePeer() {
        assertThat(TrustedProxies.privateRanges().clientAddress("10.0.0.2", List.of()))
                .isEqualTo("10.0.0.2");
    }

    @Test
    void noneBelievesNobody() {
        assertThat(TrustedProxies.parse("none").clientAddress("127.0.0.1", List.of("198.51.100.1")))
                .isEqualTo("127.0.0.1");
    }

    @Test
    void aListReplacesTheDefault() {
        TrustedProxies proxies = TrustedProxies.parse("203.0.113.0/24, 2001:db8::/33 192.0.2.7");

        assertThat(proxies.trusts("203.0.113.255")).isTrue();
        assertThat(proxies.trusts("203.0.114.0")).isFalse();
        assertThat(proxies.trusts("2001:db8:7fff::1")).isTrue();
        assertThat(proxies.trusts("2001:db8:8000::1")).isFalse();
        assertThat(proxies.trusts("192.0.2.7")).isTrue();
        assertThat(proxies.trusts("192.0.2.6")).isFalse();
        assertThat(proxies.trusts("127.0.0.1")).isFalse();
    }

    @Test
    void aRangeOfLengthZeroHoldsEveryAddressOfItsKind() {
        assertThat(TrustedProxies.parse("0.0.0.0/0").trusts("255.255.255.255")).isTrue();
        assertThat(TrustedProxies.parse("0.0.0.0/0").trusts("2001:db8::1")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "10.0.0.0/33",
                "fc00::/129",
                "10.0.0/8",
                "10.0.0.1,",
                ",",
                "none none",
                "::ffff:10.0.0.0/104"
            })
    void whatIsNoListIsRefused(String text) {
        assertThatThrownBy(() -> TrustedProxies.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @Test
    void aPeerWithoutAnAddressIsItself() {
        assertThat(TrustedProxies.privateRanges().clientAddress("/run/gateway.sock", List.of("198.51.100.1")))
                .isEqualTo("/run/gateway.sock");
    }

    @Test
    void aForgedChainOfProxiesIsFollowedOnlySoFar() {
        String chain = "198.51.100.1," + String.join(",", Collections.nCopies(2000, "10.0.0.1"));

        assertThat(TrustedProxies.privateRanges().clientAddress("10.0.0.2", List.of(chain)))
                .isEqualTo("10.0.0.1");
    }
}

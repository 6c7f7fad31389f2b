package io.newapi.server.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a channel's setting says; texts of this test are JSON with single quotes. */
class ChannelSettingTest {

    private static ChannelSetting setting(String quoted) {
        return ChannelSetting.parse(quoted.replace('\'', '"'));
    }

    @Test
    void whatIsNotSaidIsOff() {
        for (String text : new String[] {"", "null", "{}", "{'proxy':'','system_prompt':null,'other':true}"}) {
            assertThat(setting(text)).isEqualTo(ChannelSetting.none());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{'proxy':1}",
                "{'system_prompt':[]}",
                "{'pass_through_body_enabled':'yes'}",
                "{'force_format':1}",
                "{'thinking_to_content':'true'}",
                "{'proxy':'x'}"
            })
    void whatCannotBeReadIsRefused(String text) {
        assertThatThrownBy(() -> setting(text)).isInstanceOf(InvalidShapeException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy.example:3128,HTTP,proxy.example,3128,'',''",
        "http://proxy.example,HTTP,proxy.example,80,'',''",
        "socks5://10.0.0.1,SOCKS5,10.0.0.1,1080,'',''",
        "SOCKS5H://ada:love%40lace%2B+@proxy.example:9,SOCKS5,proxy.example,9,ada,love@lace++",
        "http://ada@proxy.example,HTTP,proxy.example,80,ada,''",
        "http://[2001:db8::1]:3128,HTTP,2001:db8::1,3128,'',''"
    })
    void aProxyIsReadFromItsUrl(
            String url, ProxyAddress.Protocol protocol, String host, int port, String username, String password) {
        assertThat(ProxyAddress.parse(url)).isEqualTo(new ProxyAddress(protocol, host, port, username, password));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://p.example",
                "ftp://p.example",
                "p.example:80",
                "http://",
                "http://p:70000",
                "http://p:0",
                "http://a b"
            })
    void whatIsNoProxyIsRefusedWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> ProxyAddress.parse(url.replace("://", "://ada:lovelace@")))
                .isInstanceOf(InvalidShapeException.class)
                .hasMessageNotContaining("lovelace");
    }

    @Test
    void aProxyIsShownWithoutItsCredentials() {
        assertThat(ProxyAddress.parse("socks5h://ada:lovelace@[2001:db8::1]"))
                .hasToString("socks5://[2001:db8::1]:1080");
        assertThat(ProxyAddress.masked("{\"proxy\":\"http://ada:lovelace@p\"}"))
                .isEqualTo("{\"proxy\":\"http://ada:***@p\"}");
        assertThat(ProxyAddress.masked("{\"proxy\":\"http://p:80\",\"x\":\"a:b@c\"}"))
                .isEqualTo("{\"proxy\":\"http://p:80\",\"x\":\"a:b@c\"}");
    }

    @Test
    void credentialsAreNotShown() {
        ChannelSetting setting = setting("{'proxy':'http://ada:lovelace@proxy.example','system_prompt':'secret'}");

        assertThat(setting.toString()).contains("proxy.example").doesNotContain("ada", "lovelace", "secret");
        assertThat(new ChannelShape.Source("", "{'A':'lovelace'}", "")).hasToString("Source");
    }

    @Test
    void aTextThatDidNotChangeIsNotReadAgain() {
        ChannelShape.Source source = new ChannelShape.Source("{\"a\":1}", "", "");
        ChannelShapes before = ChannelShapes.none().next(Map.of(1L, source, 2L, new ChannelShape.Source("", " ", "")));
        ChannelShapes after = before.next(Map.of(1L, source));

        assertThat(after.of(1)).isSameAs(before.of(1));
        assertThat(after.of(2)).isSameAs(ChannelShape.none());
        assertThat(after.generation()).isEqualTo(before.generation() + 1);
    }
}

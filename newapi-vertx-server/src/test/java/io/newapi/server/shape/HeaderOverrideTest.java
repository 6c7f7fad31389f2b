package io.newapi.server.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers that a channel sets; texts of this test are JSON with single quotes. */
class HeaderOverrideTest {

    private static HeaderOverride override(String quoted) {
        return HeaderOverride.parse(quoted.replace('\'', '"'));
    }

    private static String applied(String override) {
        OutgoingHeaders headers = new OutgoingHeaders().set("Authorization", "Bearer key");
        ClientHeaders client = new ClientHeaders(List.of(
                Map.entry("X-Trace-Id", "t-1"),
                Map.entry("x-other", "o"),
                Map.entry("Cookie", "session=1"),
                Map.entry("Authorization", "Bearer sk-client"),
                Map.entry("X-Api-Key", "sk-client"),
                Map.entry("Accept-Encoding", "gzip"),
                Map.entry("Connection", "x-other"),
                Map.entry("Host", "gateway"),
                Map.entry("Content-Length", "7"),
                Map.entry("Sec-WebSocket-Protocol", "openai-insecure-api-key.sk-client")));
        override(override).apply(headers, client, "the-key");
        return headers.all().toString();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'X-A':'1'}                            | {Authorization=Bearer key, X-A=1}
            {'authorization':'Key {api_key}'}      | {authorization=Key the-key}
            {'Host':'other.example'}               | {Authorization=Bearer key, Host=other.example}
            {'X-Id':'{client_header:X-Trace-ID}'}  | {Authorization=Bearer key, X-Id=t-1}
            {'X-Id':'{client_header:X-None}'}      | {Authorization=Bearer key}
            {'X-Id':'{client_header:Cookie}'}      | {Authorization=Bearer key}
            {'*':''}                               | {Authorization=Bearer key, x-other=o, x-trace-id=t-1}
            {'re:^x-t':''}                         | {Authorization=Bearer key, x-trace-id=t-1}
            {'regex:OTHER$':''}                    | {Authorization=Bearer key, x-other=o}
            {'X-Other':'mine','*':''}              | {Authorization=Bearer key, X-Other=mine, x-trace-id=t-1}
            {'re:.':''}                            | {Authorization=Bearer key, x-other=o, x-trace-id=t-1}
            """)
    void headersAreSetAfterAllOthers(String override, String headers) {
        assertThat(applied(override)).isEqualTo(headers);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'X-A':1}",
                "{'X-A':null}",
                "{'X A':'1'}",
                "{'':'1'}",
                "{'X-A':'1\\r\\nX-B: 2'}",
                "{'X-A\\n':'1','X:':'2'}",
                "{'Content-Length':'5'}",
                "{'Transfer-Encoding':'chunked'}",
                "{'Connection':'close'}",
                "{'X-A':'a {client_header:B}','X-B':'{client_header:A} b'}",
                "{'X-A':'{client_header:}'}",
                "{'re:':''}",
                "{'re:(':''}",
                "['X-A']",
                "{"
            })
    void whatIsNoHeaderIsRefused(String override) {
        assertThatThrownBy(() -> override(override)).isInstanceOf(InvalidShapeException.class);
    }

    @Test
    void whatMayBeACredentialIsSecret() {
        assertThat(override("{'A':'Bearer abcdefgh','B':'short','C':'{api_key}','D':'12345678'}")
                        .secrets())
                .containsExactly("abcdefgh", "12345678");
        assertThat(new OutgoingHeaders().set("A", "secret")).hasToString("OutgoingHeaders[A]");
    }

    @Test
    void aBlankTextSetsNothing() {
        assertThat(HeaderOverride.parse("").isEmpty()).isTrue();
        assertThat(HeaderOverride.parse("null").isEmpty()).isTrue();
        assertThat(HeaderOverride.parse("{\"A\":\"1\"}").isEmpty()).isFalse();
    }
}

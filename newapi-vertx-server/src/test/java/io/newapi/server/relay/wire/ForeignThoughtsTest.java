package io.newapi.server.relay.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests in Anthropic's format that go on with what another provider thought. */
class ForeignThoughtsTest {

    private static final String CALL = "{\"type\":\"tool_use\",\"id\":\"c\",\"name\":\"f\",\"input\":{}}";
    private static final String RESULT =
            "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"c\",\"content\":\"3\"}]}";
    private static final String CARRIED = "{\"type\":\"redacted_thinking\",\"data\":\"newapi.call-signature:CpcC\"}";
    private static final String UNSIGNED = "{\"type\":\"thinking\",\"thinking\":\"Hm.\",\"signature\":\"\"}";
    private static final String SIGNED = "{\"type\":\"thinking\",\"thinking\":\"Hm.\",\"signature\":\"EqQB\"}";

    private static String request(String fields, String assistant) {
        return "{\"model\":\"m\"," + fields + "\"messages\":[{\"role\":\"user\",\"content\":\"Rain?\"},"
                + "{\"role\":\"assistant\",\"content\":[" + assistant + "]}," + RESULT + "]}";
    }

    private static String sent(String body, String model) {
        ClientRequest request = ((ClientRequest.Scan.Understood)
                        ClientRequest.scan(WireFormat.MESSAGES, body.getBytes(UTF_8)))
                .request();
        return new String(request.forUpstream(model, true, Set.of()), UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {CARRIED, UNSIGNED, "{\"signature\":\"\",\"thinking\":\"\",\"type\":\"thinking\"}"})
    void areNotToldToClaude(String foreign) {
        String body = request("\"temperature\":1.0,", foreign + "," + CALL);

        assertThat(sent(body, "claude-opus-4-8"))
                .isEqualTo(request("\"temperature\":1.0,", CALL).replace("\"m\"", "\"claude-opus-4-8\""));
    }

    @Test
    void aSignatureThatIsCarriedIsToldToNobody() {
        assertThat(sent(request("", CARRIED + "," + CALL), "m")).isEqualTo(request("", CALL));
    }

    @Test
    void othersThanClaudeGetBackWhatTheyDidNotSign() {
        String body = request("", UNSIGNED + ", " + CALL);

        assertThat(sent(body, "m")).isEqualTo(body);
    }

    @Test
    void itsOwnThoughtsPassByteForByte() {
        String body = request(" ", SIGNED + ", {\"type\":\"redacted_thinking\",\"data\":\"EmwK\"}, " + CALL);

        assertThat(sent(body, "m")).isEqualTo(body);
    }

    @Test
    void aMessageThatSaysNothingElseIsLeftOut() {
        String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Rain?\"},"
                + "{\"role\":\"assistant\",\"content\":[" + CARRIED + "]},{\"role\":\"user\",\"content\":\"Well?\"}]}";

        assertThat(sent(body, "m"))
                .isEqualTo("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Rain?\"},"
                        + "{\"role\":\"user\",\"content\":\"Well?\"}]}");
    }

    @Test
    void whereTheThoughtBeforeTheLastCallIsMissingNoneIsAskedFor() {
        String thinking = "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},";

        assertThat(sent(request(thinking, UNSIGNED + "," + CALL), "claude-x"))
                .isEqualTo(request("", CALL).replace("\"m\"", "\"claude-x\""));
        assertThat(sent(request(thinking, SIGNED + "," + CARRIED + "," + CALL), "claude-x"))
                .isEqualTo(request(thinking, SIGNED + "," + CALL).replace("\"m\"", "\"claude-x\""));
    }

    @Test
    void whatIsNoTextIsTheProvidersBusiness() {
        String body = request("", "{\"type\":[\"thinking\"],\"signature\":{},\"data\":7}, 7");

        assertThat(sent(body, "m")).isEqualTo(body);
    }
}

package io.newapi.server.relay.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelKeys;
import io.newapi.server.relay.wire.WireFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiCompatibleTest {

    private static final int OPENAI = 1;
    private static final int CUSTOM = 8;

    private static UpstreamCall call(int type, String baseUrl, String model) {
        Channel channel = Channel.builder(1, ChannelKeys.single("secret-key"))
                .type(type)
                .baseUrl(baseUrl)
                .build();
        return OpenAiCompatible.ofType(type)
                .orElseThrow()
                .call(WireFormat.CHAT, Target.ofOurOwn(channel, "secret-key", model, ApiVersions.USUAL));
    }

    @ParameterizedTest
    @CsvSource({
        "'', https://api.openai.com/v1/chat/completions",
        "http://my_upstream:8080, http://my_upstream:8080/v1/chat/completions",
        "http://my_upstream/, http://my_upstream/v1/chat/completions",
        "https://[::1]:8443/x, https://[::1]:8443/x/v1/chat/completions"
    })
    void anAddressIsTakenAsItIs(String baseUrl, String url) {
        assertThat(call(OPENAI, baseUrl, "m").url()).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"my_upstream:8080", "ftp://host", "http://a_b:x", "http:///path", "not a url"})
    void whatIsNoAddressIsRefused(String baseUrl) {
        assertThatIllegalArgumentException().isThrownBy(() -> call(OPENAI, baseUrl, "m"));
    }

    @Test
    void aModelInTheAddressIsOneSegmentOfItsPath() {
        assertThat(call(CUSTOM, "http://host/{model}/chat?v=1", "org/model v?#é")
                        .url())
                .isEqualTo("http://host/org%2Fmodel%20v%3F%23%C3%A9/chat?v=1");
    }

    @Test
    void theKeyTheHostAndWhatStandsBeforeItAreSecret() {
        assertThat(call(OPENAI, "http://some:p%40ss@my_upstream:8080", "m").secrets("secret-key"))
                .contains("secret-key", "my_upstream", "some:p%40ss", "p%40ss")
                .isSortedAccordingTo((a, b) -> b.length() - a.length());
    }
}

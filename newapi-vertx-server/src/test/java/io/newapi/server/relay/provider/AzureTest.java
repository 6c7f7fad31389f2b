package io.newapi.server.relay.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelKeys;
import io.newapi.server.relay.wire.WireFormat;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AzureTest {

    private static final long BEFORE_DOTS = 1_746_835_199L;

    private static UpstreamCall call(String model, UnaryOperator<Channel.Builder> with) {
        return call(WireFormat.CHAT, model, with);
    }

    private static UpstreamCall call(WireFormat format, String model, UnaryOperator<Channel.Builder> with) {
        return call(format, model, with, ApiVersions.USUAL);
    }

    private static UpstreamCall call(
            WireFormat format, String model, UnaryOperator<Channel.Builder> with, ApiVersions versions) {
        Channel channel = with.apply(Channel.builder(1, ChannelKeys.single("secret-key"))
                        .type(Azure.TYPE)
                        .baseUrl("https://mine.openai.azure.com/"))
                .build();
        return new ProviderCatalog("2026-01-01")
                .ofType(Azure.TYPE)
                .orElseThrow()
                .call(format, Target.ofOurOwn(channel, "secret-key", model, versions));
    }

    @Test
    void aDeploymentIsAskedWithTheKeyInItsOwnHeader() {
        UpstreamCall call = call("gpt-4.1", made -> made);

        assertThat(call.url())
                .isEqualTo(
                        "https://mine.openai.azure.com/openai/deployments/gpt-4.1/chat/completions?api-version=2026-01-01");
        assertThat(call.headers()).containsOnlyKeys("api-key").containsValue("secret-key");
    }

    @Test
    void aChannelMayNameTheVersion() {
        assertThat(call("m", made -> made.typeDetail("2024-02-01")).url()).endsWith("?api-version=2024-02-01");
    }

    @Test
    void channelsFromBeforeDeploymentsHadDotsMeanThoseWithout() {
        assertThat(call("gpt-4.1", made -> made.createdAtSeconds(BEFORE_DOTS)).url())
                .contains("/deployments/gpt-41/");
        assertThat(call("gpt-4.1", made -> made.createdAtSeconds(BEFORE_DOTS + 1))
                        .url())
                .contains("/deployments/gpt-4.1/");
    }

    @Test
    void responsesHaveAnAddressForAllDeployments() {
        assertThat(call(WireFormat.RESPONSES, "m", made -> made).url())
                .isEqualTo("https://mine.openai.azure.com/openai/v1/responses?api-version=preview");
        assertThat(call(WireFormat.RESPONSES, "m", made -> made.baseUrl("https://mine.cognitiveservices.azure.com"))
                        .url())
                .isEqualTo("https://mine.cognitiveservices.azure.com/openai/responses?api-version=2026-01-01");
    }

    @ParameterizedTest
    @CsvSource({"2027-01-01, 2027-01-01", "'a b', 2024-02-01", "'', 2024-02-01"})
    void theClientsVersionComesBeforeTheChannels(String asked, String version) {
        assertThat(call(WireFormat.CHAT, "m", made -> made.typeDetail("2024-02-01"), new ApiVersions(asked, "v1beta"))
                        .url())
                .endsWith("?api-version=" + version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://mine.openai.azure.com", "https://mine.cognitiveservices.azure.com"})
    void aChannelMayNameTheVersionForResponses(String url) {
        assertThat(call(
                                WireFormat.RESPONSES,
                                "m",
                                made -> made.baseUrl(url)
                                        .typeDetail("2024-02-01")
                                        .responsesVersion("2025-03-01-preview"))
                        .url())
                .endsWith("/responses?api-version=2025-03-01-preview");
    }

    @Test
    void anAddressIsRequired() {
        assertThatIllegalArgumentException().isThrownBy(() -> call("m", made -> made.baseUrl("")));
    }
}

package io.newapi.server.relay.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTypesTest {

    private static final ProviderCatalog PROVIDERS = new ProviderCatalog();

    @ParameterizedTest
    @CsvSource({
        "gpt-5, 1, openai openai-response anthropic gemini",
        "claude-opus-4, 14, anthropic openai openai-response gemini",
        "gemini-2.5-pro, 24, gemini openai openai-response anthropic",
        "deepseek-chat, 43, openai anthropic openai-response gemini",
        "o3-pro, 1, openai-response",
        "gpt-5-openai-compact, 1, openai-response-compact",
        "text-embedding-3-small, 1, embeddings",
        "jina-reranker-v2, 38, jina-rerank",
        "omni-moderation-latest, 1, moderation",
        "dall-e-3, 1, image-generation",
        "gpt-4o-mini-tts, 3, audio-speech",
        "whisper-1, 1, audio-transcription"
    })
    void aModelIsCalledByWhatItsProviderHasForWhatItDoes(String model, int type, String kinds) {
        assertThat(EndpointTypes.of(model, List.of(type), PROVIDERS)).containsExactly(kinds.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource({"jina-clip, 38", "gpt-5, 815", "dall-e-3, 38"})
    void aModelThatNobodyCanServeIsCalledByNothing(String model, int type) {
        assertThat(EndpointTypes.of(model, List.of(type), PROVIDERS)).isEmpty();
    }

    @Test
    void everyKindHasAPath() {
        assertThat(EndpointTypes.paths().keySet())
                .containsAll(Stream.of("gpt-5", "bge-m3", "rerank", "moderation", "dall-e-3", "tts-1", "whisper-1")
                        .flatMap(model -> EndpointTypes.of(model, List.of(1), PROVIDERS).stream())
                        .toList());
    }
}

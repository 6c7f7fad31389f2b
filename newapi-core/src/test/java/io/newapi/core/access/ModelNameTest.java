package io.newapi.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNameTest {

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash-lite-thinking-512, gemini-2.5-flash-lite-thinking-*",
        "gemini-2.5-flash-lite-preview-06-17-thinking-512, gemini-2.5-flash-lite-thinking-*",
        "gemini-2.5-flash-thinking-1024, gemini-2.5-flash-thinking-*",
        "gemini-2.5-pro-preview-05-06-thinking-2048, gemini-2.5-pro-thinking-*",
        "gpt-4-gizmo-g-abc, gpt-4-gizmo-*",
        "gpt-4o-gizmo-g-abc, gpt-4o-gizmo-*",
        "o3-high, o3",
        "o4-mini-low, o4-mini",
        "gpt-5-medium, gpt-5",
        "gpt-5.1-codex-minimal, gpt-5.1-codex",
        "gpt-5.1-xhigh, gpt-5.1",
        "claude-opus-4-6-max, claude-opus-4-6",
        "gemini-3-pro-preview-high, gemini-3-pro-preview",
        "grok-3-mini-high, grok-3-mini",
        "deepseek-v4-max, deepseek-v4",
        "openai/o3-high, openai/o3",
    })
    void aWayToRunAModelIsTakenOffItsName(String model, String normalised) {
        assertThat(ModelName.normalised(model)).isEqualTo(normalised);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "gpt-4o",
                "gemini-2.5-pro-thinking",
                "gemini-2.0-flash-thinking-exp",
                "claude-3-7-sonnet-thinking-8k",
                "-high",
                "o3-higher",
            })
    void otherNamesStayAsTheyAre(String model) {
        assertThat(ModelName.normalised(model)).isEqualTo(model);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"mistral-medium", "qwen-max", "gpt-5.1-codex-max", "gpt-4o-high", "flux-high", "foo/bar-low"})
    void anEndingThatIsPartOfAnotherModelsNameStays(String model) {
        assertThat(ModelName.normalised(model)).isEqualTo(model);
    }

    @Property
    void noTextIsTooOddToNormalise(@ForAll String model) {
        assertThat(ModelName.normalised(model)).isEqualTo(model);
    }
}

package io.newapi.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ModelLimitsTest {

    @Test
    void noLimitsAllowEveryModel() {
        assertThat(ModelLimits.none().allows("anything")).isTrue();
        assertThat(ModelLimits.none().models()).isEmpty();
    }

    @Test
    void aListedModelIsAllowedAndAnotherIsNot() {
        ModelLimits limits = ModelLimits.of(List.of("gpt-4o", "o3"));

        assertThat(limits.allows("gpt-4o")).isTrue();
        assertThat(limits.allows("gpt-4o-mini")).isFalse();
        assertThat(limits.allows("GPT-4o")).isFalse();
    }

    @Test
    void aListedModelMayBeRunWithAnyEffort() {
        assertThat(ModelLimits.of(List.of("o3")).allows("o3-high")).isTrue();
        assertThat(ModelLimits.of(List.of("gemini-2.5-pro-thinking-*")).allows("gemini-2.5-pro-thinking-128"))
                .isTrue();
    }

    @Test
    void anEntryWithAnEffortAllowsExactlyThatName() {
        ModelLimits limits = ModelLimits.of(List.of("o3-high"));

        assertThat(limits.allows("o3-high")).isTrue();
        assertThat(limits.allows("o3")).isFalse();
        assertThat(limits.allows("o3-low")).isFalse();
    }

    @Test
    void aLimitDoesNotOpenADifferentModelWithALongerName() {
        assertThat(ModelLimits.of(List.of("gpt-5.1-codex")).allows("gpt-5.1-codex-max"))
                .isFalse();
    }

    @Test
    void spacesAroundListedNamesDoNotMatter() {
        ModelLimits limits = ModelLimits.of(List.of(" gpt-4o", "o3 ", " ", ""));

        assertThat(limits.allows("gpt-4o")).isTrue();
        assertThat(limits.models()).containsExactly("gpt-4o", "o3");
    }

    @Test
    void anEmptyListAllowsNothing() {
        ModelLimits limits = ModelLimits.of(List.of());

        assertThat(limits.allows("gpt-4o")).isFalse();
        assertThat(limits.allows("")).isFalse();
    }
}

package io.newapi.core.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ModelMappingTest {

    @Test
    void aModelThatIsNotMappedKeepsItsName() {
        assertThat(upstream(Map.of("a", "b"), "c")).isEqualTo("c");
        assertThat(upstream(Map.of(), "c")).isEqualTo("c");
    }

    @Test
    void aChainIsFollowedToItsEnd() {
        assertThat(upstream(Map.of("a", "b", "b", "c", "c", "d"), "a")).isEqualTo("d");
    }

    @Test
    void aNameThatIsMappedToItselfEndsTheChain() {
        assertThat(upstream(Map.of("a", "a"), "a")).isEqualTo("a");
        assertThat(upstream(Map.of("a", "b", "b", "b"), "a")).isEqualTo("b");
    }

    @Test
    void aCircleIsRefusedAndShown() {
        assertThatExceptionOfType(CyclicModelMappingException.class)
                .isThrownBy(() -> upstream(Map.of("a", "b", "b", "c", "c", "b"), "a"))
                .withMessageContaining("a -> b -> c -> b");
    }

    @Test
    void aCircleElsewhereDoesNotMatterUntilTheMappingIsSaved() {
        Map<String, String> targets = Map.of("a", "b", "x", "y", "y", "x");

        assertThat(upstream(targets, "a")).isEqualTo("b");
        assertThatExceptionOfType(CyclicModelMappingException.class)
                .isThrownBy(() -> ModelMapping.of(targets).requireAcyclic());
    }

    @Test
    void namesAreTrimmedAndBlankTargetsSayNothing() {
        assertThat(upstream(Map.of(" a ", " b ", "b", " "), "a")).isEqualTo("b");
        assertThat(ModelMapping.of(Map.of("b", " ", "", "c")).targets()).isEmpty();
    }

    @Test
    void aChannelSendsTheMappedName() {
        Channel channel = Channels.channel(1)
                .modelMapping(Map.of("gpt-4o", "deployment-7"))
                .build();

        assertThat(channel.upstreamModel("gpt-4o")).isEqualTo("deployment-7");
    }

    @Property
    void everyMappingEitherEndsOrIsRefused(@ForAll List<@IntRange(max = 9) Integer> targets) {
        // Given each number mapped to any other: every shape of chains and circles
        Map<String, String> mapping = new HashMap<>();
        for (int i = 0; i < targets.size(); i++) {
            mapping.put("m" + i, "m" + targets.get(i));
        }

        if (IntStream.range(0, targets.size()).allMatch(start -> ends(targets, start))) {
            assertThatCode(() -> ModelMapping.of(mapping).requireAcyclic()).doesNotThrowAnyException();
        } else {
            assertThatExceptionOfType(CyclicModelMappingException.class)
                    .isThrownBy(() -> ModelMapping.of(mapping).requireAcyclic());
        }
    }

    /** A chain that has not ended after as many steps as there are entries has passed one of them twice. */
    private static boolean ends(List<Integer> targets, int start) {
        int at = start;
        for (int step = 0; step <= targets.size(); step++) {
            if (at >= targets.size() || targets.get(at) == at) {
                return true;
            }
            at = targets.get(at);
        }
        return false;
    }

    private static String upstream(Map<String, String> targets, String model) {
        return ModelMapping.of(targets).upstream(model);
    }
}

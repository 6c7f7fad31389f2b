package io.newapi.core.channel;

import static io.newapi.core.channel.Channels.GROUP;
import static io.newapi.core.channel.Channels.MODEL;
import static io.newapi.core.channel.Channels.channel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ChannelDirectoryTest {

    private static final List<String> GROUPS = List.of("default", "vip", "lab");
    private static final List<String> MODELS = List.of("gpt-4o", "o3", "gemini-2.5-pro");

    @Test
    void aDisabledChannelIsFoundByIdAndServesNothing() {
        Channel disabled = channel(1).status(ChannelStatus.AUTO_DISABLED).build();
        ChannelDirectory directory = ChannelDirectory.of(List.of(disabled));

        assertThat(directory.byId(1)).contains(disabled);
        assertThat(directory.channels()).containsExactly(disabled);
        assertThat(directory.serves(GROUP, MODEL)).isFalse();
        assertThat(directory.groups()).isEmpty();
        assertThat(directory.models(GROUP)).isEmpty();
    }

    @Test
    void aChannelWithoutAnEnabledKeyServesNothing() {
        Channel channel = channel(1).keys(Channels.keys(KeyMode.POLLING, false)).build();

        assertThat(ChannelDirectory.of(List.of(channel)).serves(GROUP, MODEL)).isFalse();
    }

    @Test
    void candidatesComeInOrderOfPriorityAndThenId() {
        ChannelDirectory directory =
                ChannelDirectory.of(List.of(channel(4, -1, 0), channel(3, 7, 0), channel(2, 0, 0), channel(1, 7, 0)));

        assertThat(directory.candidates(GROUP, MODEL)).extracting(Channel::id).containsExactly(1L, 3L, 2L, 4L);
    }

    @Test
    void theExactNameComesBeforeTheNormalisedOne() {
        Channel plain = channel(1).models(List.of("o3", "o4-mini")).build();
        Channel special = channel(2).models(List.of("o3-high")).build();
        ChannelDirectory directory = ChannelDirectory.of(List.of(plain, special));

        assertThat(directory.candidates(GROUP, "o3-high")).containsExactly(special);
        assertThat(directory.candidates(GROUP, "o3-low")).containsExactly(plain);
        assertThat(directory.candidates(GROUP, "o4-mini-high")).containsExactly(plain);
        assertThat(directory.candidates(GROUP, "o5-high")).isEmpty();
    }

    @Test
    void anAutomaticGroupIsTheFirstThatServesTheModel() {
        ChannelDirectory directory = ChannelDirectory.of(List.of(
                channel(1).groups(List.of("vip")).build(),
                channel(2).groups(List.of("default")).build()));

        assertThat(directory.firstGroupServing(List.of("empty", "default", "vip"), MODEL))
                .contains("default");
        assertThat(directory.firstGroupServing(List.of("default"), "unknown")).isEmpty();
        assertThat(directory.firstGroupServing(List.of("default", "vip"), MODEL, channel -> channel.id() == 1))
                .contains("vip");
    }

    @Test
    void modelsAreListedInOrderAndOnlyWhenServed() {
        ChannelDirectory directory = ChannelDirectory.of(List.of(
                channel(1).models(List.of("z", "b")).build(),
                channel(2).models(List.of("a", "b")).build(),
                channel(3)
                        .models(List.of("off"))
                        .status(ChannelStatus.MANUALLY_DISABLED)
                        .build()));

        assertThat(directory.models(GROUP)).containsExactly("a", "b", "z");
        assertThat(directory.models("unknown")).isEmpty();
    }

    @Test
    void theSameIdTwiceIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelDirectory.of(List.of(channel(8, 0, 0), channel(8, 1, 1))))
                .withMessageContaining("8");
    }

    @Test
    void nothingThatADirectoryHandsOutCanBeChanged() {
        ChannelDirectory directory = ChannelDirectory.of(List.of(channel(1).build()));

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> directory.candidates(GROUP, MODEL).clear());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> directory.models(GROUP).clear());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> directory.groups().clear());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> directory.channels().clear());
    }

    @Property(tries = 200)
    void theIndexAnswersAsGoingThroughAllChannelsWould(@ForAll("channels") List<Channel> channels) {
        ChannelDirectory directory = ChannelDirectory.of(channels);

        for (String group : GROUPS) {
            for (String model : MODELS) {
                List<Channel> expected = channels.stream()
                        .filter(channel -> channel.status() == ChannelStatus.ENABLED)
                        .filter(channel -> channel.groups().contains(group))
                        .filter(channel -> channel.models().contains(model))
                        .sorted(Comparator.comparing((Channel channel) -> -channel.priority())
                                .thenComparing(Channel::id))
                        .toList();
                assertThat(directory.candidates(group, model)).isEqualTo(expected);
                assertThat(directory.serves(group, model)).isEqualTo(!expected.isEmpty());
                assertThat(directory.models(group).contains(model)).isEqualTo(!expected.isEmpty());
            }
        }
        assertThat(channels)
                .allSatisfy(channel -> assertThat(directory.byId(channel.id())).contains(channel));
    }

    @Provide
    Arbitrary<List<Channel>> channels() {
        Arbitrary<Channel> channel = Combinators.combine(
                        Arbitraries.of(ChannelStatus.class),
                        Arbitraries.longs().between(-2, 2),
                        Arbitraries.subsetOf(GROUPS),
                        Arbitraries.subsetOf(MODELS))
                .as(ChannelDirectoryTest::channelOf);
        return channel.list().ofMaxSize(12).map(ChannelDirectoryTest::numbered);
    }

    private static Channel channelOf(ChannelStatus status, long priority, Set<String> groups, Set<String> models) {
        return channel(1)
                .status(status)
                .priority(priority)
                .groups(groups)
                .models(models)
                .build();
    }

    private static List<Channel> numbered(List<Channel> channels) {
        List<Channel> numbered = new ArrayList<>();
        for (Channel channel : channels) {
            numbered.add(channel(numbered.size() + 1L)
                    .status(channel.status())
                    .priority(channel.priority())
                    .groups(channel.groups())
                    .models(channel.models())
                    .build());
        }
        return numbered;
    }
}

package io.newapi.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GroupsTest {

    private static final Map<String, String> EVERYBODY = Map.of("default", "Standard", "vip", "Fast");

    @Test
    void everybodyMayUseTheListedGroupsAndTheirOwn() {
        Groups groups = Groups.of(EVERYBODY, Map.of(), List.of(), Set.of());

        assertThat(groups.mayUse("default", "vip")).isTrue();
        assertThat(groups.mayUse("partner", "partner")).isTrue();
        assertThat(groups.mayUse("default", "partner")).isFalse();
        assertThat(groups.usableBy("partner"))
                .containsOnly(entry("default", "Standard"), entry("vip", "Fast"), entry("partner", ""));
    }

    @Test
    void specialEntriesAddAndRemoveGroupsForOneGroupOfUsersOnly() {
        Groups groups = Groups.of(
                EVERYBODY,
                Map.of("partner", Map.of("+:lab", "Laboratory", "beta", "Beta", "-:vip", "")),
                List.of(),
                Set.of());

        assertThat(groups.usableBy("partner"))
                .containsOnly(
                        entry("default", "Standard"),
                        entry("lab", "Laboratory"),
                        entry("beta", "Beta"),
                        entry("partner", ""));
        assertThat(groups.usableBy("default")).containsOnlyKeys("default", "vip");
    }

    @Test
    void theOwnGroupCannotBeRemoved() {
        Groups groups = Groups.of(EVERYBODY, Map.of("vip", Map.of("-:vip", "")), List.of(), Set.of());

        assertThat(groups.mayUse("vip", "vip")).isTrue();
        assertThat(groups.usableBy("vip")).containsKey("vip");
    }

    @Test
    void removingWinsOverAddingInEitherOrder() {
        Map<String, String> addFirst = new LinkedHashMap<>();
        addFirst.put("+:lab", "Laboratory");
        addFirst.put("-:lab", "");
        Map<String, String> removeFirst = new LinkedHashMap<>();
        removeFirst.put("-:lab", "");
        removeFirst.put("+:lab", "Laboratory");

        for (Map<String, String> changes : List.of(addFirst, removeFirst)) {
            Groups groups = Groups.of(EVERYBODY, Map.of("partner", changes), List.of(), Set.of());
            assertThat(groups.mayUse("partner", "lab")).isFalse();
        }
    }

    @Test
    void theAutomaticListKeepsItsOrderAndOnlyUsableGroups() {
        Groups groups = Groups.of(EVERYBODY, Map.of(), List.of("vip", "secret", "partner", "default", "vip"), Set.of());

        assertThat(groups.autoFor("default")).containsExactly("vip", "default");
        assertThat(groups.autoFor("partner")).containsExactly("vip", "partner", "default");
    }

    @Test
    void theAutomaticListDoesNotContainItself() {
        Groups groups = Groups.of(Map.of("auto", "", "default", ""), Map.of(), List.of("auto", "default"), Set.of());

        assertThat(groups.autoFor("default")).containsExactly("default");
    }

    @Test
    void spacesAroundNamesDoNotMatterAndBlankNamesAreNoGroups() {
        Groups groups = Groups.of(
                Map.of(" vip ", "Fast", " ", "Nothing"),
                Map.of(" partner", Map.of("+: lab", "Laboratory", "+:", "Nothing")),
                List.of(" vip", ""),
                Set.of("vip ", " "));

        assertThat(groups.usableBy("partner")).containsOnlyKeys("vip", "lab", "partner");
        assertThat(groups.autoFor("default")).containsExactly("vip");
        assertThat(groups.hasRatio("vip")).isTrue();
        assertThat(groups.mayUse("default", "")).isFalse();
    }

    @Test
    void onlyGroupsWithARatioHaveOne() {
        Groups groups = Groups.of(EVERYBODY, Map.of(), List.of(), Set.of("default"));

        assertThat(groups.hasRatio("default")).isTrue();
        assertThat(groups.hasRatio("vip")).isFalse();
    }
}

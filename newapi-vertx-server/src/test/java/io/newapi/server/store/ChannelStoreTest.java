package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelStoreTest {

    @TempDir
    Path directory;

    private TestDatabase test;
    private ChannelStore channels;

    /** Creates the trigger {@code refuse}, which lets no channel of this name in. */
    String triggerThatRefuses(String name) {
        return "create trigger refuse before insert on channels when new.name = '" + name
                + "' begin select raise(abort, 'refused'); end";
    }

    /** All tables, at first without any rows. */
    TestDatabase database(RandomText random) {
        return TestDatabase.create(directory, random);
    }

    @BeforeEach
    void open() {
        test = database(RandomText.secure());
        channels = test.stores.channels();
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void theIdOfARemovedChannelIsNeverGivenToAnother() {
        long first = channels.create(ChannelChange.none().type(1).name("a").models("m"));
        long last = channels.create(ChannelChange.none().type(1).name("b").models("m"));
        channels.delete(last);

        long next = channels.create(ChannelChange.none().type(1).name("c").models("m"));
        channels.deleteAll(List.of(first, next, 999L));

        assertThat(next).isGreaterThan(last);
        assertThat(channels.create(ChannelChange.none().type(1).name("d").models("m")))
                .isEqualTo(next + 1);
    }

    @Test
    void aNewChannelHasItsDefaultsAndItsRoutes() {
        long id = channels.create(ChannelChange.none()
                .type(1)
                .name("primary")
                .key("secret-key")
                .models("gpt-4o, gpt-4o-mini,,gpt-4o")
                .group("default,vip")
                .priority(5)
                .weight(2)
                .tag("eu"));

        ChannelRow row = channels.byId(id).orElseThrow();
        assertThat(row.status()).isEqualTo(1);
        assertThat(row.autoBan()).isEqualTo(1);
        assertThat(row.createdTime()).isEqualTo(TestDatabase.NOW_SECONDS);
        assertThat(row.key()).isEqualTo("secret-key");
        assertThat(row.toString()).doesNotContain("secret-key");
        assertThat(ChannelInfo.parse(row.channelInfo())).isEqualTo(ChannelInfo.SINGLE);
        assertThat(routes())
                .containsExactly(
                        "default|gpt-4o|1|1|5|2|eu",
                        "default|gpt-4o-mini|1|1|5|2|eu",
                        "vip|gpt-4o|1|1|5|2|eu",
                        "vip|gpt-4o-mini|1|1|5|2|eu");
    }

    @Test
    void severalChannelsAreCreatedTogetherOrNotAtAll() {
        List<Long> ids = channels.create(List.of(channel("a", "m"), channel("b", "m")));
        assertThat(ids).containsExactly(1L, 2L);

        test.execute(triggerThatRefuses("d"));
        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> channels.create(List.of(channel("c", "m"), channel("d", "m"))))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(DatabaseException.Reason.CONSTRAINT));

        assertThat(channels.all()).extracting(ChannelRow::name).containsExactly("a", "b");
        test.dropTrigger("refuse");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> channels.create(Collections.nCopies(1_001, ChannelChange.none())));
    }

    @Test
    void aChangeWritesOnlyTheColumnsItNamesAndTheRoutes() {
        long id = channels.create(channel("a", "old,both"));
        test.execute("update channels set used_quota = 77, balance = 1.5");

        ChannelRow after = channels.update(
                        id, ChannelChange.none().models("both,new").priority(3))
                .orElseThrow();

        assertThat(after.usedQuota()).isEqualTo(77);
        assertThat(after.balance()).isEqualByComparingTo("1.5");
        assertThat(after.name()).isEqualTo("a");
        assertThat(routes()).containsExactly("default|both|1|1|3|0|null", "default|new|1|1|3|0|null");
        assertThat(channels.update(99, ChannelChange.none().name("x"))).isEmpty();
    }

    @Test
    void aChangeMayDependOnWhatIsThere() {
        long id = channels.create(channel("a", "m").channelInfo(ChannelInfo.multi(2, "polling")));

        channels.modify(id, row -> {
            ChannelInfo info = ChannelInfo.parse(row.channelInfo());
            return ChannelChange.none()
                    .channelInfo(new ChannelInfo(
                            true, info.multiKeySize(), Map.of(1, 3), Map.of(1, "401"), Map.of(1, 9L), 0, info.mode()));
        });

        ChannelInfo info = ChannelInfo.parse(channels.byId(id).orElseThrow().channelInfo());
        assertThat(info.statuses()).containsExactly(Map.entry(1, 3));
        assertThat(info.disabledReasons()).containsExactly(Map.entry(1, "401"));
        assertThat(info.mode()).isEqualTo("polling");
    }

    @Test
    void changesThatDependOnWhatIsThereDoNotLoseEachOther() {
        long id = channels.create(channel("a", "m"));

        IntStream.range(0, 4)
                .mapToObj(writer -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 10; i++) {
                        channels.modify(id, row -> ChannelChange.none().weight(row.weight() + 1));
                    }
                }))
                .toList()
                .forEach(CompletableFuture::join);

        assertThat(channels.byId(id).orElseThrow().weight()).isEqualTo(40);
    }

    @Test
    void aFailureInAChangeLeavesChannelAndRoutesAlone() {
        long id = channels.create(channel("a", "m"));

        assertThatIllegalStateException()
                .isThrownBy(() -> test.database.write(context -> {
                    channels.update(id, ChannelChange.none().models("other"));
                    throw new IllegalStateException("later");
                }));

        assertThat(channels.byId(id).orElseThrow().models()).isEqualTo("m");
        assertThat(routes()).containsExactly("default|m|1|1|0|0|null");
    }

    @Test
    void aStatusIsRecordedWithItsReasonAndSwitchesTheRoutes() {
        long id = channels.create(channel("a", "m").otherInfo("{\"kept\":1}"));

        assertThat(channels.setStatus(id, 3, "quota exceeded")).isTrue();
        assertThat(channels.setStatus(id, 3, "again")).as("it was so before").isFalse();
        assertThat(channels.setStatus(99, 3, "")).isFalse();

        ChannelRow row = channels.byId(id).orElseThrow();
        assertThat(row.status()).isEqualTo(3);
        assertThat(row.otherInfo())
                .isEqualTo("{\"kept\":1,\"status_reason\":\"quota exceeded\",\"status_time\":"
                        + TestDatabase.NOW_SECONDS + "}");
        assertThat(routes()).containsExactly("default|m|1|0|0|0|null");
        assertThat(channels.enabledModels()).isEmpty();
        assertThat(channels.setStatus(id, 1, "")).isTrue();
        assertThat(channels.enabledModels()).containsExactly("m");
    }

    @Test
    void malformedNotesDoNotStopAStatus() {
        long id = channels.create(channel("a", "m").otherInfo("{broken"));

        assertThat(channels.setStatus(id, 2, "by hand")).isTrue();

        assertThat(channels.byId(id).orElseThrow().otherInfo()).contains("by hand");
    }

    @Test
    void deletingRemovesTheRoutesToo() {
        long first = channels.create(channel("a", "m"));
        long second = channels.create(channel("b", "m"));
        channels.create(channel("c", "m"));

        assertThat(channels.delete(first)).isTrue();
        assertThat(channels.delete(first)).isFalse();
        assertThat(channels.deleteAll(List.of(second, 99L))).isEqualTo(1);

        assertThat(channels.all()).extracting(ChannelRow::name).containsExactly("c");
        assertThat(routes()).containsExactly("default|m|3|1|0|0|null");
    }

    @Test
    void disabledChannelsAreDeletedWithTheirRoutes() {
        channels.create(List.of(
                channel("on", "m"),
                channel("off", "m").status(2),
                channel("auto", "m").status(3)));

        assertThat(channels.deleteDisabled()).isEqualTo(2);

        assertThat(channels.all()).extracting(ChannelRow::name).containsExactly("on");
        assertThat(routes()).hasSize(1);
    }

    @Test
    void fixingBringsRoutesInLineByTheirDifferences() {
        channels.create(channel("a", "m1,m2"));
        test.execute("delete from abilities where model = 'm1'");
        test.execute("update abilities set priority = 9 where model = 'm2'");
        test.execute("insert into abilities values ('default', 'ghost', 42, true, 0, 0, null)");

        FixOutcome outcome = channels.fixAbilities();

        assertThat(outcome).isEqualTo(new FixOutcome(1, 1, 1, 1));
        assertThat(routes()).containsExactly("default|m1|1|1|0|0|null", "default|m2|1|1|0|0|null");
        assertThat(channels.fixAbilities()).isEqualTo(new FixOutcome(1, 0, 0, 0));
    }

    @Test
    void aGroupThatAChannelLeavesKeepsADisabledRowIfItWasTheLastOne() {
        long id = channels.create(channel("a", "m1,m2").group("default,vip"));
        channels.create(channel("b", "m1"));

        channels.update(id, ChannelChange.none().group("other"));

        assertThat(routes())
                .as("default has other rows, vip has none")
                .containsExactlyInAnyOrder(
                        "default|m1|2|1|0|0|null",
                        "other|m1|1|1|0|0|null",
                        "other|m2|1|1|0|0|null",
                        "vip|m1|1|0|0|0|null");
    }

    @Test
    void aGroupWhoseChannelsAreAllRemovedKeepsADisabledRow() {
        List<Long> ids = channels.create(List.of(channel("a", "m1,m2"), channel("b", "m1")));

        channels.deleteAll(ids);

        assertThat(routes()).containsExactly("default|m1|1|0|0|0|null");
        assertThat(channels.fixAbilities()).isEqualTo(new FixOutcome(0, 0, 0, 0));
        assertThat(routes()).hasSize(1);
    }

    @Test
    void theRowThatAGroupHasKeptGoesWhenItIsUsedAgain() {
        channels.delete(channels.create(channel("a", "m1")));

        channels.create(channel("b", "m2"));
        channels.fixAbilities();

        assertThat(routes()).containsExactly("default|m2|2|1|0|0|null");
    }

    @Test
    void aChannelWithoutModelsHasADisabledRowSoThatItsGroupExists() {
        long id = channels.create(channel("a", "").group("new"));

        assertThat(routes()).containsExactly("new||1|0|0|0|null");
        assertThat(channels.enabledModels()).isEmpty();

        channels.update(id, ChannelChange.none().models("m"));
        assertThat(routes()).containsExactly("new|m|1|1|0|0|null");
    }

    @Test
    void groupsStandInTheChannelExactlyAsInItsRoutes() {
        long id = channels.create(channel("a", "m").group(" vip, ,default,vip,"));

        assertThat(channels.byId(id).orElseThrow().group()).isEqualTo("vip,default");
        assertThat(channels.update(id, ChannelChange.none().group(" , "))
                        .orElseThrow()
                        .group())
                .isEqualTo("default");
    }

    @Test
    void manyRoutesAreWrittenInBatches() {
        String models =
                String.join(",", IntStream.range(0, 450).mapToObj(i -> "m" + i).toList());

        channels.create(channel("a", models));

        assertThat(routes()).hasSize(450);
    }

    @Test
    void aListIsOrderedByPriorityAndThenTheNewest() {
        channels.create(List.of(
                channel("a", "m").priority(1),
                channel("b", "m").priority(5),
                channel("c", "m").priority(5),
                channel("d", "m").priority(-1)));

        assertThat(names(ChannelFilter.ALL, false)).containsExactly("c", "b", "a", "d");
        assertThat(names(ChannelFilter.ALL, true)).containsExactly("d", "c", "b", "a");
        assertThat(channels.page(ChannelFilter.ALL, new PageRequest(2, 3), false)
                        .items())
                .extracting(ChannelRow::name)
                .containsExactly("d");
    }

    @Test
    void filtersSelectByEverythingThatIsListed() {
        channels.create(List.of(
                channel("alpha", "gpt-4o").type(1).key("key-a").baseUrl("https://one.example"),
                channel("beta%", "claude").type(14).status(2).group("vip,default"),
                channel("gamma", "gpt-4o-mini").type(14).status(3).group("vip2")));

        assertThat(find("alp", "", "")).containsExactly("alpha");
        assertThat(find("%", "", "")).containsExactly("beta%");
        assertThat(find("key-a", "", "")).as("a whole key").containsExactly("alpha");
        assertThat(find("key-", "", "")).as("a part of a key").isEmpty();
        assertThat(find("one.example", "", "")).containsExactly("alpha");
        assertThat(find("3", "", "")).as("an id").containsExactly("gamma");
        assertThat(find("", "vip", "")).containsExactly("beta%");
        assertThat(find("", "", "gpt-4o")).containsExactly("gamma", "alpha");
        assertThat(names(new ChannelFilter("", "", "", ChannelFilter.Status.DISABLED, 14), true))
                .containsExactly("gamma", "beta%");
        assertThat(names(new ChannelFilter("", "", "", ChannelFilter.Status.ENABLED, null), true))
                .containsExactly("alpha");
        assertThat(channels.typeCounts(ChannelFilter.ALL)).containsExactly(Map.entry(1, 1L), Map.entry(14, 2L));
    }

    @Test
    void testsAndBalancesAreRecorded() {
        long id = channels.create(channel("a", "m"));

        channels.recordTest(id, 321);
        channels.recordBalance(id, new BigDecimal("12.345"));

        ChannelRow row = channels.byId(id).orElseThrow();
        assertThat(row.testTime()).isEqualTo(TestDatabase.NOW_SECONDS);
        assertThat(row.responseTime()).isEqualTo(321);
        assertThat(row.balance()).isEqualByComparingTo("12.345");
        assertThat(row.balanceUpdatedTime()).isEqualTo(TestDatabase.NOW_SECONDS);
        assertThat(test.query("select case when balance * 2 = 24.69 then 'a number' end from channels"))
                .containsExactly("a number");
        assertThat(channels.names(List.of(id, 9L))).containsExactly(Map.entry(id, "a"));
        assertThat(channels.names(List.of())).isEmpty();
    }

    private static ChannelChange channel(String name, String models) {
        return ChannelChange.none().type(1).name(name).key("key of " + name).models(models);
    }

    private List<String> routes() {
        return test.query("select * from abilities order by `group`, model, channel_id");
    }

    private List<String> find(String keyword, String group, String model) {
        return names(new ChannelFilter(keyword, group, model, ChannelFilter.Status.ANY, null), true);
    }

    private List<String> names(ChannelFilter filter, boolean byId) {
        return channels.page(filter, PageRequest.first(), byId).items().stream()
                .map(ChannelRow::name)
                .toList();
    }
}

package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStoreTest {

    private static final long NOW = TestDatabase.NOW_SECONDS;

    @TempDir
    Path directory;

    private TestDatabase test;
    private LogStore logs;

    /** All tables, at first without any rows. */
    TestDatabase database(RandomText random) {
        return TestDatabase.create(directory, random);
    }

    @BeforeEach
    void open() {
        test = database(RandomText.secure());
        logs = test.stores.logs();
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void whatIsWrittenIsReadBack() {
        LogRow row = new LogRow(
                0,
                3,
                100,
                2,
                "content",
                "ann",
                "laptop",
                "gpt-4o",
                42,
                7,
                5,
                2,
                true,
                9,
                11,
                "vip",
                "10.0.0.1",
                "{\"model_ratio\":1.25}",
                "request",
                "upstream");

        logs.append(row);

        assertThat(logs.page(LogFilter.ALL, PageRequest.first()).items())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("id")
                .containsExactly(row);
        assertThat(test.query("select channel_name from logs"))
                .as("never written")
                .containsExactly("null");
    }

    @Test
    void aRowWithoutTimeIsDatedNow() {
        logs.append(LogRow.remark(LogType.TOP_UP, 3, "ann", 0, "code redeemed", 500));

        LogRow row = logs.page(LogFilter.ALL, PageRequest.first()).items().get(0);
        assertThat(row.createdAt()).isEqualTo(NOW);
        assertThat(row.type()).isEqualTo(1);
        assertThat(row.quota()).isEqualTo(500);
    }

    @Test
    void filtersSelectRows() {
        logs.append(List.of(
                call(1, "ann", "gpt-4o", NOW - 100, 10),
                call(2, "bob", "gpt-4o-mini", NOW - 50, 20),
                LogRow.remark(LogType.MANAGE, 1, "ann", NOW - 10, "quota edited")));

        assertThat(contents(LogFilter.ALL)).containsExactly(3L, 2L, 1L);
        assertThat(contents(LogFilter.ALL.ofType(LogType.MANAGE))).containsExactly(3L);
        assertThat(contents(LogFilter.ALL.ofUser(1))).containsExactly(3L, 1L);
        assertThat(contents(LogFilter.ALL.between(NOW - 50, NOW - 50))).containsExactly(2L);
        assertThat(contents(new LogFilter(0, 0, 0, 0, "bob", "", "", 0, ""))).containsExactly(2L);
        assertThat(contents(new LogFilter(0, 0, 0, 0, "", "token", "", 0, ""))).containsExactly(2L, 1L);
        assertThat(contents(new LogFilter(0, 0, 0, 0, "", "", "gpt-4o", 0, ""))).containsExactly(1L);
        assertThat(contents(new LogFilter(0, 0, 0, 0, "", "", "gpt%", 0, ""))).containsExactly(2L, 1L);
        assertThat(contents(new LogFilter(0, 0, 0, 0, "", "", "gpt_4o", 0, ""))).isEmpty();
        assertThat(contents(new LogFilter(0, 0, 0, 0, "", "", "%g%p%t%", 0, "")))
                .as("too many")
                .isEmpty();
        assertThat(contents(new LogFilter(0, 0, 0, 0, "", "", "", 9, "vip"))).containsExactly(2L, 1L);
        assertThat(logs.selfPage(2, LogFilter.ALL.ofUser(1), PageRequest.first())
                        .items())
                .extracting(LogRow::userId)
                .containsExactly(2L);
    }

    @Test
    void aKeywordIsATypeOrABeginning() {
        logs.append(List.of(
                call(1, "ann", "gpt-4o", NOW - 100, 10),
                LogRow.remark(LogType.MANAGE, 1, "ann", NOW - 10, "100% more"),
                LogRow.remark(LogType.MANAGE, 2, "bob", NOW - 5, "1000 less")));

        assertThat(logs.search("100%")).extracting(LogRow::username).containsExactly("ann");
        assertThat(logs.search("3")).extracting(LogRow::username).containsExactly("bob", "ann");
        assertThat(logs.searchOwn(1, "3")).extracting(LogRow::username).containsExactly("ann");
        assertThat(logs.search("")).isEmpty();
    }

    @Test
    void sumsCountChargedCallsOnly() {
        logs.append(List.of(
                call(1, "ann", "m", NOW - 3_600, 100),
                call(1, "ann", "m", NOW - 30, 10),
                call(2, "bob", "m", NOW - 5, 1),
                LogRow.remark(LogType.TOP_UP, 1, "ann", NOW - 5, "", 5_000)));

        assertThat(logs.stat(LogFilter.ALL)).isEqualTo(new LogStat(111, 2, 24));
        assertThat(logs.stat(LogFilter.ALL.ofUser(1))).isEqualTo(new LogStat(110, 1, 12));
        assertThat(logs.stat(LogFilter.ALL.between(0, NOW - 3_600)))
                .as("the rate is of the last minute, whatever the range")
                .isEqualTo(new LogStat(100, 2, 24));
        assertThat(logs.stat(LogFilter.ALL.ofUser(77))).isEqualTo(new LogStat(0, 0, 0));
    }

    @Test
    void oldRowsAreRemovedInBatches() {
        List<LogRow> old = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            old.add(call(1, "ann", "m", 1_000 + i, 1));
        }
        logs.append(old);
        logs.append(call(1, "ann", "m", NOW, 1));

        assertThat(logs.deleteBatch(1_010)).isEqualTo(10);
        assertThat(logs.deleteOlderThan(NOW)).isEqualTo(240);

        assertThat(logs.page(LogFilter.ALL, PageRequest.first()).total()).isEqualTo(1);
    }

    @Test
    void rowsOfATokenAreTheNewestAndBounded() {
        logs.append(List.of(call(1, "ann", "a", 1, 1), call(1, "ann", "b", 2, 1), call(1, "ann", "c", 3, 1)));

        assertThat(logs.byToken(11, 2)).extracting(LogRow::modelName).containsExactly("c", "b");
        assertThat(logs.byToken(12, 2)).isEmpty();
    }

    private static LogRow call(long user, String name, String model, long time, long quota) {
        return new LogRow(
                0, user, time, 2, "", name, "token", model, quota, 7, 5, 1, false, 9, 11, "vip", "", "", "", "");
    }

    private List<Long> contents(LogFilter filter) {
        return logs.page(filter, PageRequest.first()).items().stream()
                .map(LogRow::id)
                .toList();
    }
}

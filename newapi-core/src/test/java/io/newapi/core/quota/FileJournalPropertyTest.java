package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Appending, then reading, is the identity, now and after the files were opened again. */
class FileJournalPropertyTest {

    @Property(tries = 60)
    void whatIsAppendedIsRead(@ForAll("entries") List<JournalEntry> entries) throws IOException {
        Path directory = Files.createTempDirectory("journal");
        try (JournalDirectory owned = JournalDirectory.open(directory)) {
            WriterId writer = WriterId.random(new SecureRandom());
            FileJournal journal = owned.create(writer, JournalSettings.LEAST_SEGMENT_BYTES);
            entries.forEach(journal::append);

            UsageJournal.Page page = journal.read(0, Integer.MAX_VALUE);

            assertThat(page.entries()).isEqualTo(entries);
            assertThat(page.positions()).isSorted().doesNotHaveDuplicates();
            LeftJournal again = owned.openLeft(writer);
            assertThat(again.isDamaged()).isFalse();
            assertThat(again.read(0, Integer.MAX_VALUE)).isEqualTo(page);
            for (int i = 0; i < entries.size(); i++) {
                List<JournalEntry> rest = new ArrayList<>(entries.subList(i + 1, entries.size()));
                assertThat(again.read(page.positions().get(i), Integer.MAX_VALUE)
                                .entries())
                        .isEqualTo(rest);
            }
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Which bytes are broken, in thousandths of what was written. */
    @Property(tries = 60)
    void whatIsBrokenHidesNothingElse(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 0, max = 999) Integer> places,
            @ForAll @IntRange(min = 1, max = 255) int harm)
            throws IOException {
        Path directory = Files.createTempDirectory("journal");
        try (JournalDirectory owned = JournalDirectory.open(directory)) {
            WriterId writer = WriterId.random(new SecureRandom());
            FileJournal journal = owned.create(writer, JournalSettings.LEAST_SEGMENT_BYTES);
            for (int i = 0; i < 40; i++) {
                journal.append(FileJournalTest.entry(i, "detail ".repeat(i % 7)));
            }
            UsageJournal.Page written = journal.read(0, 100);
            long end = written.positions().get(39);
            Path file = SegmentName.file(directory, writer, 0);
            byte[] bytes = Files.readAllBytes(file);
            Set<Integer> broken = new HashSet<>();
            for (int place : places) {
                int at = (int) (SegmentHeader.BYTES + place * (end - SegmentHeader.BYTES) / 1_000);
                if (broken.add(at)) {
                    bytes[at] ^= (byte) harm;
                }
            }
            Files.write(file, bytes);

            LeftJournal left = owned.openLeft(writer);
            List<JournalEntry> read = left.read(0, 100).entries();

            assertThat(read).isSubsetOf(written.entries()).doesNotHaveDuplicates();
            long begin = SegmentHeader.BYTES;
            for (int i = 0; i < 40; i++) {
                long from = begin;
                long to = written.positions().get(i);
                if (broken.stream().noneMatch(at -> at >= from && at < to)) {
                    assertThat(read).contains(written.entries().get(i));
                }
                begin = to;
            }
            assertThat(left.isDamaged()).isEqualTo(read.size() < 40);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Provide
    Arbitrary<List<JournalEntry>> entries() {
        return Combinators.combine(payers(), settlements())
                .as(JournalEntry::new)
                .list()
                .ofMaxSize(60);
    }

    private static Arbitrary<Payer> payers() {
        Arbitrary<Long> ids = Arbitraries.longs().between(1, Long.MAX_VALUE);
        return Arbitraries.oneOf(
                ids.map(Payer::user),
                Combinators.combine(ids, ids).as(Payer::limitedToken),
                Combinators.combine(ids, ids).as(Payer::unlimitedToken));
    }

    private static Arbitrary<Settlement> settlements() {
        Arbitrary<Long> figures = Arbitraries.longs().between(0, Long.MAX_VALUE);
        Arbitrary<String> requestIds =
                Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(64);
        Arbitrary<String> details = Arbitraries.oneOf(
                Arbitraries.strings().ascii().ofMaxLength(200),
                Arbitraries.of("", "課金の記録", "\uD83D\uDCB0".repeat(100), "語".repeat(Settlement.MAX_DETAIL_CHARS)));
        return Combinators.combine(
                        requestIds,
                        Arbitraries.longs()
                                .between(0, Settlement.MAX_CHARGE_UNITS)
                                .map(Quota::of),
                        figures,
                        Arbitraries.integers().between(0, Integer.MAX_VALUE),
                        figures,
                        figures,
                        Arbitraries.longs(),
                        details)
                .as(Settlement::new);
    }
}

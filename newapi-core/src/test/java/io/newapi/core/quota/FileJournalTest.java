package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A journal in files: what is appended is read, whatever becomes of the files behind the last whole record. */
class FileJournalTest {

    private static final int SEGMENT = JournalSettings.LEAST_SEGMENT_BYTES;
    private static final String LONG_DETAIL = "d".repeat(Settlement.MAX_DETAIL_CHARS);

    @TempDir
    Path directory;

    private JournalDirectory owned;
    private WriterId writer;

    @BeforeEach
    void own() {
        owned = JournalDirectory.open(directory);
        writer = WriterId.random(new SecureRandom());
    }

    @AfterEach
    void free() {
        owned.close();
    }

    // ---- appending and reading ----

    @Test
    void anEmptyJournalHasNoEntries() {
        FileJournal journal = owned.create(writer, SEGMENT);

        assertThat(journal.start()).isZero();
        assertThat(journal.hasEntriesFrom(0)).isFalse();
        assertThat(journal.read(0, 10).entries()).isEmpty();
        assertThat(journal.hasRoom()).isTrue();
    }

    @Test
    void readingFromAnyPageEndGoesOnWhereThePageEnded() {
        FileJournal journal = owned.create(writer, SEGMENT);
        List<JournalEntry> written = append(journal, 0, 100, "");

        List<JournalEntry> read = new ArrayList<>();
        long position = journal.start();
        for (UsageJournal.Page page = journal.read(position, 7);
                !page.entries().isEmpty();
                page = journal.read(position, 7)) {
            assertThat(journal.hasEntriesFrom(position)).isTrue();
            read.addAll(page.entries());
            position = page.positions().get(page.positions().size() - 1);
        }

        assertThat(read).isEqualTo(written);
        assertThat(journal.hasEntriesFrom(position)).isFalse();
    }

    @Test
    void aJournalGoesOnInTheNextSegment() {
        FileJournal journal = owned.create(writer, SEGMENT);
        List<JournalEntry> written = new ArrayList<>();

        for (int i = 0; i < 100; i++) {
            written.addAll(append(journal, i, 1, LONG_DETAIL.substring(i * 31 % 1_000)));
            journal.prepareRoom();
        }

        assertThat(files()).hasSizeGreaterThan(5);
        assertThat(journal.read(0, 1_000).entries()).isEqualTo(written);
        assertThat(reopened().read(0, 1_000).entries()).isEqualTo(written);
        assertThat(reopened().isDamaged()).isFalse();
    }

    @Test
    void aRecordMayEndExactlyWhereItsSegmentEnds() {
        FileJournal journal = owned.create(writer, SEGMENT);
        List<JournalEntry> written = new ArrayList<>();
        int left = SEGMENT - SegmentHeader.BYTES;
        int fixed = recordBytes("");
        while (left > 2 * Settlement.MAX_DETAIL_CHARS) {
            int detail = 8 * 1_000 + (8 - fixed % 8) % 8;
            written.addAll(append(journal, written.size(), 1, "x".repeat(detail)));
            left -= recordBytes("x".repeat(detail));
        }
        while (left > 0) {
            int detail = Math.min(left, Settlement.MAX_DETAIL_CHARS / 8 * 8) - fixed;
            if (left - recordBytes("x".repeat(detail)) < fixed && left != recordBytes("x".repeat(detail))) {
                detail -= 512;
            }
            written.addAll(append(journal, written.size(), 1, "x".repeat(detail)));
            left -= recordBytes("x".repeat(detail));
        }
        long end = lastPosition(journal);
        assertThat(end).isEqualTo(SEGMENT);
        assertThat(journal.hasEntriesFrom(end)).isFalse();

        journal.discardBefore(end);
        journal.prepareRoom();
        List<JournalEntry> behind = append(journal, 1_000, 3, "");

        assertThat(journal.hasRoom()).isTrue();
        assertThat(journal.read(end, 10).entries()).isEqualTo(behind);
        assertThat(reopened().read(end, 10).entries()).isEqualTo(behind);
        assertThat(reopened().isDamaged()).isFalse();
    }

    @Test
    void manyThreadsAppendEachEntryOnce() {
        FileJournal journal = owned.create(writer, SEGMENT);

        Threads.together(8, () -> {
            for (int i = 0; i < 500; i++) {
                journal.append(entry(i, "detail " + i));
                if (i % 50 == 0) {
                    journal.prepareRoom();
                }
            }
            return true;
        });

        assertThat(reopened().read(0, 10_000).entries()).hasSize(4_000);
        assertThat(reopened().isDamaged()).isFalse();
    }

    @Test
    void segmentsThatAreNeededWhileTheyArePreparedAreMadeOnce() {
        FileJournal journal = owned.create(writer, SEGMENT);

        Threads.together(6, () -> {
            for (int i = 0; i < 60; i++) {
                journal.append(entry(i, LONG_DETAIL));
                journal.prepareRoom();
            }
            return true;
        });

        assertThat(journal.read(0, 10_000).entries()).hasSize(360);
        assertThat(reopened().read(0, 10_000).entries()).hasSize(360);
        assertThat(directory).isDirectoryNotContaining("glob:**preparing-*");
    }

    @Test
    void onlySegmentsThatWerePassedAreDiscarded() {
        owned.close();
        owned = JournalDirectory.open(directory, JournalSettings.DEFAULT.withKeepBooked(Duration.ZERO));
        FileJournal journal = owned.create(writer, SEGMENT);
        for (int i = 0; i < 60; i++) {
            append(journal, i, 1, LONG_DETAIL);
        }
        UsageJournal.Page page = journal.read(0, 1_000);
        long inTheThird = page.positions().stream()
                .filter(position -> position > 2L * SEGMENT + 100)
                .findFirst()
                .orElseThrow();

        journal.discardBefore(inTheThird);

        assertThat(SegmentName.file(directory, writer, 0)).doesNotExist();
        assertThat(SegmentName.file(directory, writer, 1)).doesNotExist();
        assertThat(SegmentName.file(directory, writer, 2)).exists();
        assertThat(journal.start()).isEqualTo(2L * SEGMENT);
        int behind = page.positions().indexOf(inTheThird) + 1;
        assertThat(journal.read(inTheThird, 1_000).entries())
                .isEqualTo(page.entries().subList(behind, 60));
        assertThat(reopened().read(inTheThird, 1_000).entries())
                .isEqualTo(page.entries().subList(behind, 60));
    }

    @Test
    void aDeletedJournalLeavesNoFileAndTakesNoEntry() {
        FileJournal journal = owned.create(writer, SEGMENT);
        append(journal, 0, 3, "");

        journal.delete();

        assertThat(files()).isEmpty();
        assertThatThrownBy(() -> journal.append(entry(1, ""))).isInstanceOf(JournalFailure.class);
        journal.prepareRoom();
        assertThat(files()).isEmpty();
    }

    @Test
    void aClosedJournalKeepsItsEntriesAndTakesNoMore() {
        FileJournal journal = owned.create(writer, SEGMENT);
        List<JournalEntry> written = append(journal, 0, 3, "");

        journal.close();

        assertThatThrownBy(() -> journal.append(entry(1, "")))
                .isInstanceOf(JournalFailure.class)
                .hasMessageContaining(writer.hex());
        assertThat(journal.hasRoom()).isFalse();
        assertThat(reopened().read(0, 10).entries()).isEqualTo(written);
    }

    // ---- no room ----

    @Test
    void withoutRoomNewCallsAreRefusedButAcceptedOnesStillSettle() throws IOException {
        FileJournal journal = owned.create(writer, SEGMENT);
        Path inTheWay = SegmentName.file(directory, writer, 2);
        Files.createDirectories(inTheWay.resolve("full"));
        List<JournalEntry> written = new ArrayList<>();
        while (journal.hasRoom()) {
            written.addAll(append(journal, written.size(), 1, LONG_DETAIL));
            journal.prepareRoom();
        }

        for (int i = 0; i < 10; i++) {
            written.addAll(append(journal, written.size(), 1, LONG_DETAIL));
        }

        assertThat(journal.hasRoom()).isFalse();
        assertThat(journal.read(0, 1_000).entries()).isEqualTo(written);

        while (true) {
            try {
                written.addAll(append(journal, written.size(), 1, LONG_DETAIL));
            } catch (JournalFailure full) {
                assertThat(full).hasMessageContaining(inTheWay.toString());
                break;
            }
        }
        assertThat(journal.read(0, 1_000).entries()).isEqualTo(written);

        Files.delete(inTheWay.resolve("full"));
        Files.delete(inTheWay);
        journal.prepareRoom();
        assertThat(journal.hasRoom()).isTrue();
        written.addAll(append(journal, written.size(), 1, LONG_DETAIL));
        assertThat(journal.read(0, 1_000).entries()).isEqualTo(written);
        assertThat(directory).isDirectoryNotContaining("glob:**preparing-*");
    }

    // ---- damage ----

    private enum Harm {
        CUT,
        ZERO,
        GARBLE
    }

    @ParameterizedTest
    @EnumSource(Harm.class)
    void aTornLastRecordNeverTouchesThoseBeforeItWhereverItIsTorn(Harm harm) throws IOException {
        FileJournal journal = owned.create(writer, SEGMENT);
        List<JournalEntry> before = append(journal, 0, 3, "abc");
        int begin = (int) lastPosition(journal);
        append(journal, 3, 1, "the record that is torn");
        int end = (int) lastPosition(journal);
        journal.close();
        byte[] whole = Files.readAllBytes(segment(0));
        int lastContent = begin + recordBytesUnaligned("the record that is torn");

        for (int at = begin; at < end; at++) {
            byte[] torn = switch (harm) {
                case CUT -> Arrays.copyOf(whole, at);
                case ZERO -> zeroed(whole, at, end);
                case GARBLE -> garbled(whole, at);
            };
            Files.write(segment(0), torn);
            List<JournalEntry> read = reopened().read(0, 10).entries();

            boolean paddingOnly = at >= lastContent;
            assertThat(read.subList(0, 3)).as("torn at %d", at - begin).isEqualTo(before);
            if (harm != Harm.CUT && paddingOnly) {
                assertThat(read).hasSize(4);
            } else {
                assertThat(read).as("torn at %d", at - begin).hasSize(3);
            }
        }
    }

    @Test
    void aRecordThatAKilledProcessWasWritingIsNoDamage() throws IOException {
        FileJournal journal = owned.create(writer, SEGMENT);
        append(journal, 0, 3, "");
        int begin = (int) lastPosition(journal);
        append(journal, 3, 1, "");
        journal.close();

        overwrite(segment(0), begin, new byte[8]);

        assertThat(reopened().read(0, 10).entries()).hasSize(3);
        assertThat(reopened().isDamaged()).isFalse();
    }

    @Test
    void wholeRecordsBehindABrokenOneAreReadAndTheDamageIsReported() throws IOException {
        FileJournal journal = owned.create(writer, SEGMENT);
        List<JournalEntry> written = append(journal, 0, 1, "");
        int second = (int) lastPosition(journal);
        append(journal, 1, 1, "broken");
        int third = (int) lastPosition(journal);
        written.addAll(append(journal, 2, 4, ""));
        journal.close();
        byte[] whole = Files.readAllBytes(segment(0));
        int content = second + recordBytesUnaligned("broken");

        for (int at = second; at < third; at++) {
            Files.write(segment(0), garbled(whole, at));
            boolean paddingOnly = at >= content;
            assertThat(reopened().read(0, 10).entries())
                    .as("byte %d", at - second)
                    .hasSize(paddingOnly ? 6 : 5)
                    .containsAll(written);
            assertThat(reopened().isDamaged()).as("byte %d", at - second).isEqualTo(!paddingOnly);
        }
    }

    @Test
    void aBrokenLengthIsNotTakenForTheTurnToTheNextSegment() throws IOException {
        FileJournal journal = owned.create(writer, SEGMENT);
        append(journal, 0, 30, LONG_DETAIL);
        long second = journal.read(0, 1).positions().get(0);
        journal.close();

        overwrite(segment(0), (int) second, new byte[] {-1, -1, -1, -1});

        assertThat(reopened().read(0, 100).entries()).hasSize(29);
        assertThat(reopened().isDamaged()).isTrue();
    }

    @Test
    void aRecordOfAnotherPlaceIsNotTrustedThoughItIsWhole() throws IOException {
        FileJournal journal = owned.create(writer, SEGMENT);
        append(journal, 0, 2, "");
        List<Long> ends = journal.read(0, 2).positions();
        journal.close();
        byte[] bytes = Files.readAllBytes(segment(0));
        int begin = (int) ends.get(0).longValue();
        int length = (int) (ends.get(1) - ends.get(0));

        byte[] second = Arrays.copyOfRange(bytes, begin, begin + length);
        overwrite(segment(0), begin + length, second);

        assertThat(reopened().read(0, 10).entries()).hasSize(2);
        assertThat(reopened().isDamaged()).isTrue();
    }

    @Test
    void whatStandsBehindAMissingSegmentIsReadAndTheDamageReported() throws IOException {
        FileJournal journal = owned.create(writer, SEGMENT);
        for (int i = 0; i < 60; i++) {
            append(journal, i, 1, LONG_DETAIL);
        }
        UsageJournal.Page page = journal.read(0, 100);
        long lost = page.positions().stream()
                .filter(end -> end > SEGMENT && end <= 2L * SEGMENT)
                .count();
        journal.close();
        Files.delete(segment(1));

        LeftJournal left = reopened();

        assertThat(lost).isPositive();
        assertThat(left.read(0, 1_000).entries())
                .hasSize(60 - (int) lost)
                .endsWith(page.entries().get(59))
                .isSubsetOf(page.entries());
        assertThat(left.isDamaged()).isTrue();
    }

    @Test
    void aSegmentThatIsNotWhatItsNameSaysIsDamage() throws IOException {
        FileJournal journal = owned.create(writer, SEGMENT);
        append(journal, 0, 3, "");
        journal.close();
        Files.move(segment(0), segment(7));

        assertThat(reopened().isDamaged()).isTrue();
        assertThat(reopened().read(0, 10).entries()).isEmpty();
    }

    @Test
    void anEmptyFileIsDamageAndNoReasonToFail() throws IOException {
        Files.write(segment(0), new byte[0]);

        assertThat(reopened().isDamaged()).isTrue();
        assertThat(reopened().hasEntriesFrom(0)).isFalse();
    }

    // ---- claims ----

    @Test
    void aLivingReaderNeverPassesAClaimAndReadsOnWhenItIsPublished() throws IOException {
        FileJournal journal = owned.create(writer, SEGMENT);
        List<JournalEntry> before = append(journal, 0, 2, "");
        int begin = (int) lastPosition(journal);
        append(journal, 2, 1, "slow");
        byte[] published = Arrays.copyOfRange(Files.readAllBytes(segment(0)), begin, begin + 8);
        overwrite(segment(0), begin, word(RecordWord.claimed(recordBytes("slow"))));
        List<JournalEntry> behind = append(journal, 3, 2, "");

        assertThat(journal.read(0, 10).entries()).isEqualTo(before);
        assertThat(journal.hasEntriesFrom(begin)).isTrue();

        overwrite(segment(0), begin, published);
        assertThat(journal.read(0, 10).entries()).hasSize(5).containsAll(behind);
    }

    @Test
    void damageUnderALivingJournalStopsItsReaderAndNothingElse() throws IOException {
        FileJournal journal = owned.create(writer, SEGMENT);
        append(journal, 0, 1, "");
        int begin = (int) lastPosition(journal);
        append(journal, 1, 2, "");
        overwrite(segment(0), begin + 3, new byte[] {1});
        owned.tick();
        append(journal, 3, 2, "");

        assertThat(journal.read(0, 10).entries()).hasSize(1);
        assertThat(journal.hasEntriesFrom(begin)).isTrue();
        assertThat(journal.hasRoom()).isTrue();
        assertThat(reopened().read(0, 10).entries()).hasSize(4);
        assertThat(reopened().isDamaged()).isTrue();
    }

    @Test
    void claimsThatAKilledProcessDidNotPublishArePassedOverHoweverMuchOfThemWasWritten() throws IOException {
        FileJournal journal = owned.create(writer, SEGMENT);
        List<JournalEntry> published = append(journal, 0, 2, "");
        int begin = (int) lastPosition(journal);
        append(journal, 2, 1, "not published");
        int end = (int) lastPosition(journal);
        published.addAll(append(journal, 3, 2, ""));
        journal.close();
        byte[] whole = Files.readAllBytes(segment(0));
        System.arraycopy(word(RecordWord.claimed(end - begin)), 0, whole, begin, 8);

        for (int at = begin + 8; at <= end; at++) {
            Files.write(segment(0), zeroed(whole, at, end));
            assertThat(reopened().read(0, 10).entries())
                    .as("written to %d", at - begin)
                    .isEqualTo(published);
            assertThat(reopened().isDamaged()).isFalse();
        }
    }

    @Test
    void claimsWithNothingBehindThemEndTheJournalWithoutDamage() throws IOException {
        FileJournal journal = owned.create(writer, SEGMENT);
        append(journal, 0, 2, "");
        int end = (int) lastPosition(journal);
        journal.close();
        overwrite(segment(0), end, word(RecordWord.claimed(256)));
        overwrite(segment(0), end + 256, word(RecordWord.claimed(512)));

        assertThat(reopened().read(0, 10).entries()).hasSize(2);
        assertThat(reopened().hasEntriesFrom(end)).isFalse();
        assertThat(reopened().isDamaged()).isFalse();
    }

    @Test
    void aClaimWhoseLengthWasDamagedHidesNoRecord() throws IOException {
        FileJournal journal = owned.create(writer, SEGMENT);
        append(journal, 0, 1, "");
        int begin = (int) lastPosition(journal);
        append(journal, 1, 3, "");
        journal.close();
        overwrite(segment(0), begin, word(RecordWord.claimed(3 * recordBytes(""))));

        assertThat(reopened().read(0, 10).entries()).hasSize(3);
        assertThat(reopened().isDamaged()).isTrue();
    }

    @Test
    void aProcessThatEndedAfterTheTurnToTheNextSegmentLeftNoDamage() throws IOException {
        FileJournal journal = owned.create(writer, SEGMENT);
        append(journal, 0, 2, "");
        int end = (int) lastPosition(journal);
        journal.close();
        overwrite(segment(0), end, word(RecordWord.TURN));

        assertThat(reopened().read(0, 10).entries()).hasSize(2);
        assertThat(reopened().isDamaged()).isFalse();
    }

    @Test
    void roomThatCouldNotBeWrittenIsPassedOver() throws IOException {
        FileJournal journal = owned.create(writer, SEGMENT);
        List<JournalEntry> written = append(journal, 0, 1, "");
        int begin = (int) lastPosition(journal);
        append(journal, 1, 1, "void");
        overwrite(segment(0), begin, word(RecordWord.voided(recordBytes("void"))));

        assertThat(journal.hasEntriesFrom(begin)).isFalse();
        written.addAll(append(journal, 2, 2, ""));
        assertThat(journal.read(0, 10).entries()).isEqualTo(written);
        assertThat(reopened().read(0, 10).entries()).isEqualTo(written);
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aClaimToTheEndOfASegmentKeepsNobodyFromTheNext() throws IOException {
        owned.close();
        owned = JournalDirectory.open(
                directory, JournalSettings.DEFAULT.withSegmentBytes(SEGMENT).withMaxBytes(4L * SEGMENT));
        FileJournal journal = owned.create(writer, SEGMENT);
        journal.prepareRoom();
        while (journal.hasRoom()) {
            append(journal, 0, 1, LONG_DETAIL);
            journal.prepareRoom();
        }
        int end = (int) (lastPosition(journal) - 3L * SEGMENT);
        // by a thread that was stopped before it could say so
        overwrite(segment(3), end, word(RecordWord.claimed(SEGMENT - end)));

        List<JournalEntry> behind = append(journal, 1, 2, "");

        overwrite(segment(3), end, word(RecordWord.voided(SEGMENT - end)));
        assertThat(journal.read(4L * SEGMENT, 10).entries()).isEqualTo(behind);
    }

    // ---- formats ----

    @Test
    void segmentsThatTheFirstVersionWroteAreRead() throws IOException {
        int bytes = 16 * 1024 * 1024;
        ByteBuffer file = ByteBuffer.allocate(bytes);
        file.putInt(0, 0x4E41514B).putInt(4, 1).putInt(8, 0).putInt(12, bytes);
        file.put(16, writer.hex().getBytes(StandardCharsets.US_ASCII));
        CRC32C crc = new CRC32C();
        crc.update(file.slice(0, 48));
        file.putInt(48, (int) crc.getValue());
        RecordFrame frame = new RecordFrame();
        int position = 64;
        for (int i = 0; i < 3; i++) {
            int length = frame.fill(entry(i, "old"));
            file.putLong(position, RecordWord.published(length));
            frame.copyTo(file, position, position);
            position += length;
        }
        Files.write(segment(0), file.array());

        LeftJournal left = reopened();

        assertThat(left.read(0, 10).entries()).containsExactly(entry(0, "old"), entry(1, "old"), entry(2, "old"));
        assertThat(left.isDamaged()).isFalse();
        assertThat(left.place()).isEmpty();
    }

    @Test
    void aSegmentSaysWhereItWasWritten() {
        owned.create(writer, SEGMENT);

        assertThat(owned.place()).isNotEmpty().hasSizeLessThanOrEqualTo(191);
        assertThat(reopened().place()).isEqualTo(owned.place());
    }

    // ---- the directory ----

    @Test
    void aDirectoryIsOwnedOnceAndTheRefusalNamesIt() {
        assertThatThrownBy(() -> JournalDirectory.open(directory))
                .isInstanceOf(JournalFailure.class)
                .hasMessageContaining(directory.toAbsolutePath().normalize().toString());
    }

    @Test
    void aDirectoryThatWasGivenFreeIsOwnedAgain() {
        owned.close();
        owned = JournalDirectory.open(directory);

        assertThat(owned.left()).isEmpty();
    }

    @Test
    void journalsOfThisRunAreNotLeftByEarlierOnes() {
        append(owned.create(writer, SEGMENT), 0, 1, "");
        assertThat(owned.left()).isEmpty();

        owned.close();
        owned = JournalDirectory.open(directory);

        assertThat(owned.left()).extracting(UsageJournal::writer).containsExactly(writer);
    }

    @Test
    void halfMadeSegmentsOfEarlierRunsAreRemoved() throws IOException {
        owned.close();
        Path halfMade = SegmentName.preparing(directory);

        owned = JournalDirectory.open(directory);

        assertThat(halfMade).doesNotExist();
    }

    @Test
    void writerIdsThatNoFileNameCouldCarryAreRefused() {
        assertThatThrownBy(() -> new WriterId("ABCDEF00000000000000000000000000"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WriterId("abc")).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- writing the tests ----

    private LeftJournal reopened() {
        return owned.openLeft(writer);
    }

    private Path segment(int number) {
        return SegmentName.file(directory, writer, number);
    }

    private List<Path> files() {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(SegmentName::matches).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<JournalEntry> append(FileJournal journal, int first, int count, String detail) {
        List<JournalEntry> written = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            JournalEntry entry = entry(i, detail);
            journal.append(entry);
            written.add(entry);
        }
        return written;
    }

    static JournalEntry entry(int number, String detail) {
        return new JournalEntry(
                Payer.limitedToken(1 + number, 7),
                new Settlement("call-%08d".formatted(number), Quota.of(number), 3, 1, 10, 20, 1_700_000_000L, detail));
    }

    private static int recordBytesUnaligned(String detail) {
        return 24 + new JournalRecord(entry(0, detail)).contentBytes();
    }

    private static int recordBytes(String detail) {
        return (recordBytesUnaligned(detail) + 7) / 8 * 8;
    }

    private static long lastPosition(FileJournal journal) {
        List<Long> positions = journal.read(0, 10_000).positions();
        return positions.get(positions.size() - 1);
    }

    private static byte[] zeroed(byte[] whole, int from, int to) {
        byte[] copy = whole.clone();
        Arrays.fill(copy, from, to, (byte) 0);
        return copy;
    }

    private static byte[] garbled(byte[] whole, int at) {
        byte[] copy = whole.clone();
        copy[at] ^= 0x55;
        return copy;
    }

    private static byte[] word(long word) {
        return ByteBuffer.allocate(8).putLong(word).array();
    }

    private static void overwrite(Path file, int at, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThat(channel.write(ByteBuffer.wrap(bytes), at)).isEqualTo(bytes.length);
        }
    }
}

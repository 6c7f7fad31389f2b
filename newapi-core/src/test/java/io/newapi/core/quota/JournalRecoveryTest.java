package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.quota.JournalRecovery.Recovered;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.GrantRequest;
import io.newapi.core.quota.QuotaAuthority.Shortfall;
import io.newapi.core.quota.ShakyAuthority.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What earlier runs left is booked exactly once, however often and wherever recovery itself is interrupted. */
class JournalRecoveryTest {

    private static final int SEGMENT = JournalSettings.LEAST_SEGMENT_BYTES;
    private static final Account BALANCE = Account.user(1);
    private static final int ENTRIES = 1_203;

    @TempDir
    Path directory;

    private final InMemoryQuotaAuthority balances = new InMemoryQuotaAuthority();
    private final ShakyAuthority authority = new ShakyAuthority(balances);
    private JournalDirectory owned;
    private WriterId current;

    @BeforeEach
    void own() {
        owned = JournalDirectory.open(directory);
        current = WriterId.random(new SecureRandom());
        balances.credit(BALANCE, Quota.of(10_000));
    }

    @AfterEach
    void free() {
        owned.close();
    }

    @Test
    void anEarlierRunIsBookedItsLeaseGivenBackAndItsJournalDeleted() {
        earlierRun(ENTRIES, 2_000);

        Recovered recovered = done(recovery().recoverAllBut(current));

        assertThat(recovered).isEqualTo(new Recovered(1, ENTRIES, List.of(), List.of(), List.of()));
        expectBookedOnce(ENTRIES);
        assertThat(journalFiles()).isEmpty();
    }

    @Test
    void whatWasBookedBeforeIsNotBookedAgain() {
        WriterId writer = earlierRun(ENTRIES, 2_000);
        LeftJournal left = owned.openLeft(writer);
        UsageJournal.Page page = left.read(0, 700);
        done(balances.exchange(
                new Exchange(writer, 0, page.entries(), page.positions(), Map.of(), List.of(), Set.of(BALANCE))));

        Recovered recovered = done(recovery().recoverAllBut(current));

        assertThat(recovered.entries()).isEqualTo(ENTRIES - 700);
        expectBookedOnce(ENTRIES);
    }

    @Test
    void severalRunsAreRecoveredAndTheCurrentOneIsLeftAlone() {
        earlierRun(10, 100);
        earlierRun(20, 100);
        WriterId mine = WriterId.random(new SecureRandom());
        done(balances.register(mine));
        UsageJournal journal = owned.create(mine, SEGMENT);
        journal.append(FileJournalTest.entry(0, ""));

        Recovered recovered = done(recovery().recoverAllBut(mine));

        assertThat(recovered).isEqualTo(new Recovered(2, 30, List.of(), List.of(), List.of()));
        assertThat(journal.read(0, 10).entries()).hasSize(1);
        assertThat(SegmentName.filesOf(directory, mine)).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"NOT_APPLIED", "LOST_BEFORE", "LOST_AFTER", "THROWS"})
    void recoveryThatIsInterruptedAtAnyStepIsFinishedByTheNext(Fault fault) {
        for (int step = 0; ; step++) {
            InMemoryQuotaAuthority books = new InMemoryQuotaAuthority();
            books.credit(BALANCE, Quota.of(10_000));
            ShakyAuthority shaky = new ShakyAuthority(books);
            leave(books, ENTRIES, 2_000);
            Fault[] faults = new Fault[step + 1];
            Arrays.fill(faults, Fault.NONE);
            faults[step] = fault;
            shaky.next(faults);

            CompletionStage<Recovered> first = new JournalRecovery(owned, shaky).recoverAllBut(current);
            boolean interrupted = first.toCompletableFuture().isCompletedExceptionally();
            assertThat(first.toCompletableFuture()).isDone();
            if (interrupted) {
                assertThat(journalFiles()).as("step %d", step).isNotEmpty();
                shaky.calm();
                done(new JournalRecovery(owned, shaky).recoverAllBut(current));
            }

            assertThat(books.charged(BALANCE)).as("step %d", step).isEqualTo(Quota.of(ENTRIES));
            assertThat(books.leased(BALANCE)).isEqualTo(Quota.ZERO);
            assertThat(books.balance(BALANCE)).isEqualTo(new QuotaBalance(10_000 - ENTRIES));
            assertThat(journalFiles()).isEmpty();
            if (!interrupted) {
                assertThat(step).as("steps of a recovery").isGreaterThanOrEqualTo(5);
                return;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"NOT_APPLIED", "LOST_AFTER", "THROWS"})
    void aFollowerThatFailsAtAnyStepHasStoredEverythingOnceAfterTheNextRecovery(Fault fault) {
        for (int step = 0; ; step++) {
            balances.credit(BALANCE, Quota.of(ENTRIES));
            WriterId writer = leave(balances, ENTRIES, 2_000);
            ShakyFollower follower = new ShakyFollower(500);
            Fault[] faults = new Fault[step + 1];
            Arrays.fill(faults, Fault.NONE);
            faults[step] = fault;
            follower.next(faults);

            Recovered first = done(new JournalRecovery(owned, authority, follower).recoverAllBut(current));
            assertThat(balances.charged(BALANCE)).isEqualTo(Quota.of((step + 1L) * ENTRIES));
            assertThat(balances.leased(BALANCE)).isEqualTo(Quota.ZERO);
            boolean interrupted = !first.waiting().isEmpty();
            if (interrupted) {
                assertThat(first.waiting()).containsExactly(writer);
                assertThat(journalFiles()).as("step %d", step).isNotEmpty();
                follower.calm();
                Recovered second = done(new JournalRecovery(owned, authority, follower).recoverAllBut(current));
                assertThat(second).isEqualTo(new Recovered(1, 0, List.of(), List.of(), List.of()));
            }

            assertThat(follower.storedIds())
                    .as("step %d", step)
                    .hasSize(ENTRIES)
                    .doesNotHaveDuplicates();
            assertThat(journalFiles()).isEmpty();
            if (!interrupted) {
                assertThat(step).as("calls of a recovery").isEqualTo(3);
                return;
            }
        }
    }

    @Test
    void whatTheFollowerStoredBeforeIsNotStoredAgainAndItsWordIsAskedForAllTheSame() {
        WriterId writer = earlierRun(ENTRIES, 2_000);
        ShakyFollower follower = new ShakyFollower(ENTRIES);
        done(follower.follow(owned.openLeft(writer)));

        done(new JournalRecovery(owned, authority, follower).recoverAllBut(current));

        assertThat(follower.storedIds()).hasSize(ENTRIES);
        assertThat(follower.calls()).isEqualTo(2);
        assertThat(journalFiles()).isEmpty();
    }

    @Test
    void booksAreDoneBeforeTheFollowerIsAskedWhereSomebodyWaitsForThem() {
        WriterId writer = earlierRun(ENTRIES, 2_000);
        ShakyFollower follower = new ShakyFollower(ENTRIES);
        JournalRecovery recovery = new JournalRecovery(owned, authority, follower);

        Recovered booked = done(recovery.bookAll());

        assertThat(booked).isEqualTo(new Recovered(1, ENTRIES, List.of(), List.of(), List.of(writer)));
        expectBookedOnce(ENTRIES);
        assertThat(follower.calls()).isZero();
        assertThat(done(recovery.recoverAll()).waiting()).isEmpty();
        assertThat(follower.storedIds()).hasSize(ENTRIES);
        assertThat(journalFiles()).isEmpty();
    }

    @Test
    void withoutAFollowerAJournalThatIsBookedIsDoneWith() {
        earlierRun(ENTRIES, 2_000);

        assertThat(done(recovery().bookAll()).waiting()).isEmpty();

        expectBookedOnce(ENTRIES);
        assertThat(journalFiles()).isEmpty();
    }

    @Test
    void aFollowerThatStoresNothingDoesNotKeepRecoveryBusyForEver() {
        WriterId writer = earlierRun(10, 100);
        ShakyFollower follower = new ShakyFollower(500);
        follower.doingNothing();

        Recovered recovered = done(new JournalRecovery(owned, authority, follower).recoverAllBut(current));

        assertThat(recovered.waiting()).containsExactly(writer);
        expectBookedOnce(10);
        assertThat(journalFiles()).isNotEmpty();
    }

    @Test
    void aJournalOfAnUnknownWriterIsNotStored() {
        leaveJournal(WriterId.random(new SecureRandom()), 5);
        ShakyFollower follower = new ShakyFollower(500);

        done(new JournalRecovery(owned, authority, follower).recoverAllBut(current));

        assertThat(follower.calls()).isZero();
    }

    @Test
    void recoveryThatEndedBeforeAllFilesWereDeletedIsFinishedByTheNext() throws IOException {
        WriterId writer = earlierRun(ENTRIES, 2_000);
        byte[] first = Files.readAllBytes(SegmentName.file(directory, writer, 0));
        done(recovery().recoverAllBut(current));
        Files.write(SegmentName.file(directory, writer, 0), first);

        Recovered again = done(recovery().recoverAllBut(current));

        assertThat(again).isEqualTo(new Recovered(1, 0, List.of(), List.of(), List.of()));
        expectBookedOnce(ENTRIES);
        assertThat(journalFiles()).isEmpty();
    }

    @Test
    void aJournalOfAnUnknownWriterIsLeftAsItIsAndNotBooked() throws IOException {
        WriterId stranger = WriterId.random(new SecureRandom());
        leaveJournal(stranger, 5);
        earlierRun(10, 100);
        byte[] before = Files.readAllBytes(SegmentName.file(directory, stranger, 0));

        Recovered recovered = done(recovery().recoverAllBut(current));

        assertThat(recovered).isEqualTo(new Recovered(1, 10, List.of(), List.of(stranger), List.of()));
        expectBookedOnce(10);
        assertThat(journalFiles()).containsExactlyInAnyOrderElementsOf(SegmentName.filesOf(directory, stranger));
        assertThat(SegmentName.file(directory, stranger, 0)).hasBinaryContent(before);
        assertThat(done(recovery().recoverAllBut(current)).foreign()).containsExactly(stranger);
    }

    @Test
    void aJournalThatAnotherAuthorityLeftAloneIsBookedByItsOwn() {
        InMemoryQuotaAuthority other = new InMemoryQuotaAuthority();
        WriterId writer = earlierRun(ENTRIES, 2_000);

        Recovered elsewhere = done(new JournalRecovery(owned, other).recoverAllBut(current));
        Recovered athome = done(recovery().recoverAllBut(current));

        assertThat(elsewhere).isEqualTo(new Recovered(0, 0, List.of(), List.of(writer), List.of()));
        assertThat(athome).isEqualTo(new Recovered(1, ENTRIES, List.of(), List.of(), List.of()));
        expectBookedOnce(ENTRIES);
        assertThat(journalFiles()).isEmpty();
    }

    @Test
    void anEmptyJournalOfAnUnknownWriterIsKeptTooBecauseItsLeasesAreHeldElsewhere() {
        WriterId writer = earlierRun(0, 2_000);

        done(new JournalRecovery(owned, new InMemoryQuotaAuthority()).recoverAllBut(current));
        Recovered athome = done(recovery().recoverAllBut(current));

        assertThat(athome).isEqualTo(new Recovered(1, 0, List.of(), List.of(), List.of()));
        assertThat(balances.leased(BALANCE)).isEqualTo(Quota.ZERO);
        assertThat(journalFiles()).doesNotContain(SegmentName.file(directory, writer, 0));
    }

    @Test
    void aDamagedJournalOfAnUnknownWriterIsLeftToItsOwnAuthority() throws IOException {
        WriterId stranger = WriterId.random(new SecureRandom());
        leaveJournal(stranger, 5);
        Files.write(SegmentName.file(directory, stranger, 1), new byte[] {1, 2, 3, 4});

        Recovered recovered = done(recovery().recoverAllBut(current));

        assertThat(recovered).isEqualTo(new Recovered(0, 0, List.of(), List.of(stranger), List.of()));
        assertThat(SegmentName.file(directory, stranger, 1)).exists();
    }

    @Test
    void whatIsWholeInADamagedJournalIsBookedAndTheJournalKept() throws IOException {
        WriterId writer = earlierRun(10, 100);
        long third = owned.openLeft(writer).read(0, 3).positions().get(2);
        try (FileChannel file = FileChannel.open(SegmentName.file(directory, writer, 0), StandardOpenOption.WRITE)) {
            assertThat(file.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), third + 16))
                    .isEqualTo(4);
        }

        Recovered recovered = done(recovery().recoverAllBut(current));

        assertThat(recovered).isEqualTo(new Recovered(1, 9, List.of(writer), List.of(), List.of()));
        expectBookedOnce(9);
        assertThat(journalFiles()).isEmpty();
        assertThat(directory.resolve("aside-journal-" + writer.hex() + ".0")).exists();
    }

    @Test
    void damageInWhatWasBookedBeforeIsNoLoss() throws IOException {
        WriterId writer = earlierRun(10, 100);
        LeftJournal left = owned.openLeft(writer);
        UsageJournal.Page page = left.read(0, 5);
        done(balances.exchange(
                new Exchange(writer, 0, page.entries(), page.positions(), Map.of(), List.of(), Set.of(BALANCE))));
        try (FileChannel file = FileChannel.open(SegmentName.file(directory, writer, 0), StandardOpenOption.WRITE)) {
            assertThat(file.write(
                            ByteBuffer.wrap(new byte[] {1, 2, 3, 4}),
                            page.positions().get(2) + 16))
                    .isEqualTo(4);
        }

        Recovered recovered = done(recovery().recoverAllBut(current));

        assertThat(recovered).isEqualTo(new Recovered(1, 5, List.of(), List.of(), List.of()));
        expectBookedOnce(10);
        assertThat(journalFiles()).isEmpty();
    }

    // ---- copied directories ----

    @Test
    void aCopiedJournalIsLeftAloneWhileItsWriterIsOpen() {
        WriterId writer = copiedRun(10, 100);
        earlierRun(5, 100);

        Recovered recovered = done(recovery().recoverAllBut(current));

        assertThat(recovered).isEqualTo(new Recovered(1, 5, List.of(), List.of(), List.of()));
        assertThat(balances.leased(BALANCE)).isEqualTo(Quota.of(100));
        assertThat(done(balances.resync(writer, Set.of())).state()).isEqualTo(QuotaAuthority.WriterState.OPEN);
        assertThat(journalFiles()).containsExactlyInAnyOrderElementsOf(SegmentName.filesOf(directory, writer));
        assertThat(done(new CopiedJournals(owned, authority).inUse())).containsExactly(writer);
    }

    @Test
    void aCopiedJournalIsBookedOnceItsWriterWasClosedByOthers() {
        WriterId writer = copiedRun(10, 100);
        done(recovery().recoverAllBut(current));
        done(balances.beginClose(writer));
        done(balances.finishClose(writer));

        Recovered recovered = done(recovery().recoverAllBut(current));

        assertThat(recovered).isEqualTo(new Recovered(1, 10, List.of(), List.of(), List.of()));
        expectBookedOnce(10);
        assertThat(journalFiles()).isEmpty();
        assertThat(done(new CopiedJournals(owned, authority).inUse())).isEmpty();
    }

    @Test
    void aCopyOfWhatItsWriterBooksItselfIsBookedOnce() {
        WriterId writer = copiedRun(10, 100);
        UsageJournal.Page page = owned.openLeft(writer).read(0, 10);
        done(balances.exchange(
                new Exchange(writer, 0, page.entries(), page.positions(), Map.of(), List.of(), Set.of(BALANCE))));
        done(balances.beginClose(writer));
        done(balances.finishClose(writer));

        assertThat(done(recovery().recoverAllBut(current)).entries()).isZero();
        expectBookedOnce(10);
    }

    @Test
    void aCopiedJournalOfAnUnknownWriterIsForeign() {
        WriterId stranger = WriterId.random(new SecureRandom());
        EarlierRun.journal(directory, stranger).close();

        assertThat(done(recovery().recoverAllBut(current)).foreign()).containsExactly(stranger);
    }

    @Test
    void aCopyWhoseWriterCannotBeAskedForIsLeftAlone() {
        WriterId writer = copiedRun(10, 100);
        authority.next(Fault.NOT_APPLIED);

        Recovered recovered = done(recovery().recoverAllBut(current));

        assertThat(recovered).isEqualTo(new Recovered(0, 0, List.of(), List.of(), List.of()));
        assertThat(journalFiles()).containsExactlyInAnyOrderElementsOf(SegmentName.filesOf(directory, writer));
    }

    @Test
    void aDirectoryThatIsOpenedAgainIsAtTheSamePlaceAndACopyIsNot() throws IOException {
        String place = owned.place();
        owned.close();
        owned = JournalDirectory.open(directory);
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Files.copy(directory.resolve("lock"), copy.resolve("lock"));

        assertThat(owned.place()).isEqualTo(place);
        try (JournalDirectory copied = JournalDirectory.open(copy)) {
            assertThat(copied.place()).isNotEqualTo(place);
        }
    }

    private WriterId copiedRun(int entries, long leased) {
        WriterId writer = leased(balances, leased);
        FileJournal journal = EarlierRun.journal(directory, writer);
        fill(journal, entries);
        return writer;
    }

    @Test
    void aJournalThatCannotBeRecoveredDoesNotKeepTheOthersFromIt() throws IOException {
        WriterId newer = earlierRun(1, 0);
        Path file = SegmentName.file(directory, newer, 0);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        bytes.putInt(4, 99);
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(0, 48));
        bytes.putInt(48, (int) crc.getValue());
        Files.write(file, bytes.array());
        earlierRun(10, 100);

        assertThatThrownBy(() -> done(recovery().recoverAllBut(current)))
                .isInstanceOf(JournalFailure.class)
                .hasMessageContaining("newer version");

        assertThat(balances.charged(BALANCE)).isEqualTo(Quota.of(10));
        assertThat(file).exists();
    }

    @Test
    void anAuthorityThatBooksNothingDoesNotKeepRecoveryBusyForEver() {
        earlierRun(10, 100);
        QuotaAuthority lazy = new ShakyAuthority(balances) {
            @Override
            public CompletionStage<Answer> exchange(Exchange exchange) {
                return super.exchange(new Exchange(
                        exchange.writer(), exchange.from(), List.of(), List.of(), Map.of(), List.of(), Set.of()));
            }
        };

        assertThatThrownBy(() -> done(new JournalRecovery(owned, lazy).recoverAllBut(current)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(journalFiles()).isNotEmpty();
    }

    private JournalRecovery recovery() {
        return new JournalRecovery(owned, authority);
    }

    private WriterId earlierRun(int entries, long leased) {
        return leave(balances, entries, leased);
    }

    /** A writer with a lease and a journal of charges of one unit each, whose process is gone. */
    private WriterId leave(InMemoryQuotaAuthority books, int entries, long leased) {
        WriterId writer = leased(books, leased);
        leaveJournal(writer, entries);
        return writer;
    }

    private static WriterId leased(InMemoryQuotaAuthority books, long leased) {
        WriterId writer = WriterId.random(new SecureRandom());
        done(books.register(writer));
        GrantRequest request = new GrantRequest(new Shortfall(BALANCE, leased, 0, true), Optional.empty());
        done(books.exchange(
                new Exchange(writer, 0, List.of(), List.of(), Map.of(), List.of(request), Set.of(BALANCE))));
        return writer;
    }

    private void leaveJournal(WriterId writer, int entries) {
        fill(EarlierRun.journal(directory, writer, owned.place()), entries);
    }

    private static void fill(FileJournal journal, int entries) {
        for (int i = 0; i < entries; i++) {
            journal.append(new JournalEntry(Payer.user(1), Settlement.of("call-" + i, Quota.of(1))));
        }
        journal.close();
    }

    private void expectBookedOnce(long entries) {
        assertThat(balances.charged(BALANCE)).isEqualTo(Quota.of(entries));
        assertThat(balances.leased(BALANCE)).isEqualTo(Quota.ZERO);
        assertThat(balances.balance(BALANCE)).isEqualTo(new QuotaBalance(10_000 - entries));
    }

    private List<Path> journalFiles() {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(SegmentName::matches).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T done(CompletionStage<T> stage) {
        return QuotaAuthorityContract.done(stage);
    }
}

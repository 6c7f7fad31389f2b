package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.quota.QuotaAuthority.Answer;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.GrantRequest;
import io.newapi.core.quota.QuotaAuthority.Shortfall;
import io.newapi.core.quota.QuotaAuthority.Verdict;
import io.newapi.core.quota.QuotaAuthority.View;
import io.newapi.core.quota.QuotaAuthority.WriterState;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link QuotaAuthority} must do. A subclass provides a fresh authority for each test, with no accounts and
 * no writers, and says how its accounts are made and read.
 */
public abstract class QuotaAuthorityContract {

    private static final long USER = 1;
    private static final long OTHER_USER = 2;
    private static final long TOKEN = 11;
    private static final long OTHER_TOKEN = 12;
    private static final long UNLIMITED_TOKEN = 13;
    private static final long UNKNOWN = 99;
    private static final boolean TIGHT = true;

    private static final Account USER_ACCOUNT = Account.user(USER);
    private static final Account TOKEN_ACCOUNT = Account.token(TOKEN);

    /** The authority of the running test; the same one at every call. */
    protected abstract QuotaAuthority authority();

    /** Makes an enabled user with this balance. */
    protected abstract void createUser(long userId, long balanceUnits);

    /** Makes an enabled token of that user, with a limit. */
    protected abstract void createLimitedToken(long tokenId, long userId, long balanceUnits);

    /** Makes an enabled token of that user, without a limit; its balance begins at 0. */
    protected abstract void createUnlimitedToken(long tokenId, long userId);

    /** Adds to a balance, outside of any exchange. */
    protected abstract void credit(Account account, long units);

    /** Disables the user or the token. */
    protected abstract void disable(Account account);

    /** What is left of an account, in units, with what is leased of it; may be negative. */
    protected abstract long balance(Account account);

    /** What was booked as spent on an account, in units. */
    protected abstract long charged(Account account);

    // ---- registration ----

    @Test
    void aNewWriterIsOpenAtTheStartAndHoldsNothing() {
        createUser(USER, 100);
        Script writer = writer();

        View view = done(authority().resync(writer.id, Set.of(USER_ACCOUNT)));

        assertThat(view.state()).isEqualTo(WriterState.OPEN);
        assertThat(view.appliedPosition()).isZero();
        assertThat(view.heldOf(USER_ACCOUNT)).isZero();
    }

    @Test
    void aWriterThatIsKnownIsNotRegisteredAgain() {
        Script writer = writer();

        assertThatThrownBy(() -> done(authority().register(writer.id))).isInstanceOf(RuntimeException.class);
        assertThat(done(authority().resync(writer.id, Set.of())).state()).isEqualTo(WriterState.OPEN);
    }

    @Test
    void aMissingWriterIsToldSoAndNothingOfItIsBooked() {
        createUser(USER, 100);
        Script stranger = new Script(WriterId.random(new SecureRandom()));
        stranger.charge(Payer.user(USER), 5);

        Answer answer = stranger.exchange();

        assertThat(answer.view().state()).isEqualTo(WriterState.MISSING);
        assertThat(answer.verdicts()).isEmpty();
        assertThat(done(authority().resync(stranger.id, Set.of(USER_ACCOUNT))).state())
                .isEqualTo(WriterState.MISSING);
        assertThat(done(authority().beginClose(stranger.id)).state()).isEqualTo(WriterState.MISSING);
        assertThat(charged(USER_ACCOUNT)).isZero();
        assertThat(balance(USER_ACCOUNT)).isEqualTo(100);
    }

    @Test
    void closingAMissingWriterDoesNotMakeItKnown() {
        WriterId stranger = WriterId.random(new SecureRandom());

        done(authority().beginClose(stranger));
        done(authority().finishClose(stranger));

        assertThat(done(authority().resync(stranger, Set.of())).state()).isEqualTo(WriterState.MISSING);
    }

    // ---- booking ----

    @Test
    void aSettlementIsBookedOnTheUserAndOnTheLimitedToken() {
        createUser(USER, 100);
        createLimitedToken(TOKEN, USER, 50);
        Script writer = writer();
        writer.charge(Payer.limitedToken(USER, TOKEN), 7);

        Answer answer = writer.exchange();

        assertThat(answer.view().appliedPosition()).isEqualTo(writer.end());
        assertThat(balance(USER_ACCOUNT)).isEqualTo(93);
        assertThat(charged(USER_ACCOUNT)).isEqualTo(7);
        assertThat(balance(TOKEN_ACCOUNT)).isEqualTo(43);
        assertThat(charged(TOKEN_ACCOUNT)).isEqualTo(7);
    }

    @Test
    void aRepeatedExchangeBooksNothingTwice() {
        createUser(USER, 100);
        Script writer = writer();
        writer.charge(Payer.user(USER), 7);
        writer.charge(Payer.user(USER), 3);

        writer.exchange();
        Answer again = writer.exchange();

        assertThat(again.view().appliedPosition()).isEqualTo(writer.end());
        assertThat(charged(USER_ACCOUNT)).isEqualTo(10);
        assertThat(balance(USER_ACCOUNT)).isEqualTo(90);
    }

    @Test
    void ofAPageThatIsPartlyBookedOnlyTheRestIsBooked() {
        createUser(USER, 100);
        Script writer = writer();
        writer.charge(Payer.user(USER), 1);
        writer.charge(Payer.user(USER), 10);
        writer.exchange();
        writer.charge(Payer.user(USER), 20);
        writer.charge(Payer.user(USER), 30);

        writer.exchange();

        assertThat(charged(USER_ACCOUNT)).isEqualTo(61);
        assertThat(balance(USER_ACCOUNT)).isEqualTo(39);
    }

    @Test
    void aShorterPageThanWasBookedMovesNoPositionBack() {
        createUser(USER, 100);
        Script writer = writer();
        writer.charge(Payer.user(USER), 1);
        writer.charge(Payer.user(USER), 2);
        writer.exchange();

        Answer answer = writer.exchangeOf(1, Map.of(), List.of());

        assertThat(answer.view().appliedPosition()).isEqualTo(writer.end());
        assertThat(charged(USER_ACCOUNT)).isEqualTo(3);
    }

    @Test
    void writersAreBookedIndependentlyOfEachOther() {
        createUser(USER, 100);
        Script one = writer();
        Script two = writer();
        one.charge(Payer.user(USER), 1);
        two.charge(Payer.user(USER), 2);

        one.exchange();
        two.exchange();
        one.exchange();

        assertThat(charged(USER_ACCOUNT)).isEqualTo(3);
    }

    @Test
    void resyncSaysWhatIsBookedAndHeld() {
        createUser(USER, 100);
        createUser(OTHER_USER, 100);
        Script writer = writer();
        writer.charge(Payer.user(USER), 4);
        writer.exchange(userNeeds(USER, 30, TIGHT));

        View view = done(authority().resync(writer.id, Set.of(USER_ACCOUNT, Account.user(OTHER_USER))));

        assertThat(view.state()).isEqualTo(WriterState.OPEN);
        assertThat(view.appliedPosition()).isEqualTo(writer.end());
        assertThat(view.heldOf(USER_ACCOUNT)).isEqualTo(30);
        assertThat(view.heldOf(Account.user(OTHER_USER))).isZero();
    }

    @Test
    void aChargeTakesFromTheLeaseFirst() {
        createUser(USER, 100);
        Script writer = writer();
        writer.exchange(userNeeds(USER, 30, TIGHT));
        writer.charge(Payer.user(USER), 12);

        Answer answer = writer.exchange();

        assertThat(answer.view().heldOf(USER_ACCOUNT)).isEqualTo(18);
        assertThat(balance(USER_ACCOUNT)).isEqualTo(88);
    }

    @Test
    void whatTheLeaseDoesNotCoverIsPaidByTheBalanceEvenBelowZero() {
        createUser(USER, 20);
        createLimitedToken(TOKEN, USER, 15);
        Script writer = writer();
        writer.exchange(bothNeed(10, 10));
        writer.charge(Payer.limitedToken(USER, TOKEN), 25);

        Answer answer = writer.exchange();

        assertThat(answer.view().heldOf(USER_ACCOUNT)).isZero();
        assertThat(answer.view().heldOf(TOKEN_ACCOUNT)).isZero();
        assertThat(balance(USER_ACCOUNT)).isEqualTo(-5);
        assertThat(balance(TOKEN_ACCOUNT)).isEqualTo(-10);
        assertThat(charged(USER_ACCOUNT)).isEqualTo(25);
    }

    @Test
    void anUnlimitedTokenIsCountedStraightOnItsBalance() {
        createUser(USER, 100);
        createUnlimitedToken(UNLIMITED_TOKEN, USER);
        Script writer = writer();
        writer.exchange(userNeeds(USER, 50, TIGHT));
        writer.charge(Payer.unlimitedToken(USER, UNLIMITED_TOKEN), 8);

        Answer answer = writer.exchange();

        assertThat(answer.view().heldOf(USER_ACCOUNT)).isEqualTo(42);
        assertThat(balance(USER_ACCOUNT)).isEqualTo(92);
        assertThat(balance(Account.token(UNLIMITED_TOKEN))).isEqualTo(-8);
        assertThat(charged(Account.token(UNLIMITED_TOKEN))).isEqualTo(8);
    }

    @Test
    void howAnEntryWasReservedDecidesNotWhatTheTokenIsNow() {
        createUser(USER, 100);
        createLimitedToken(TOKEN, USER, 50);
        Script writer = writer();
        writer.exchange(bothNeed(20, 20));
        writer.charge(Payer.unlimitedToken(USER, TOKEN), 8);

        Answer answer = writer.exchange();

        assertThat(answer.view().heldOf(TOKEN_ACCOUNT))
                .as("an entry of an unlimited token takes nothing from a lease")
                .isEqualTo(20);
        assertThat(balance(TOKEN_ACCOUNT)).isEqualTo(42);
    }

    @Test
    void aChargeOfNothingMovesOnlyThePosition() {
        createUser(USER, 100);
        Script writer = writer();
        writer.charge(Payer.user(USER), 0);

        Answer answer = writer.exchange();

        assertThat(answer.view().appliedPosition()).isEqualTo(writer.end());
        assertThat(balance(USER_ACCOUNT)).isEqualTo(100);
    }

    @Test
    void disabledAccountsAreStillCharged() {
        createUser(USER, 100);
        createLimitedToken(TOKEN, USER, 50);
        Script writer = writer();
        writer.exchange(bothNeed(20, 20));
        disable(USER_ACCOUNT);
        disable(TOKEN_ACCOUNT);
        writer.charge(Payer.limitedToken(USER, TOKEN), 5);

        Answer answer = writer.exchangeReturning(Map.of(USER_ACCOUNT, 15L, TOKEN_ACCOUNT, 15L));

        assertThat(answer.view().heldOf(USER_ACCOUNT)).isZero();
        assertThat(answer.view().heldOf(TOKEN_ACCOUNT)).isZero();
        assertThat(balance(USER_ACCOUNT)).isEqualTo(95);
        assertThat(balance(TOKEN_ACCOUNT)).isEqualTo(45);
    }

    @Test
    void aChargeOfAnAccountThatIsGoneDoesNotHoldUpTheOthers() {
        createUser(USER, 100);
        Script writer = writer();
        writer.charge(Payer.user(UNKNOWN), 5);
        writer.charge(Payer.limitedToken(USER, UNKNOWN), 6);
        writer.charge(Payer.user(USER), 7);

        Answer answer = writer.exchange();

        assertThat(answer.view().appliedPosition()).isEqualTo(writer.end());
        assertThat(charged(USER_ACCOUNT)).isEqualTo(13);
        assertThat(balance(USER_ACCOUNT)).isEqualTo(87);
    }

    // ---- grants ----

    @Test
    void aGrantIsHeldAndTheTotalStaysTheSame() {
        createUser(USER, 100);
        Script writer = writer();

        Answer answer = writer.exchange(userNeeds(USER, 30, TIGHT));

        assertThat(answer.verdicts()).containsExactly(new Verdict.Granted());
        assertThat(answer.view().heldOf(USER_ACCOUNT)).isEqualTo(30);
        assertThat(balance(USER_ACCOUNT)).isEqualTo(100);
    }

    @Test
    void allThatIsThereCanBeGranted() {
        createUser(USER, 30);
        Script writer = writer();

        Answer answer = writer.exchange(userNeeds(USER, 30, false));

        assertThat(answer.verdicts()).containsExactly(new Verdict.Granted());
        assertThat(answer.view().heldOf(USER_ACCOUNT)).isEqualTo(30);
    }

    @Test
    void aTightShortfallIsGrantedToTheUnit() {
        assertThat(sliceOf(1_000, 1, 10, 500, TIGHT)).isEqualTo(10);
    }

    @Test
    void aSliceIsFourTimesTheShortfall() {
        assertThat(sliceOf(1_000, 1, 10, 0, false)).isEqualTo(40);
    }

    @Test
    void aSliceIsWhatWasSpentLatelyWhenThatIsMore() {
        assertThat(sliceOf(1_000, 1, 10, 300, false)).isEqualTo(300);
    }

    @Test
    void aSliceIsAtMostHalfOfAFairShare() {
        assertThat(sliceOf(1_000, 1, 10, 9_000, false)).isEqualTo(500);
    }

    @Test
    void theShareIsSmallerWhenMoreWritersAreOpen() {
        assertThat(sliceOf(1_000, 4, 10, 9_000, false)).isEqualTo(125);
    }

    @Test
    void aSliceIsNeverLessThanTheShortfall() {
        assertThat(sliceOf(50, 1, 30, 0, false)).isEqualTo(30);
    }

    @Test
    void closedWritersDoNotShare() {
        Script closed = writer();
        done(authority().beginClose(closed.id));
        done(authority().finishClose(closed.id));

        assertThat(sliceOf(1_000, 1, 10, 9_000, false)).isEqualTo(500);
    }

    @Test
    void aShortfallAboveTheBalanceIsRefused() {
        createUser(USER, 29);
        Script writer = writer();

        Answer answer = writer.exchange(userNeeds(USER, 30, TIGHT));

        assertThat(answer.verdicts()).containsExactly(insufficient(USER_ACCOUNT, 29));
        assertThat(answer.view().heldOf(USER_ACCOUNT)).isZero();
    }

    @Test
    void theLargestShortfallIsRefusedLikeAnyOther() {
        createUser(USER, 100);
        Script writer = writer();

        Answer answer = writer.exchange(userNeeds(USER, Long.MAX_VALUE, false));

        assertThat(answer.verdicts()).containsExactly(insufficient(USER_ACCOUNT, 100));
    }

    @Test
    void aRefusalSaysWhatOthersHoldButNotWhatTheWriterItselfHolds() {
        createUser(USER, 100);
        Script holder = writer();
        Script second = writer();
        holder.exchange(userNeeds(USER, 60, TIGHT));
        second.exchange(userNeeds(USER, 40, TIGHT));

        Answer refused = second.exchange(userNeeds(USER, 1, TIGHT));

        assertThat(refused.verdicts()).containsExactly(new Verdict.Insufficient(USER_ACCOUNT, 0, 60, false));
    }

    @Test
    void userAndTokenAreGrantedTogether() {
        createUser(USER, 100);
        createLimitedToken(TOKEN, USER, 50);
        Script writer = writer();

        Answer answer = writer.exchange(bothNeed(30, 20));

        assertThat(answer.verdicts()).containsExactly(new Verdict.Granted());
        assertThat(answer.view().heldOf(USER_ACCOUNT)).isEqualTo(30);
        assertThat(answer.view().heldOf(TOKEN_ACCOUNT)).isEqualTo(20);
    }

    @Test
    void whenTheTokenFallsShortTheUserIsNotGrantedEither() {
        createUser(USER, 100);
        createLimitedToken(TOKEN, USER, 19);
        Script writer = writer();

        Answer answer = writer.exchange(bothNeed(30, 20));

        assertThat(answer.verdicts()).containsExactly(insufficient(TOKEN_ACCOUNT, 19));
        assertThat(answer.view().heldOf(USER_ACCOUNT)).isZero();
        assertThat(answer.view().heldOf(TOKEN_ACCOUNT)).isZero();
        assertThat(balance(USER_ACCOUNT)).isEqualTo(100);
    }

    @Test
    void whenTheUserFallsShortTheTokenIsNotGrantedEither() {
        createUser(USER, 29);
        createLimitedToken(TOKEN, USER, 50);
        Script writer = writer();

        Answer answer = writer.exchange(bothNeed(30, 20));

        assertThat(answer.verdicts()).containsExactly(insufficient(USER_ACCOUNT, 29));
        assertThat(answer.view().heldOf(TOKEN_ACCOUNT)).isZero();
    }

    @Test
    void aShortfallOfZeroSetsNoConditionWhateverTheBalance() {
        createUser(USER, 10);
        createLimitedToken(TOKEN, USER, 50);
        Script writer = writer();
        writer.charge(Payer.user(USER), 30);
        writer.exchange();

        Answer answer = writer.exchange(bothNeed(0, 20));

        assertThat(balance(USER_ACCOUNT)).isNegative();
        assertThat(answer.verdicts()).containsExactly(new Verdict.Granted());
        assertThat(answer.view().heldOf(USER_ACCOUNT)).isZero();
        assertThat(answer.view().heldOf(TOKEN_ACCOUNT)).isEqualTo(20);
    }

    @Test
    void requestsAreServedInTheirOrder() {
        createUser(USER, 10);
        Script writer = writer();

        Answer answer =
                writer.exchange(userNeeds(USER, 6, TIGHT), userNeeds(USER, 5, TIGHT), userNeeds(USER, 4, TIGHT));

        assertThat(answer.verdicts())
                .containsExactly(new Verdict.Granted(), insufficient(USER_ACCOUNT, 4), new Verdict.Granted());
        assertThat(answer.view().heldOf(USER_ACCOUNT)).isEqualTo(10);
    }

    @Test
    void whatIsReturnedCanBeGrantedInTheSameExchange() {
        createUser(USER, 10);
        createUser(OTHER_USER, 10);
        Script writer = writer();
        writer.exchange(userNeeds(USER, 10, TIGHT));
        writer.charge(Payer.user(USER), 4);

        Answer answer = writer.exchangeOf(1, Map.of(USER_ACCOUNT, 6L), List.of(userNeeds(USER, 5, TIGHT)));

        assertThat(answer.verdicts()).containsExactly(new Verdict.Granted());
        assertThat(answer.view().heldOf(USER_ACCOUNT)).isEqualTo(5);
        assertThat(balance(USER_ACCOUNT)).isEqualTo(6);
    }

    @Test
    void aDisabledUserIsClosed() {
        createUser(USER, 100);
        createLimitedToken(TOKEN, USER, 50);
        disable(USER_ACCOUNT);
        Script writer = writer();

        Answer answer = writer.exchange(bothNeed(1, 1));

        assertThat(answer.verdicts()).containsExactly(new Verdict.Closed(USER_ACCOUNT));
        assertThat(answer.view().heldOf(TOKEN_ACCOUNT)).isZero();
    }

    @Test
    void aDisabledTokenIsClosedAndItsUserIsNotGranted() {
        createUser(USER, 100);
        createLimitedToken(TOKEN, USER, 50);
        disable(TOKEN_ACCOUNT);
        Script writer = writer();

        Answer answer = writer.exchange(bothNeed(1, 1));

        assertThat(answer.verdicts()).containsExactly(new Verdict.Closed(TOKEN_ACCOUNT));
        assertThat(answer.view().heldOf(USER_ACCOUNT)).isZero();
    }

    @Test
    void anAccountThatDoesNotExistIsClosed() {
        Script writer = writer();

        Answer answer = writer.exchange(userNeeds(UNKNOWN, 1, TIGHT));

        assertThat(answer.verdicts()).containsExactly(new Verdict.Closed(Account.user(UNKNOWN)));
    }

    // ---- returns ----

    @Test
    void whatIsReturnedCanBeTakenByAnother() {
        createUser(USER, 10);
        Script one = writer();
        Script two = writer();
        one.exchange(userNeeds(USER, 10, TIGHT));

        Answer returned = one.exchangeReturning(Map.of(USER_ACCOUNT, 7L));
        Answer taken = two.exchange(userNeeds(USER, 7, TIGHT));

        assertThat(returned.view().heldOf(USER_ACCOUNT)).isEqualTo(3);
        assertThat(taken.verdicts()).containsExactly(new Verdict.Granted());
        assertThat(balance(USER_ACCOUNT)).isEqualTo(10);
    }

    @Test
    void noMoreIsReturnedThanIsHeld() {
        createUser(USER, 100);
        Script writer = writer();
        writer.exchange(userNeeds(USER, 10, TIGHT));

        Answer answer = writer.exchangeReturning(Map.of(USER_ACCOUNT, 15L));

        assertThat(answer.view().heldOf(USER_ACCOUNT)).isZero();
        assertThat(balance(USER_ACCOUNT)).isEqualTo(100);
    }

    @Test
    void chargesAreTakenFromTheLeaseBeforeItIsReturned() {
        createUser(USER, 100);
        Script writer = writer();
        writer.exchange(userNeeds(USER, 10, TIGHT));
        writer.charge(Payer.user(USER), 8);

        Answer answer = writer.exchangeReturning(Map.of(USER_ACCOUNT, 5L));

        assertThat(answer.view().heldOf(USER_ACCOUNT)).isZero();
        assertThat(balance(USER_ACCOUNT)).isEqualTo(92);
    }

    @Test
    void aReturnOfWhatIsNotHeldCreditsNothing() {
        createUser(USER, 100);
        Script writer = writer();

        writer.exchangeReturning(Map.of(USER_ACCOUNT, 5L));

        assertThat(balance(USER_ACCOUNT)).isEqualTo(100);
        assertThat(writer.exchange(userNeeds(USER, 101, TIGHT)).verdicts())
                .containsExactly(insufficient(USER_ACCOUNT, 100));
    }

    // ---- recalls ----

    @Test
    void aRecallIsToldToEveryHolderButNotToWhoAsks() {
        createUser(USER, 100);
        Script asking = writer();
        Script first = writer();
        Script second = writer();
        for (Script writer : List.of(asking, first, second)) {
            writer.exchange(userNeeds(USER, 10, TIGHT));
        }

        done(authority().recall(asking.id, Set.of(USER_ACCOUNT)));

        assertThat(first.exchange().recalled()).containsExactly(USER_ACCOUNT);
        assertThat(second.exchange().recalled()).containsExactly(USER_ACCOUNT);
        assertThat(asking.exchange().recalled()).isEmpty();
    }

    @Test
    void whoIsShortSeesThatARecallIsPendingUntilItIsAnswered() {
        createUser(USER, 100);
        Script asking = writer();
        Script holder = writer();
        holder.exchange(userNeeds(USER, 100, TIGHT));
        done(authority().recall(asking.id, Set.of(USER_ACCOUNT)));

        assertThat(asking.exchange(userNeeds(USER, 30, TIGHT)).verdicts())
                .containsExactly(new Verdict.Insufficient(USER_ACCOUNT, 0, 100, true));

        // nothing is idle there, and that is an answer too
        assertThat(holder.exchangeReturning(Map.of(USER_ACCOUNT, 0L)).recalled())
                .isEmpty();
        assertThat(asking.exchange(userNeeds(USER, 30, TIGHT)).verdicts())
                .containsExactly(new Verdict.Insufficient(USER_ACCOUNT, 0, 100, false));
    }

    @Test
    void whatAHolderReturnsIsGrantedToWhoAsked() {
        createUser(USER, 100);
        Script asking = writer();
        Script holder = writer();
        holder.exchange(userNeeds(USER, 100, TIGHT));
        done(authority().recall(asking.id, Set.of(USER_ACCOUNT)));
        holder.exchange();

        assertThat(holder.exchangeReturning(Map.of(USER_ACCOUNT, 40L)).recalled())
                .isEmpty();

        assertThat(asking.exchange(userNeeds(USER, 40, TIGHT)).verdicts()).containsExactly(new Verdict.Granted());
    }

    @Test
    void aRecallOfWhatNobodyHoldsIsToldToNobody() {
        createUser(USER, 100);
        Script asking = writer();
        Script other = writer();

        done(authority().recall(asking.id, Set.of(USER_ACCOUNT)));
        other.exchange(userNeeds(USER, 10, TIGHT));

        assertThat(other.exchange().recalled()).isEmpty();
    }

    @Test
    void aRecallEndsWithTheLeaseThatItIsAbout() {
        createUser(USER, 100);
        Script asking = writer();
        Script holder = writer();
        holder.exchange(userNeeds(USER, 100, TIGHT));
        done(authority().recall(asking.id, Set.of(USER_ACCOUNT)));

        done(authority().beginClose(holder.id));
        done(authority().finishClose(holder.id));

        assertThat(asking.exchange(userNeeds(USER, 101, TIGHT)).verdicts())
                .containsExactly(insufficient(USER_ACCOUNT, 100));
    }

    // ---- the end of a writer ----

    @Test
    void aClosingWriterBooksLateChargesButIsGrantedNothing() {
        createUser(USER, 100);
        Script writer = writer();
        writer.exchange(userNeeds(USER, 10, TIGHT));
        View closing = done(authority().beginClose(writer.id));
        writer.charge(Payer.user(USER), 4);

        Answer answer = writer.exchangeOf(1, Map.of(USER_ACCOUNT, 3L), List.of(userNeeds(USER, 20, TIGHT)));

        assertThat(closing.state()).isEqualTo(WriterState.CLOSING);
        assertThat(answer.view().state()).isEqualTo(WriterState.CLOSING);
        assertThat(answer.view().appliedPosition()).isEqualTo(writer.end());
        assertThat(answer.verdicts()).isEmpty();
        assertThat(answer.view().heldOf(USER_ACCOUNT))
                .as("only the charge was taken; the return is finishClose's business")
                .isEqualTo(6);
        assertThat(balance(USER_ACCOUNT)).isEqualTo(96);
    }

    @Test
    void beginCloseSaysWhereBookingStands() {
        createUser(USER, 100);
        Script writer = writer();
        writer.charge(Payer.user(USER), 4);
        writer.exchange();

        assertThat(done(authority().beginClose(writer.id)).appliedPosition()).isEqualTo(writer.end());
        assertThat(done(authority().beginClose(writer.id)).state()).isEqualTo(WriterState.CLOSING);
    }

    @Test
    void aClosedWriterHoldsNothingAndItsQuotaIsFree() {
        createUser(USER, 100);
        createLimitedToken(TOKEN, USER, 50);
        Script writer = writer();
        writer.exchange(bothNeed(100, 50));

        done(authority().beginClose(writer.id));
        done(authority().finishClose(writer.id));

        View view = done(authority().resync(writer.id, Set.of(USER_ACCOUNT, TOKEN_ACCOUNT)));
        assertThat(view.state()).isEqualTo(WriterState.CLOSED);
        assertThat(view.heldOf(USER_ACCOUNT)).isZero();
        assertThat(view.heldOf(TOKEN_ACCOUNT)).isZero();
        assertThat(balance(USER_ACCOUNT)).isEqualTo(100);
        assertThat(writer().exchange(bothNeed(100, 50)).verdicts()).containsExactly(new Verdict.Granted());
    }

    @Test
    void closingTwiceGivesBackOnce() {
        createUser(USER, 100);
        Script writer = writer();
        writer.exchange(userNeeds(USER, 60, TIGHT));

        for (int i = 0; i < 2; i++) {
            done(authority().beginClose(writer.id));
            done(authority().finishClose(writer.id));
        }

        assertThat(done(authority().beginClose(writer.id)).state()).isEqualTo(WriterState.CLOSED);
        assertThat(balance(USER_ACCOUNT)).isEqualTo(100);
        assertThat(writer().exchange(userNeeds(USER, 101, TIGHT)).verdicts())
                .containsExactly(insufficient(USER_ACCOUNT, 100));
    }

    @Test
    void aClosedWriterBooksLateChargesStraightOnTheBalanceAndOnce() {
        createUser(USER, 100);
        Script writer = writer();
        writer.exchange(userNeeds(USER, 60, TIGHT));
        done(authority().beginClose(writer.id));
        done(authority().finishClose(writer.id));
        writer.charge(Payer.user(USER), 25);

        writer.exchange();
        Answer again = writer.exchange(userNeeds(USER, 1, TIGHT));

        assertThat(again.view().state()).isEqualTo(WriterState.CLOSED);
        assertThat(again.verdicts()).isEmpty();
        assertThat(again.view().heldOf(USER_ACCOUNT)).isZero();
        assertThat(charged(USER_ACCOUNT)).isEqualTo(25);
        assertThat(balance(USER_ACCOUNT)).isEqualTo(75);
    }

    @Test
    void manyLeasesAreGivenBackAtTheEnd() {
        int users = 450;
        Script writer = writer();
        for (int user = 1; user <= users; user++) {
            createUser(user, 10);
            writer.exchange(userNeeds(user, 10, TIGHT));
        }

        done(authority().beginClose(writer.id));
        done(authority().finishClose(writer.id));

        Script next = writer();
        for (int user = 1; user <= users; user++) {
            assertThat(next.exchange(userNeeds(user, 10, TIGHT)).verdicts()).containsExactly(new Verdict.Granted());
        }
    }

    // ---- conservation ----

    /** Opening balance and credits are always what is left, leased, and charged; whatever the writers do. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noUnitIsLostOrMadeByAnySequenceOfExchanges(long seed) {
        new RandomBooks(seed).run(150);
    }

    private final class RandomBooks {
        private final Random random;
        private final Map<Account, Long> put = new HashMap<>();
        private final Map<Account, Long> spent = new HashMap<>();
        private final List<Script> writers = new ArrayList<>();
        private final List<Payer> payers = List.of(
                Payer.user(USER),
                Payer.limitedToken(USER, TOKEN),
                Payer.unlimitedToken(USER, UNLIMITED_TOKEN),
                Payer.user(OTHER_USER),
                Payer.limitedToken(OTHER_USER, OTHER_TOKEN));

        RandomBooks(long seed) {
            random = new Random(seed);
        }

        void run(int steps) {
            createUser(USER, 200);
            createUser(OTHER_USER, 60);
            createLimitedToken(TOKEN, USER, 80);
            createLimitedToken(OTHER_TOKEN, OTHER_USER, 90);
            createUnlimitedToken(UNLIMITED_TOKEN, USER);
            put.put(USER_ACCOUNT, 200L);
            put.put(Account.user(OTHER_USER), 60L);
            put.put(TOKEN_ACCOUNT, 80L);
            put.put(Account.token(OTHER_TOKEN), 90L);
            put.put(Account.token(UNLIMITED_TOKEN), 0L);
            writers.add(writer());
            writers.add(writer());
            for (int step = 0; step < steps; step++) {
                step();
                check(step);
            }
            for (Script writer : writers) {
                writer.exchange();
                done(authority().beginClose(writer.id));
                done(authority().finishClose(writer.id));
                assertThat(done(authority().resync(writer.id, put.keySet()))
                                .held()
                                .values())
                        .allMatch(units -> units == 0);
            }
            check(steps);
        }

        private void step() {
            Script writer = writers.get(random.nextInt(writers.size()));
            switch (random.nextInt(12)) {
                case 0 -> {
                    Account account = payers.get(random.nextInt(payers.size())).userAccount();
                    credit(account, 25);
                    put.merge(account, 25L, Long::sum);
                }
                case 1 -> done(authority().beginClose(writer.id));
                case 2 -> {
                    done(authority().beginClose(writer.id));
                    done(authority().finishClose(writer.id));
                    writers.add(writer());
                }
                case 3, 4, 5 -> {
                    Payer payer = payers.get(random.nextInt(payers.size()));
                    long units = random.nextInt(12);
                    writer.charge(payer, units);
                }
                default -> exchange(writer);
            }
        }

        private void exchange(Script writer) {
            View before = done(authority().resync(writer.id, put.keySet()));
            Map<Account, Long> returns = new HashMap<>();
            List<GrantRequest> requests = new ArrayList<>();
            for (Account account : put.keySet()) {
                if (random.nextInt(4) == 0) {
                    returns.put(account, 1L + random.nextInt(15));
                }
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                Payer payer = payers.get(random.nextInt(payers.size()));
                requests.add(new GrantRequest(
                        shortfall(payer.userAccount()), payer.limitAccount().map(this::shortfall)));
            }
            int limit = random.nextInt(4) == 0 ? 1 : Integer.MAX_VALUE;
            Answer answer = writer.exchangeOf(limit, returns, requests);
            assertThat(answer.verdicts()).hasSize(answer.view().state() == WriterState.OPEN ? requests.size() : 0);
            if (answer.view().state() != WriterState.OPEN) {
                put.keySet()
                        .forEach(account ->
                                assertThat(answer.view().heldOf(account)).isLessThanOrEqualTo(before.heldOf(account)));
            }
        }

        private Shortfall shortfall(Account account) {
            return new Shortfall(account, random.nextInt(30), random.nextInt(60), random.nextBoolean());
        }

        private void check(int step) {
            spent.clear();
            for (Script writer : writers) {
                View view = done(authority().resync(writer.id, put.keySet()));
                assertThat(view.held().values()).as("held after step %d", step).allMatch(units -> units >= 0);
                writer.forEachBookedBefore(view.appliedPosition(), entry -> {
                    spent.merge(entry.payer().userAccount(), entry.units(), Long::sum);
                    if (entry.payer().tokenId() != 0) {
                        spent.merge(Account.token(entry.payer().tokenId()), entry.units(), Long::sum);
                    }
                });
            }
            put.forEach((account, units) -> {
                assertThat(charged(account))
                        .as("charged to %s after step %d", account, step)
                        .isEqualTo(spent.getOrDefault(account, 0L));
                assertThat(balance(account) + charged(account))
                        .as("%s after step %d", account, step)
                        .isEqualTo(units);
            });
        }
    }

    // ---- writing the tests ----

    private long sliceOf(long balance, int openWriters, long units, long recentlySpent, boolean tight) {
        createUser(USER, balance);
        Script writer = writer();
        for (int i = 1; i < openWriters; i++) {
            writer();
        }
        Answer answer = writer.exchange(
                new GrantRequest(new Shortfall(USER_ACCOUNT, units, recentlySpent, tight), Optional.empty()));
        return answer.view().heldOf(USER_ACCOUNT);
    }

    /** Too little, and nobody else holds any. */
    private static Verdict insufficient(Account account, long balanceUnits) {
        return new Verdict.Insufficient(account, balanceUnits, 0, false);
    }

    private static GrantRequest userNeeds(long userId, long units, boolean tight) {
        return new GrantRequest(new Shortfall(Account.user(userId), units, 0, tight), Optional.empty());
    }

    private static GrantRequest bothNeed(long ofUser, long ofToken) {
        return new GrantRequest(
                new Shortfall(USER_ACCOUNT, ofUser, 0, TIGHT),
                Optional.of(new Shortfall(TOKEN_ACCOUNT, ofToken, 0, TIGHT)));
    }

    private Script writer() {
        WriterId id = WriterId.random(new SecureRandom());
        done(authority().register(id));
        return new Script(id);
    }

    /** The value of a stage, or its failure. */
    protected static <T> T done(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("the authority did not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** A writer with a journal that never forgets, so that every exchange offers all of it from the start. */
    private final class Script {
        private static final long RECORD_BYTES = 104;

        private final WriterId id;
        private final List<JournalEntry> entries = new ArrayList<>();

        Script(WriterId id) {
            this.id = id;
        }

        void charge(Payer payer, long units) {
            entries.add(new JournalEntry(payer, Settlement.of("call-" + entries.size(), Quota.of(units))));
        }

        long end() {
            return entries.size() * RECORD_BYTES;
        }

        void forEachBookedBefore(long position, Consumer<JournalEntry> action) {
            entries.subList(0, Math.toIntExact(position / RECORD_BYTES)).forEach(action);
        }

        Answer exchange(GrantRequest... requests) {
            return exchangeOf(Integer.MAX_VALUE, Map.of(), List.of(requests));
        }

        Answer exchangeReturning(Map<Account, Long> returns) {
            return exchangeOf(Integer.MAX_VALUE, returns, List.of());
        }

        Answer exchangeOf(int limit, Map<Account, Long> returns, List<GrantRequest> requests) {
            List<JournalEntry> page = entries.subList(0, Math.min(limit, entries.size()));
            List<Long> positions = new ArrayList<>();
            Set<Account> touched = new HashSet<>(returns.keySet());
            for (JournalEntry entry : page) {
                positions.add((positions.size() + 1) * RECORD_BYTES);
                touched.add(entry.payer().userAccount());
                entry.payer().limitAccount().ifPresent(touched::add);
            }
            for (GrantRequest request : requests) {
                touched.add(request.user().account());
                request.token().ifPresent(token -> touched.add(token.account()));
            }
            touched.add(USER_ACCOUNT);
            touched.add(TOKEN_ACCOUNT);
            return done(authority().exchange(new Exchange(id, 0, page, positions, returns, requests, touched)));
        }
    }
}

package io.newapi.core.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {

    private static final RetryPolicy TWICE = new RetryPolicy(2);

    @Test
    void everyStatusIsRetriedExceptSuccessAndFiveOthers() {
        assertThat(IntStream.rangeClosed(100, 599).filter(status -> !retries(TWICE, AttemptFailure.ofStatus(status))))
                .containsExactlyElementsOf(
                        IntStream.concat(IntStream.rangeClosed(200, 299), IntStream.of(400, 408, 422, 504, 524))
                                .boxed()
                                .toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 99, 600, 999})
    void aNumberThatIsNoStatusIsRetried(int status) {
        assertThat(retries(TWICE, AttemptFailure.ofStatus(status))).isTrue();
    }

    @Test
    void theRetriedStatusesCanBeChosenExceptThoseThatNeverAre() {
        RetryPolicy policy = new RetryPolicy(2, StatusRanges.parse("200-299,400,504,524"));

        assertThat(IntStream.rangeClosed(100, 599).filter(status -> retries(policy, AttemptFailure.ofStatus(status))))
                .containsExactly(400);
    }

    @Test
    void noMoreAttemptsFollowThanTheRetryTimes() {
        AttemptFailure failure = AttemptFailure.ofStatus(500);

        assertThat(IntStream.rangeClosed(1, 5).filter(failed -> TWICE.shouldRetry(failed, failure)))
                .containsExactly(1, 2);
        assertThat(new RetryPolicy(0).shouldRetry(1, failure)).isFalse();
    }

    @Test
    void theCapCountsFaultsOfChannelsToo() {
        assertThat(TWICE.shouldRetry(2, AttemptFailure.ofChannel())).isTrue();
        assertThat(TWICE.shouldRetry(3, AttemptFailure.ofChannel())).isFalse();
    }

    @Test
    void aFaultOfTheChannelOrTheNetworkIsRetried() {
        assertThat(retries(TWICE, AttemptFailure.ofChannel())).isTrue();
        assertThat(retries(TWICE, AttemptFailure.ofMisfit())).isTrue();
        assertThat(retries(TWICE, AttemptFailure.ofTransport(false))).isTrue();
        assertThat(retries(TWICE, AttemptFailure.ofTransport(true))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 422, 500})
    void theClientsOwnFaultIsNotTriedOnEveryChannel(int status) {
        assertThat(retries(TWICE, AttemptFailure.ofClient(status))).isFalse();
    }

    @Test
    void anAnswerThatCannotBeReadIsNotRetried() {
        assertThat(retries(TWICE, AttemptFailure.ofBadBody(200))).isFalse();
        assertThat(retries(TWICE, AttemptFailure.ofBadBody(500))).isFalse();
    }

    @Test
    void nothingIsRetriedOnceAByteWasSent() {
        assertThat(retries(TWICE, AttemptFailure.ofTransport(true).afterByteSent()))
                .isFalse();
        assertThat(retries(TWICE, AttemptFailure.ofStatus(500).afterByteSent())).isFalse();
        assertThat(retries(TWICE, AttemptFailure.ofChannel().afterByteSent())).isFalse();
    }

    @Test
    void aPinnedCallIsNeverRetried() {
        assertThat(retries(RetryPolicy.never(), AttemptFailure.ofStatus(429))).isFalse();
        assertThat(retries(RetryPolicy.never(), AttemptFailure.ofChannel())).isFalse();
    }

    @Test
    void workThatMustNotBeDoneTwiceIsRetriedOnlyWhenItCertainlyDidNotStart() {
        RetryPolicy once = TWICE.withoutRepeating();

        assertThat(retries(once, AttemptFailure.ofTransport(false))).isTrue();
        assertThat(retries(once, AttemptFailure.ofStatus(429))).isTrue();
        assertThat(retries(once, AttemptFailure.ofTransport(true))).isFalse();
    }

    @Test
    void numbersOutOfRangeAreMistakes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(-1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TWICE.shouldRetry(0, AttemptFailure.ofChannel()))
                .withMessageContaining("0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttemptFailure.ofStatus(-5))
                .withMessageContaining("-5");
    }

    private static boolean retries(RetryPolicy policy, AttemptFailure failure) {
        return policy.shouldRetry(1, failure);
    }
}

package io.newapi.core.channel;

import static io.newapi.core.channel.Channels.channel;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DisablePolicyTest {

    private static final List<String> KEYWORDS = List.of("Your credit balance is too low", "  ", "permission denied");
    private static final DisablePolicy ON = new DisablePolicy(true, StatusRanges.parse("401,450-459"), KEYWORDS);
    private static final DisablePolicy OFF = new DisablePolicy(false, ON.statuses(), ON.keywords());
    private static final Channel CHANNEL = channel(1).build();
    private static final Channel SPARED = channel(2).autoBan(false).build();

    private static FailureReport refused(int status, String type, String code, String message) {
        return new FailureReport(AttemptFailure.ofStatus(status), type, code, message);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "401, '', '', '', REFUSED",
                "450, '', '', '', REFUSED",
                "459, '', '', 'Your credit balance is too low', REFUSED",
                "460, '', '', '', -",
                "403, '', '', '', -",
                "403, '', '', 'PERMISSION DENIED for this project', KEYWORD",
                "429, '', '', 'Rate limit reached', -",
                "429, insufficient_quota, insufficient_quota, '', ACCOUNT",
                "429, '', '', 'your CREDIT balance is too low to go on', KEYWORD",
                "400, '', '', 'Your credit balance is too low', KEYWORD",
                "400, '', Arrearage, 'Access denied', ACCOUNT",
                "400, '', invalid_api_key, '', REFUSED",
                "401, '', account_deactivated, '', ACCOUNT",
                "403, insufficient_user_quota, '', '', REFUSED",
                "403, 'permission denied', '', '', ACCOUNT",
                "500, server_error, '', 'The server had an error', -",
                "500, '', '', '', -",
                "404, '', '', 'no such model', -"
            })
    void aFailureIsAGroundByItsStatusItsWordsOrAKeyword(
            int status, String type, String code, String message, DisableGround.Kind ground) {
        FailureReport report = refused(status, type, code, message);

        assertThat(ON.ground(CHANNEL, report).map(DisableGround::kind)).isEqualTo(Optional.ofNullable(ground));
        assertThat(OFF.ground(CHANNEL, report)).as("switched off").isEmpty();
        assertThat(ON.ground(SPARED, report)).as("not this channel").isEmpty();
        assertThat(DisablePolicy.NEVER.ground(CHANNEL, report)).isEmpty();
    }

    @Test
    void theUpstreamsOwnStatusCountsWhateverItIsMappedTo() {
        assertThat(ON.ground(CHANNEL, new FailureReport(AttemptFailure.ofStatus(500, 401), "", "", "")))
                .isPresent();
        assertThat(ON.ground(CHANNEL, new FailureReport(AttemptFailure.ofStatus(401, 500), "", "", "")))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = "STATUS", mode = EnumSource.Mode.EXCLUDE)
    void whatTheUpstreamHasNotSaidIsNoGround(AttemptFailure.Cause cause) {
        AttemptFailure own = new AttemptFailure(cause, 401, 0, false, false);

        assertThat(ON.ground(CHANNEL, new FailureReport(own, "insufficient_quota", "", "permission denied")))
                .isEmpty();
    }

    @Test
    void aStatusThatIsOurOwnIsNoGround() {
        AttemptFailure own = AttemptFailure.ofStatus(401, 0);

        assertThat(ON.ground(CHANNEL, new FailureReport(own, "", "", "permission denied")))
                .isEmpty();
    }

    @Test
    void aKeywordIsNamedForThoseWhoMayHaveWrittenItThemselves() {
        FailureReport report = refused(400, "", "", "PERMISSION DENIED");

        assertThat(ON.ground(CHANNEL, report))
                .contains(new DisableGround(DisableGround.Kind.KEYWORD, "permission denied"));
    }

    @Test
    void noGroundIsEnoughAtOnce() {
        for (DisableGround.Kind kind : DisableGround.Kind.values()) {
            assertThat(DisableGround.of(kind).needed()).as(kind.name()).isGreaterThan(1);
        }
    }

    @Test
    void aReasonIsCutButNamesTheStatus() {
        assertThat(refused(401, "", "", "no").reason()).isEqualTo("status 401: no");
        assertThat(refused(401, "", "", "x".repeat(1_000)).reason())
                .hasSize(303)
                .endsWith("x...");
    }
}

package io.newapi.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.newapi.core.access.Admission.Admitted;
import io.newapi.core.access.Admission.Denied;
import io.newapi.core.quota.QuotaBalance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessPolicyTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String CLIENT = "192.0.2.7";
    private static final Groups GROUPS = Groups.of(
            Map.of("default", "Standard", "vip", "Fast", "old", "Without a ratio", "auto", "Whichever"),
            Map.of("lonely", Map.of("-:default", "", "-:vip", "", "-:old", "")),
            List.of("vip", "default"),
            Set.of("default", "vip", "secret"));
    private static final AccessPolicy POLICY = AccessPolicy.trustingLedger();

    /** Everything a call is judged by; starts as one that is admitted, and is spoilt part by part. */
    private record Call(
            UserStatus userStatus,
            String userGroup,
            TokenStatus status,
            Expiry expiry,
            TokenQuota quota,
            AddressRules addresses,
            String group) {

        static final Call GOOD = new Call(
                UserStatus.ENABLED,
                "default",
                TokenStatus.ENABLED,
                Expiry.never(),
                TokenQuota.unlimited(),
                AddressRules.any(),
                "");

        Call ofUser(UserStatus changed) {
            return new Call(changed, userGroup, status, expiry, quota, addresses, group);
        }

        Call ofUserIn(String changed) {
            return new Call(userStatus, changed, status, expiry, quota, addresses, group);
        }

        Call with(TokenStatus changed) {
            return new Call(userStatus, userGroup, changed, expiry, quota, addresses, group);
        }

        Call until(Instant last) {
            return new Call(userStatus, userGroup, status, Expiry.at(last), quota, addresses, group);
        }

        Call remaining(long units) {
            TokenQuota limited = TokenQuota.limited(new QuotaBalance(units));
            return new Call(userStatus, userGroup, status, expiry, limited, addresses, group);
        }

        Call onlyFrom(String rules) {
            return new Call(userStatus, userGroup, status, expiry, quota, AddressRules.parse(rules), group);
        }

        Call in(String changed) {
            return new Call(userStatus, userGroup, status, expiry, quota, addresses, changed);
        }

        Admission judgedBy(AccessPolicy policy) {
            return policy.admit(user(), token(), GROUPS, CLIENT, NOW);
        }

        User user() {
            return new User(1, "alice", Role.COMMON, userStatus, userGroup, false, false);
        }

        Token token() {
            return new Token(7, 1, "t", status, expiry, quota, ModelLimits.none(), addresses, group, false);
        }
    }

    static Stream<Arguments> denials() {
        Call good = Call.GOOD;
        return Stream.of(
                arguments("token exhausted", good.with(TokenStatus.EXHAUSTED), Denial.TOKEN_EXHAUSTED),
                arguments("token marked expired", good.with(TokenStatus.EXPIRED), Denial.TOKEN_EXPIRED),
                arguments("token disabled", good.with(TokenStatus.DISABLED), Denial.TOKEN_DISABLED),
                arguments("token past its time", good.until(NOW.minusSeconds(1)), Denial.TOKEN_EXPIRED),
                arguments("another address", good.onlyFrom("198.51.100.0/24"), Denial.ADDRESS_NOT_ALLOWED),
                arguments("only unreadable rules", good.onlyFrom("nonsense"), Denial.ADDRESS_NOT_ALLOWED),
                arguments("user disabled", good.ofUser(UserStatus.DISABLED), Denial.USER_DISABLED),
                arguments("group of others", good.in("secret"), Denial.GROUP_NOT_ALLOWED),
                arguments("group without ratio", good.in("old"), Denial.GROUP_DEPRECATED),
                arguments("nothing behind auto", good.ofUserIn("lonely").in("auto"), Denial.GROUP_NOT_ALLOWED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("denials")
    void aCallIsDeniedForItsReason(String name, Call call, Denial reason) {
        assertThat(call.judgedBy(POLICY)).isInstanceOfSatisfying(Denied.class, denied -> {
            assertThat(denied.reason()).isEqualTo(reason);
            assertThat(denied.message()).isNotBlank();
        });
    }

    @Test
    void ofSeveralReasonsTheFirstInNewApisOrderIsGiven() {
        // Given a call with every fault at once, and faults taken away one by one
        Call worst = Call.GOOD
                .with(TokenStatus.EXHAUSTED)
                .until(NOW.minusSeconds(1))
                .remaining(0)
                .onlyFrom("198.51.100.1")
                .ofUser(UserStatus.DISABLED)
                .in("secret");
        Call notMarked = worst.with(TokenStatus.ENABLED);
        Call notExpired = notMarked.until(NOW);
        Call notSpent = notExpired.remaining(1);
        Call atHome = notSpent.onlyFrom(CLIENT);
        Call ofEnabledUser = atHome.ofUser(UserStatus.ENABLED);

        AccessPolicy strict = AccessPolicy.trustingRemaining();
        assertThat(Stream.of(worst, notMarked, notExpired, notSpent, atHome, ofEnabledUser)
                        .map(call -> reason(call.judgedBy(strict))))
                .containsExactly(
                        Denial.TOKEN_EXHAUSTED,
                        Denial.TOKEN_EXPIRED,
                        Denial.TOKEN_EXHAUSTED,
                        Denial.ADDRESS_NOT_ALLOWED,
                        Denial.USER_DISABLED,
                        Denial.GROUP_NOT_ALLOWED);
        assertThat(ofEnabledUser.in("vip").judgedBy(strict)).isInstanceOf(Admitted.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void whoTrustsTheLedgerDoesNotJudgeTheRemainingFigure(long remaining) {
        Call call = Call.GOOD.remaining(remaining);

        assertThat(call.judgedBy(AccessPolicy.trustingLedger())).isInstanceOf(Admitted.class);
        assertThat(reason(call.judgedBy(AccessPolicy.trustingRemaining()))).isEqualTo(Denial.TOKEN_EXHAUSTED);
    }

    @Test
    void aTokenWithoutAGroupUsesItsOwnersGroupEvenWithoutARatio() {
        assertThat(Call.GOOD.ofUserIn("old").judgedBy(POLICY)).isEqualTo(new Admitted(new GroupChoice.Named("old")));
    }

    @Test
    void aTokenWithAGroupUsesThatOne() {
        assertThat(Call.GOOD.in(" vip ").judgedBy(POLICY)).isEqualTo(new Admitted(new GroupChoice.Named("vip")));
    }

    @Test
    void anAutomaticTokenUsesTheListInOrder() {
        assertThat(Call.GOOD.in("auto").judgedBy(POLICY))
                .isEqualTo(new Admitted(new GroupChoice.Auto(List.of("vip", "default"))));
    }

    @Test
    void autoIsForThoseWhoMayUseIt() {
        Groups withoutAuto = Groups.of(Map.of("default", ""), Map.of(), List.of("default"), Set.of("default"));
        Call call = Call.GOOD.in("auto");

        Admission admission = POLICY.admit(call.user(), call.token(), withoutAuto, CLIENT, NOW);

        assertThat(reason(admission)).isEqualTo(Denial.GROUP_NOT_ALLOWED);
    }

    @Test
    void aModelOutsideTheLimitsIsDeniedAndTheMessageStaysShort() {
        Token token = new Token(
                7,
                1,
                "t",
                TokenStatus.ENABLED,
                Expiry.never(),
                TokenQuota.unlimited(),
                ModelLimits.of(List.of("o3")),
                AddressRules.any(),
                "",
                false);

        assertThat(POLICY.denyModel(token, "o3-high")).isEmpty();
        assertThat(POLICY.denyModel(token, "x".repeat(100_000))).hasValueSatisfying(denied -> {
            assertThat(denied.reason()).isEqualTo(Denial.MODEL_NOT_ALLOWED);
            assertThat(denied.message()).hasSizeLessThan(200);
        });
    }

    @ParameterizedTest
    @EnumSource
    void onlyAdministratorsMayPinAChannel(Role role) {
        User user = new User(1, "alice", role, UserStatus.ENABLED, "default", false, false);

        boolean administrator = role == Role.ADMIN || role == Role.ROOT;
        assertThat(POLICY.denyPin(user).map(Denied::reason).isEmpty()).isEqualTo(administrator);
    }

    @Test
    void theCredentialIsRefusedForWhatIsWrongWithTheTokenItself() {
        assertThat(Stream.of(Denial.values()).filter(Denial::credentialRefused))
                .containsExactly(Denial.TOKEN_DISABLED, Denial.TOKEN_EXPIRED, Denial.TOKEN_EXHAUSTED);
    }

    @Test
    void judgingATokenOfAnotherUserIsAMistake() {
        User other = new User(2, "bob", Role.COMMON, UserStatus.ENABLED, "default", false, false);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> POLICY.admit(other, Call.GOOD.token(), GROUPS, CLIENT, NOW))
                .withMessageContaining("belongs to user 1");
    }

    private static Denial reason(Admission admission) {
        return admission.match(
                admitted -> {
                    throw new AssertionError("admitted: " + admitted);
                },
                Denied::reason);
    }
}

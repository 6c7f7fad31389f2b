package io.newapi.core.access;

import io.newapi.core.access.Admission.Admitted;
import io.newapi.core.access.Admission.Denied;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The rules of access. They judge the values that they are given, look nothing up and change nothing; immutable.
 *
 * <p>The order of the checks is New API's, so that of several reasons a client sees the same one first.
 */
public final class AccessPolicy {

    private static final int MAX_QUOTED_LENGTH = 100;

    private final boolean judgesRemaining;

    private AccessPolicy(boolean judgesRemaining) {
        this.judgesRemaining = judgesRemaining;
    }

    /**
     * For programs in which a quota ledger refuses what is not there: the remaining figure of a {@link TokenQuota} is not
     * judged, because it may be older than the ledger's, in either direction. A token whose status says
     * {@link TokenStatus#EXHAUSTED} is denied all the same.
     */
    public static AccessPolicy trustingLedger() {
        return new AccessPolicy(false);
    }

    /** For programs without a ledger: a limited token with nothing remaining is denied as exhausted. */
    public static AccessPolicy trustingRemaining() {
        return new AccessPolicy(true);
    }

    /**
     * Judges everything that does not depend on the model.
     *
     * @param user the owner of {@code token}
     * @param clientAddress the client's address without port, as far as the caller trusts it
     * @throws IllegalArgumentException if {@code token} belongs to another user
     */
    public Admission admit(User user, Token token, Groups groups, String clientAddress, Instant now) {
        if (token.userId() != user.id()) {
            throw new IllegalArgumentException(
                    "token " + token.id() + " belongs to user " + token.userId() + ", not to user " + user.id());
        }
        return denyToken(token, now)
                .or(() -> denyCaller(user, token, clientAddress))
                .<Admission>map(denied -> denied)
                .orElseGet(() -> chooseGroup(user, token, groups));
    }

    /** Why {@code token} may not use {@code model}, if so. Ask only for calls that name a model. */
    public Optional<Denied> denyModel(Token token, String model) {
        return denyIf(
                !token.modelLimits().allows(model),
                Denial.MODEL_NOT_ALLOWED,
                "this token may not use the model " + quoted(model));
    }

    /** Why {@code user} may not name the channel that shall serve a call, if so: only administrators may. */
    public Optional<Denied> denyPin(User user) {
        return denyIf(
                !user.role().atLeast(Role.ADMIN),
                Denial.CHANNEL_PIN_NOT_ALLOWED,
                "only administrators may choose a channel");
    }

    private Optional<Denied> denyToken(Token token, Instant now) {
        Optional<Denied> byStatus = switch (token.status()) {
            case ENABLED -> Optional.empty();
            case EXHAUSTED -> deny(Denial.TOKEN_EXHAUSTED, "the quota of this token is used up");
            case EXPIRED -> deny(Denial.TOKEN_EXPIRED, "this token has expired");
            case DISABLED -> deny(Denial.TOKEN_DISABLED, "this token is disabled");
        };
        return byStatus.or(() -> denyIf(token.expiry().passed(now), Denial.TOKEN_EXPIRED, "this token has expired"))
                .or(() -> denyIf(
                        judgesRemaining && token.quota().spent(),
                        Denial.TOKEN_EXHAUSTED,
                        "the quota of this token is used up"));
    }

    private static Optional<Denied> denyCaller(User user, Token token, String clientAddress) {
        return denyIf(
                        !token.addresses().allows(clientAddress),
                        Denial.ADDRESS_NOT_ALLOWED,
                        "this token may not be used from your address")
                .or(() -> denyIf(
                        user.status() != UserStatus.ENABLED,
                        Denial.USER_DISABLED,
                        "the owner of this token is disabled"));
    }

    private static Admission chooseGroup(User user, Token token, Groups groups) {
        String named = token.group();
        if (!named.isEmpty() && !groups.mayUse(user.group(), named)) {
            return new Denied(Denial.GROUP_NOT_ALLOWED, "you may not use the group " + quoted(named));
        }
        String using = named.isEmpty() ? user.group() : named;
        if (using.equals(Groups.AUTO)) {
            return chooseAuto(user, groups);
        }
        if (!named.isEmpty() && !groups.hasRatio(named)) {
            return new Denied(Denial.GROUP_DEPRECATED, "the group " + quoted(named) + " is no longer offered");
        }
        return new Admitted(new GroupChoice.Named(using));
    }

    private static Admission chooseAuto(User user, Groups groups) {
        List<String> usable = groups.autoFor(user.group());
        return usable.isEmpty()
                ? new Denied(Denial.GROUP_NOT_ALLOWED, "the group \"auto\" holds no group that you may use")
                : new Admitted(new GroupChoice.Auto(usable));
    }

    private static Optional<Denied> denyIf(boolean condition, Denial reason, String message) {
        return condition ? deny(reason, message) : Optional.empty();
    }

    private static Optional<Denied> deny(Denial reason, String message) {
        return Optional.of(new Denied(reason, message));
    }

    /** The name comes from the client or an administrator, and may be of any length. */
    private static String quoted(String name) {
        String shown = name.length() <= MAX_QUOTED_LENGTH ? name : name.substring(0, MAX_QUOTED_LENGTH) + "...";
        return '"' + shown + '"';
    }
}

package io.newapi.server.relay;

import io.newapi.core.access.Admission;
import io.newapi.core.pricing.expression.EvaluationException;
import io.newapi.core.quota.Account;
import io.newapi.core.quota.ReserveOutcome;
import io.newapi.server.relay.wire.RelayError;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;

/** The one place that says what a caller is told when this node itself refuses a call. */
final class Refusals {

    private Refusals() {}

    static RelayError noKey() {
        return RelayError.own(401, "", "no API key was sent; put it into the Authorization header as Bearer sk-...");
    }

    /** @param withToken whether an access token or a key was sent, which do not count on the playground */
    static RelayError notLoggedIn(boolean withToken) {
        return withToken
                ? RelayError.own(403, "access_denied", "the playground takes no tokens, only a login on the console")
                : RelayError.own(401, "", "nobody is logged in on the console");
    }

    /** Our own fault; what it was stands in the log. */
    static RelayError internal() {
        return RelayError.own(500, "internal_error", "the gateway failed to serve this request");
    }

    static RelayError unreadableQuery() {
        return RelayError.badRequest("invalid_request", "", "the query is not valid percent-encoding");
    }

    static RelayError unknownKey() {
        return RelayError.own(401, "", "the API key is not valid");
    }

    static RelayError tooManyUnknownKeys() {
        return RelayError.own(429, "too_many_unknown_keys", "too many unknown API keys were tried just now")
                .retryAfter(1);
    }

    static RelayError noMemory() {
        return RelayError.own(503, "memory_busy", "too many large requests are under way just now")
                .retryAfter(1);
    }

    static RelayError storeUnavailable() {
        return RelayError.own(503, "store_unavailable", "the API key cannot be checked now")
                .retryAfter(2);
    }

    static RelayError diskBusy() {
        return RelayError.own(503, "disk_busy", "too many large requests are under way just now")
                .retryAfter(1);
    }

    /** What it was stands in the log. */
    static RelayError diskFailed() {
        return RelayError.own(503, "disk_failed", "large requests cannot be served just now")
                .retryAfter(10);
    }

    static RelayError largerThanDisk(long maxBytes) {
        return new RelayError(
                413,
                "invalid_request_error",
                "request_too_large",
                "",
                "the request body is larger than the " + maxBytes + " bytes that all large bodies may take"
                        + " (NEWAPI_SPOOL_MAX_MB)",
                0);
    }

    static RelayError of(Admission.Denied denied) {
        int status = denied.reason().credentialRefused() ? 401 : 403;
        return RelayError.own(status, status == 403 ? "access_denied" : "", denied.message());
    }

    static RelayError noChannel(String group, String model) {
        return RelayError.own(503, "model_not_found", "no channel of group " + group + " serves the model " + model);
    }

    /** The model is there, but not at this endpoint. */
    static RelayError notServed(String model) {
        return RelayError.badRequest(
                "endpoint_not_supported", "model", "no provider of " + model + " has an endpoint for this");
    }

    /** @param what what no provider of the model can be told, for each of their formats */
    static RelayError unsayable(String model, Collection<String> what) {
        return RelayError.badRequest(
                "not_expressible",
                "",
                "no provider of " + model + " can be told: " + String.join("; ", new TreeSet<>(what)));
    }

    static RelayError unpriced(String model) {
        return new RelayError(
                400,
                RelayError.OWN,
                "model_price_error",
                "model",
                "the model " + model + " has neither a ratio nor a price; an administrator has to set one",
                0);
    }

    static RelayError tooExpensive(String model) {
        return RelayError.badRequest(
                "model_price_error",
                "max_tokens",
                "a call of " + model + " of this size has no price that can be held");
    }

    static RelayError withoutValue(String model, EvaluationException why) {
        return RelayError.badRequest(
                "model_price_error",
                "model",
                "the price expression of " + model + " has no value for this request: " + why.getMessage());
    }

    static RelayError insufficient(Account account) {
        return account.kind() == Account.Kind.TOKEN
                ? RelayError.own(
                        403, "pre_consume_token_quota_failed", "the quota of the API key does not cover this call")
                : RelayError.own(403, "insufficient_user_quota", "the user's quota does not cover this call");
    }

    static RelayError accountClosed(Account account) {
        return RelayError.own(
                403,
                "access_denied",
                "the " + account.kind().name().toLowerCase(Locale.ROOT) + " of this API key is disabled or deleted");
    }

    static RelayError busy(ReserveOutcome.Unavailable unavailable) {
        return RelayError.own(503, "quota_busy", unavailable.reason()).retryAfter(unavailable.retryAfterSeconds());
    }
}

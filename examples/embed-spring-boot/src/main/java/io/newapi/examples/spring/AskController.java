package io.newapi.examples.spring;

import io.newapi.core.estimate.TextEstimator;
import io.newapi.core.pricing.Charge;
import io.newapi.core.pricing.PriceBook;
import io.newapi.core.pricing.Quote;
import io.newapi.core.quota.Quota;
import io.newapi.core.quota.Reservation;
import io.newapi.core.quota.ReserveOutcome;
import io.newapi.core.quota.Settlement;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClientException;

/** Asks the model on behalf of a customer: price it, hold quota, call, charge. */
@RestController
class AskController {

    private static final String GROUP = "default";

    private final PriceBook prices;
    private final CustomerLedger ledger;
    private final Customers customers;
    private final Provider provider;

    AskController(PriceBook prices, CustomerLedger ledger, Customers customers, Provider provider) {
        this.prices = prices;
        this.ledger = ledger;
        this.customers = customers;
        this.provider = provider;
    }

    /**
     * What a customer asks.
     *
     * @param maxTokens how long the answer may become
     */
    record Question(String model, String text, long maxTokens) {}

    /**
     * What came of it.
     *
     * @param charged quota units
     * @param why how the charge was computed
     * @param left quota units, as booked: charges of the last tenth of a second may not be in it yet
     */
    record Answer(String text, long charged, List<String> why, long left) {}

    @PostMapping("/ask")
    Answer ask(@RequestHeader("X-Customer") long customer, @RequestBody Question question) {
        Quote quote = prices.quote(question.model(), GROUP, GROUP, false).match(priced -> priced, unpriced -> {
            throw refusal(HttpStatus.BAD_REQUEST, "the model " + unpriced + " has no price");
        });
        long promptTokens = TextEstimator.forModel(question.model()).estimate(question.text());
        try (Reservation held = hold(customer, quote.reservation(promptTokens, question.maxTokens()))) {
            Provider.Reply reply = provider.ask(question.model(), question.text(), question.maxTokens());
            Charge charge = quote.charge(reply.usage());
            held.settle(Settlement.of(UUID.randomUUID().toString(), charge.quota()));
            List<String> why = charge.explain().lines().toList();
            return new Answer(
                    reply.text(),
                    charge.quota().units(),
                    why,
                    standing(customer).left());
        } // whatever failed on the way: what was not settled is released here
    }

    @GetMapping("/customers/{customer}")
    Customers.Standing standing(@PathVariable long customer) {
        return customers
                .standing(customer)
                .orElseThrow(() -> refusal(HttpStatus.NOT_FOUND, "there is no customer " + customer));
    }

    private Reservation hold(long customer, Quota amount) {
        return ledger.reserve(customer, amount)
                .match(
                        ReserveOutcome.Reserved::reservation,
                        broke -> {
                            throw refusal(HttpStatus.PAYMENT_REQUIRED, "the quota does not suffice for this call");
                        },
                        closed -> {
                            throw refusal(HttpStatus.FORBIDDEN, "the account takes no charges");
                        },
                        later -> {
                            ErrorResponseException busy = refusal(HttpStatus.SERVICE_UNAVAILABLE, later.reason());
                            busy.getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(later.retryAfterSeconds()));
                            throw busy;
                        });
    }

    @ExceptionHandler
    ProblemDetail providerFailed(RestClientException failure) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_GATEWAY, "the provider did not answer; nothing was charged");
    }

    private static ErrorResponseException refusal(HttpStatus status, String why) {
        return new ErrorResponseException(status, ProblemDetail.forStatusAndDetail(status, why), null);
    }
}

package io.newapi.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import io.newapi.core.pricing.AmountOverflowException;
import io.newapi.core.pricing.Charge;
import io.newapi.core.pricing.PriceBook;
import io.newapi.core.pricing.Quote;
import io.newapi.core.pricing.Usage;
import io.newapi.core.pricing.UsageSemantics;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Computes what a call costs at the shipped prices. */
@Command(description = {"Exact decimals are texts in JSON."})
final class PriceQuoteCommand extends CliCommand {

    @Option(names = "--model", paramLabel = "MODEL", required = true, order = 1, description = "Model that is called.")
    private String model = "";

    @Option(
            names = "--prompt",
            paramLabel = "TOKENS",
            required = true,
            order = 2,
            description = "Input tokens, as the provider counts them.")
    private long prompt;

    @Option(names = "--completion", paramLabel = "TOKENS", required = true, order = 3, description = "Output tokens.")
    private long completion;

    @Option(
            names = "--cached",
            paramLabel = "TOKENS",
            order = 4,
            description = "Input tokens read from the provider's cache.")
    private long cached;

    @Option(
            names = "--cache-write",
            paramLabel = "TOKENS",
            order = 5,
            description = "Input tokens written to the cache, of no named lifetime.")
    private long cacheWrite;

    @Option(names = "--cache-write-5m", paramLabel = "TOKENS", order = 6, description = "Written for five minutes.")
    private long cacheWrite5m;

    @Option(names = "--cache-write-1h", paramLabel = "TOKENS", order = 7, description = "Written for one hour.")
    private long cacheWrite1h;

    @Option(names = "--image", paramLabel = "TOKENS", order = 8, description = "Input tokens that are images.")
    private long image;

    @Option(
            names = "--semantics",
            paramLabel = "NAME",
            defaultValue = "openai",
            order = 9,
            description = "How the provider counts: openai (input includes the cache) or anthropic (it does not)"
                    + " (default: ${DEFAULT-VALUE}).")
    private String semantics = "openai";

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            order = 10,
            description = "Group that the call runs in (default: the user's).")
    private @Nullable String group;

    @Option(
            names = "--user-group",
            paramLabel = "GROUP",
            defaultValue = "default",
            order = 11,
            description = "The user's group (default: ${DEFAULT-VALUE}).")
    private String userGroup = "default";

    @Option(
            names = "--accept-unpriced",
            order = 12,
            description = "Take the ratio for models without a price, as users can choose to.")
    private boolean acceptUnpriced;

    @Option(names = "--explain", order = 13, description = "Show the lines that the quota is the sum of.")
    private boolean explain;

    @Override
    void run() {
        PriceBook book = PriceBook.shipped();
        Quote quote = book.quote(model, userGroup, group == null ? userGroup : group, acceptUnpriced)
                .match(quoted -> quoted, unpriced -> {
                    throw new Failure(
                            ExitCode.NOT_FOUND,
                            "no price for the model " + unpriced,
                            "--accept-unpriced quotes it all the same");
                });
        Charge charge = charge(quote);
        BigDecimal quotaPerUsd = book.quotaPerUnit().toBigDecimal();
        ObjectNode document = Json.object()
                .put("model", model)
                .put("user_group", userGroup)
                .put("group", group == null ? userGroup : group)
                .put("quota", charge.quota().units())
                .put("exact", ChargeJson.plain(charge.exact()))
                .put("quota_per_usd", ChargeJson.plain(quotaPerUsd))
                .put(
                        "usd",
                        ChargeJson.plain(
                                BigDecimal.valueOf(charge.quota().units()).divide(quotaPerUsd, MathContext.DECIMAL64)));
        if (printer().isJson()) {
            if (explain) {
                document.set("lines", ChargeJson.lines(charge));
                document.set("other", ChargeJson.other(charge));
            }
            printer().object(document);
            return;
        }
        printer().object(document);
        if (explain) {
            printer().text("");
            printer().text(charge.explain());
        }
    }

    private Charge charge(Quote quote) {
        try {
            return quote.charge(Usage.of(prompt, completion)
                    .withCachedTokens(cached)
                    .withCacheWriteTokens(Math.addExact(cacheWrite, Math.addExact(cacheWrite5m, cacheWrite1h)))
                    .withCacheWriteSplit(cacheWrite5m, cacheWrite1h)
                    .withImageTokens(image)
                    .withSemantics(semantics()));
        } catch (IllegalArgumentException | AmountOverflowException e) {
            throw Failure.ofUsage(String.valueOf(e.getMessage()), "");
        } catch (ArithmeticException e) {
            throw Failure.ofUsage("too many tokens", "");
        }
    }

    private UsageSemantics semantics() {
        return switch (semantics.toLowerCase(Locale.ROOT)) {
            case "openai" -> UsageSemantics.OPENAI;
            case "anthropic" -> UsageSemantics.ANTHROPIC;
            default -> throw Failure.ofUsage("--semantics is openai or anthropic: " + semantics, "");
        };
    }
}

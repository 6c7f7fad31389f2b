package io.newapi.core.pricing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds prices that probably do not do what they say. The shipped tables keep some on purpose, because existing
 * installations are charged by them.
 */
final class SuspiciousPrices {

    /** Shipped at 0, by an integer division long ago; the providers' price makes it 0.5. */
    private static final Set<String> FREE_BY_MISTAKE =
            Set.of("llama-3-sonar-large-32k-chat", "llama-3-sonar-large-32k-online");

    /** Families whose output costs 4 times the input at the provider, and less by their family's ratio here. */
    private static final List<String> UNDERCHARGED_OUTPUT = List.of("gpt-4.1", "o4-mini");

    private static final BigDecimal PUBLISHED_OUTPUT_RATIO = BigDecimal.valueOf(4);

    private SuspiciousPrices() {}

    static List<String> in(PriceBook book) {
        List<String> findings = new ArrayList<>();
        RatioTable.all().stream()
                .filter(RatioTable::byBillingName)
                .forEach(table -> findUnreachable(table.option(), book.table(table), findings));
        book.tieredModels().stream()
                .filter(model -> !book.expressions().containsKey(model))
                .sorted()
                .forEach(model -> findings.add(
                        "model " + model + " is to be priced by expression but has none: its calls are refused"));
        book.modelRatios().forEach((model, ratio) -> {
            if (FREE_BY_MISTAKE.contains(model) && ratio.isZero()) {
                findings.add("ModelRatio of " + model + " is 0, so it is free; 0.5 was probably meant");
            }
            CompletionRatio completion = book.completionRatio(model);
            if (UNDERCHARGED_OUTPUT.stream().anyMatch(model::startsWith)
                    && completion.ratio().toBigDecimal().compareTo(PUBLISHED_OUTPUT_RATIO) < 0) {
                findings.add("CompletionRatio of " + model + " is " + completion.ratio()
                        + "; its provider charges output at 4 times the input");
            }
        });
        book.completionRatios().forEach((model, configured) -> {
            CompletionRatio applied = book.completionRatio(model);
            if (!applied.ratio().equals(configured)) {
                findings.add("CompletionRatio of " + model + " is set to " + configured
                        + " but ignored: its family is locked at " + applied.ratio());
            }
        });
        return Collections.unmodifiableList(findings);
    }

    private static void findUnreachable(String table, Map<String, Ratio> entries, List<String> findings) {
        for (String name : entries.keySet()) {
            String lookedUp = BillingName.of(name);
            if (!lookedUp.equals(name)) {
                findings.add(table + " entry " + name + " is never used: such models are looked up as " + lookedUp);
            }
        }
    }
}

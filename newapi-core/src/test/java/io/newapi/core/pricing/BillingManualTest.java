package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code docs/billing.md} tells its readers is what the shipped price book says. */
class BillingManualTest {

    private static final Path MANUAL = Path.of("..", "docs", "billing.md");
    private static final String EXAMPLES = "| Call | Group | Usage | Quota | Worked out |";

    static Stream<Arguments> examples() throws IOException {
        List<String> lines = Files.readAllLines(MANUAL);
        int header = lines.indexOf(EXAMPLES);
        assertThat(header).as("the table of worked examples").isNotNegative();
        return lines.stream()
                .skip(header + 2L)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.substring(1).split("\\|", -1))
                .map(cells -> Arguments.of(cells[0].strip(), cells[1].strip(), cells[2].strip(), cells[3].strip()));
    }

    @ParameterizedTest(name = "{0} | {1} | {2} -> {3}")
    @MethodSource("examples")
    void aWorkedExampleCostsWhatTheManualSays(String call, String groups, String usage, String quota) {
        assertThat(new WorkedCall(call, groups, usage).quota(PriceBook.shipped()))
                .isEqualTo(quota);
    }

    @Test
    void theExplanationIsAsTheManualShowsIt() throws IOException {
        String explanation = PriceBook.shipped()
                .quote("gpt-4o", "default", "default", false)
                .match(
                        quote -> quote.charge(Usage.of(1000, 500).withCachedTokens(800))
                                .explain(),
                        model -> model + " has no price");

        assertThat(Files.readString(MANUAL)).contains(explanation.indent(4));
    }
}

package io.newapi.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Offline quotes against figures computed by hand from the shipped prices: gpt-4o is 1.25, output x 4, cached x 0.5. */
class PriceQuoteTest {

    private final Shell shell = new Shell(Path.of("/nonexistent"));

    @Test
    void plainTokensCostTheirRatios() {
        JsonNode quote = shell.run(
                        "price", "quote", "--model", "gpt-4o", "--prompt", "1000", "--completion", "200", "-o", "json")
                .json();

        // 1000 x 1.25 + 200 x 4 x 1.25 = 2250 units, at 500,000 for a dollar.
        assertThat(quote.path("quota").asLong()).isEqualTo(2250);
        assertThat(quote.path("usd").asText()).isEqualTo("0.0045");
        assertThat(quote.has("lines")).isFalse();
    }

    @Test
    void theExplanationShowsEveryLine() {
        String out = shell.run(
                        "price",
                        "quote",
                        "--model",
                        "gpt-4o",
                        "--prompt",
                        "1000",
                        "--completion",
                        "200",
                        "--cached",
                        "100",
                        "--explain")
                .out();

        assertThat(out)
                .contains(
                        "quota          2188",
                        "prompt tokens: 900 x 1.25 (model ratio) x 1 (group ratio) = 1125",
                        "cached tokens: 100 x 0.5 (cache ratio) x 1.25 (model ratio) x 1 (group ratio) = 62.5",
                        "completion tokens: 200 x 4 (completion ratio) x 1.25 (model ratio) x 1 (group ratio) = 1000",
                        "sum 2187.5: charged 2188, rounded");
    }

    @Test
    void linesAndLogFiguresAreInTheDocument() {
        JsonNode quote = shell.run(
                        "price",
                        "quote",
                        "--model",
                        "gpt-4o",
                        "--prompt",
                        "10",
                        "--completion",
                        "0",
                        "--explain",
                        "-o",
                        "json")
                .json();

        assertThat(quote.path("exact").asText()).isEqualTo("12.5");
        assertThat(quote.path("quota").asLong()).isEqualTo(13);
        assertThat(quote.path("lines").toString())
                .isEqualTo("[{\"what\":\"prompt tokens\",\"count\":10,\"factors\":[{\"name\":\"model ratio\","
                        + "\"ratio\":\"1.25\"},{\"name\":\"group ratio\",\"ratio\":\"1\"}],\"subtotal\":\"12.5\"}]");
        assertThat(quote.path("other").path("model_ratio").asText()).isEqualTo("1.25");
        assertThat(quote.path("other").path("completion_ratio").asText()).isEqualTo("4");
    }

    @Test
    void aModelWithoutAPriceIsNotFoundUnlessAccepted() {
        String[] quote = {"price", "quote", "--model", "no-such-model", "--prompt", "2", "--completion", "0"};
        String[] accepting = {
            "price",
            "quote",
            "--model",
            "no-such-model",
            "--prompt",
            "2",
            "--completion",
            "0",
            "--accept-unpriced",
            "-o",
            "json"
        };

        Shell.Result refused = shell.run(quote);
        Shell.Result accepted = shell.run(accepting);

        assertThat(refused.code()).isEqualTo(5);
        assertThat(refused.err()).contains("no-such-model", "--accept-unpriced");
        assertThat(accepted.json().path("quota").asLong()).isEqualTo(75);
    }
}

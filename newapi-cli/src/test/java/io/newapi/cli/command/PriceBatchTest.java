package io.newapi.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.cli.client.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches against figures computed by hand from the shipped prices. */
class PriceBatchTest {

    private static Shell.Result batch(String lines, String... options) {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "price";
        arguments[1] = "batch";
        arguments[2] = "-";
        System.arraycopy(options, 0, arguments, 3, options.length);
        return new Shell(Path.of("/nonexistent")).input(lines).run(arguments);
    }

    private static List<JsonNode> answers(Shell.Result result) {
        return result.out().lines().map(PriceBatchTest::json).toList();
    }

    private static JsonNode json(String line) {
        try {
            return Json.parse(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    @ParameterizedTest(name = "{0} costs {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        "model":"gpt-4o","usage":{"prompt_tokens":1000,"completion_tokens":500} ; 3750
        "model":"gpt-4o","group":"edit_this","user_group":"vip","usage":{"prompt_tokens":1000} ; 1125
        "model":"gpt-4o","usage":{"prompt_tokens":1000,"completion_tokens":500,"prompt_tokens_details":{"cached_tokens":800}} ; 3250
        "model":"gpt-4o","usage":{"input_tokens":1000,"output_tokens":500,"input_tokens_details":{"cached_tokens":800}} ; 3250
        "model":"gpt-4o","usage":{"prompt_tokens":1000,"completion_tokens":500,"cached_tokens":800} ; 3250
        "model":"claude-3-5-sonnet-20241022","usage":{"input_tokens":1000,"output_tokens":500,"cache_read_input_tokens":800} ; 5370
        "model":"claude-3-5-sonnet-20241022","usage":{"input_tokens":100,"output_tokens":0,"cache_creation_input_tokens":300,"cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":100}} ; 825
        "model":"claude-3-5-sonnet-20241022","usage":{"prompt_tokens":100,"cache_creation_5m":200,"cache_creation_1h":100} ; 825
        "model":"claude-3-5-sonnet-20241022","usage":{"prompt_tokens":1000,"completion_tokens":500,"cached_tokens":800,"semantic":"anthropic"} ; 5370
        "model":"claude-3-5-sonnet-20241022","usage":{"input_tokens":100,"output_tokens":0,"cache_read_input_tokens":0,"server_tool_use":{"web_search_requests":1}} ; 5150
        "model":"claude-3-5-sonnet-20241022","usage":{"prompt_tokens":1000,"cached_tokens":800,"semantic":"anthropic","cost":0.000915,"channel_type":20} ; 458
        "model":"gpt-image-1","usage":{"prompt_tokens":100,"completion_tokens":1000,"image_tokens":60} ; 20400
        "model":"gpt-image-1","usage":{"images":{"n":2}} ; 63360
        "model":"dall-e-3","usage":{"images":{"n":2,"size":"1024x1792","quality":"hd"}} ; 120000
        "model":"dall-e-3","usage":{"prompt_tokens":1} ; 20000
        "model":"gpt-4o","usage":{"prompt_tokens":1000,"tools":{"web_search_preview":2,"file_search":1}} ; 27500
        "model":"gpt-4o","usage":{"prompt_tokens":1000,"tools":{"image_generation_call":1},"images":{"size":"1024x1024","quality":"low"}} ; 6750
        "model":"gemini-2.5-flash","usage":{"prompt_tokens":1000,"audio_tokens":600} ; 360
        "model":"gpt-4o-audio-preview","usage":{"prompt_tokens":150,"completion_tokens":30,"audio_tokens":50,"text_tokens":100,"text_output_tokens":20,"audio_output_tokens":10} ; 1425
        "model":"gpt-4o-audio-preview","usage":{"prompt_tokens":150,"completion_tokens":30,"prompt_tokens_details":{"audio_tokens":50},"completion_tokens_details":{"audio_tokens":10}} ; 1425
        "model":"gpt-4o-realtime-preview","usage":{"input_tokens":20,"output_tokens":20,"input_token_details":{"text_tokens":10,"audio_tokens":10},"output_token_details":{"text_tokens":10,"audio_tokens":10}} ; 525
        "model":"gpt-4o","usage":{"prompt_tokens":0,"completion_tokens":0} ; 0
        "model":"gpt-4o","estimate":100 ; 125
        "model":"new","accept_unpriced":true,"usage":{"prompt_tokens":2} ; 75
        "model":"gpt-4o","options":{"ModelRatio":{"gpt-4o":2},"CompletionRatio":"{\\"gpt-4o\\":3}"},"usage":{"prompt_tokens":10,"completion_tokens":10} ; 80
        "model":"x","options":{"ModelPrice":{"x":0.5},"QuotaPerUnit":1000},"usage":{"prompt_tokens":1} ; 500
        "model":"x","options":{"SelfUseModeEnabled":true},"usage":{"prompt_tokens":2} ; 75
        "model":"gpt-4o","options":{"tool_price_setting.prices":{"file_search":1}},"usage":{"prompt_tokens":1000,"tools":{"file_search":1,"web_search":1}} ; 6750
        "model":"x","options":{"billing_setting.billing_mode":{"x":"tiered_expr"},"billing_setting.billing_expr":{"x":"p + c * 3"}},"usage":{"prompt_tokens":1000,"completion_tokens":1000} ; 2000
        "model":"x","request":{"speed":"fast","list":[1,2]},"headers":{"X-Tier":"gold"},"options":{"billing_setting.billing_mode":{"x":"tiered_expr"},"billing_setting.billing_expr":{"x":"param('speed') == 'fast' && param('list.#') == 2 && has(header('x-tier'), 'gold') ? p * 4 : p"}},"usage":{"prompt_tokens":1000} ; 2000
        "model":"x","created_at":1751338800,"options":{"billing_setting.billing_mode":{"x":"tiered_expr"},"billing_setting.billing_expr":{"x":"hour('UTC') == 3 ? p * 4 : p"}},"usage":{"prompt_tokens":1000} ; 2000
        """)
    void aLineCosts(String fields, long quota) {
        Shell.Result result = batch("{" + fields + "}\n");

        assertThat(result.out()).isEqualTo("{\"line\":1,\"quota\":" + quota + "}\n");
        assertThat(result.err()).isEqualTo("priced 1, failed 0, total quota " + quota + "\n");
        assertThat(result.code()).isZero();
    }

    @ParameterizedTest(name = "{0} costs {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        "prompt_tokens":1000,"completion_tokens":500,"other":{"model_ratio":1.25,"completion_ratio":4,"group_ratio":0.5,"cache_tokens":800,"cache_ratio":0.5,"model_price":-1,"user_group_ratio":-1} ; 1625
        "prompt_tokens":1000,"completion_tokens":500,"other":"{\\"model_ratio\\":1.25,\\"completion_ratio\\":4,\\"group_ratio\\":1,\\"model_price\\":-1}" ; 3750
        "prompt_tokens":7,"completion_tokens":500,"other":{"model_ratio":0,"model_price":0.04,"group_ratio":2} ; 40000
        "prompt_tokens":100,"completion_tokens":0,"other":{"model_ratio":1.5,"group_ratio":1,"completion_ratio":5,"model_price":-1,"claude":true,"cache_creation_tokens":60,"cache_creation_ratio":1.25,"cache_creation_tokens_5m":30,"cache_creation_tokens_1h":20} ; 285
        "prompt_tokens":1000,"completion_tokens":0,"other":{"model_ratio":1,"group_ratio":1,"model_price":-1,"web_search":true,"web_search_call_count":2,"web_search_price":30} ; 31000
        "prompt_tokens":1000,"completion_tokens":0,"other":{"model_ratio":1,"group_ratio":1,"model_price":-1,"image_generation_call":true,"image_generation_call_price":0.05} ; 26000
        "prompt_tokens":20,"completion_tokens":20,"other":{"model_ratio":2.5,"completion_ratio":4,"group_ratio":1,"model_price":-1,"ws":true,"audio_input":10,"audio_output":10,"text_input":10,"text_output":10,"audio_ratio":8,"audio_completion_ratio":2} ; 725
        "prompt_tokens":1000,"completion_tokens":1000,"other":{"group_ratio":0.5,"model_ratio":0,"model_price":-1,"billing_mode":"tiered_expr","expr_b64":"cCArIGMgKiAz"} ; 1000
        "prompt_tokens":4,"completion_tokens":0,"other":{"group_ratio":1,"model_ratio":0,"model_price":0.01,"image_count":3,"image_size":"","image_quality":""} ; 15000
        """)
    void aRowOfTheLogCostsWhatItsOwnRatiosSay(String fields, long quota) {
        JsonNode answer = answers(batch("{\"model_name\":\"gpt-x\",\"type\":2,\"quota\":7," + fields + "}\n"))
                .get(0);

        assertThat(answer.path("quota").asLong()).isEqualTo(quota);
        assertThat(answer.path("logged").asLong()).isEqualTo(7);
    }

    @Test
    void aRowThatIsNoCallCostsNothing() {
        assertThat(batch("{\"model_name\":\"\",\"type\":1,\"quota\":500000,\"other\":\"\"}\n")
                        .out())
                .isEqualTo("{\"line\":1,\"quota\":0,\"note\":\"no call of a model\"}\n");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        {"model":                                              ; invalid_json
        {} {}                                                  ; invalid_json
        [1]                                                    ; invalid_line
        {"usage":{"prompt_tokens":1}}                          ; invalid_line
        {"model":"gpt-4o","usage":7}                           ; invalid_line
        {"model":"gpt-4o","usage":{"prompt_tokens":-1}}        ; invalid_line
        {"model":"gpt-4o","usage":{"prompt_tokens":1.5}}       ; invalid_line
        {"model":"gpt-4o","usage":{"prompt_tokens":"many"}}    ; invalid_line
        {"model":"gpt-4o","usage":{"prompt_tokens":1e400}}     ; invalid_line
        {"model":"gpt-4o","usage":{"semantic":"other"}}        ; invalid_line
        {"model":"dall-e-3","usage":{"images":{"n":129}}}      ; invalid_line
        {"model":"dall-e-3","usage":{"images":{"size":"2x2"}}} ; invalid_line
        {"model":"gpt-4o","options":{"ModelRatio":{"m":-1}}}   ; invalid_line
        {"model":"gpt-4o","options":{"ModelRatio":"{"}}        ; invalid_line
        {"model":"gpt-4o","options":{"Notice":"x"}}            ; invalid_line
        {"model":"gpt-4o","options":{"PreConsumedQuota":1.5}}  ; invalid_line
        {"model":"no-such-model","usage":{"prompt_tokens":1}}  ; model_price_error
        {"model":"m","options":{"ModelRatio":{"m":100000}},"usage":{"prompt_tokens":9007199254740991}} ; model_price_error
        {"model":"m","options":{"billing_setting.billing_mode":{"m":"tiered_expr"},"billing_setting.billing_expr":{"m":"1 / 0"}},"usage":{"prompt_tokens":1}} ; model_price_error
        {"model_name":"m","type":2,"other":{"is_task":true}}   ; invalid_line
        {"model_name":"m","type":2,"other":{}}                 ; invalid_line
        """)
    void aBadLineIsReportedAndTheOthersArePriced(String line, String code) {
        Shell.Result result = batch("{\"model\":\"gpt-4\",\"usage\":{\"prompt_tokens\":1}}\n" + line + "\n\n"
                + "{\"model\":\"gpt-4\",\"id\":\"last\",\"usage\":{\"prompt_tokens\":2}}");
        List<JsonNode> answers = answers(result);

        assertThat(answers).hasSize(3);
        assertThat(answers.get(0).path("quota").asLong()).isEqualTo(15);
        assertThat(answers.get(1).path("line").asLong()).isEqualTo(2);
        assertThat(answers.get(1).path("error").path("code").asText()).isEqualTo(code);
        assertThat(answers.get(1).path("error").path("message").asText()).isNotBlank();
        assertThat(answers.get(1).has("quota")).isFalse();
        assertThat(answers.get(2).path("line").asLong()).isEqualTo(4);
        assertThat(answers.get(2).path("id").asText()).isEqualTo("last");
        assertThat(answers.get(2).path("quota").asLong()).isEqualTo(30);
        assertThat(result.err()).contains("priced 2, failed 1, total quota 45").contains("1 of 3 lines");
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void theExplanationHasTheLinesOfTheCharge() {
        JsonNode answer = answers(batch("{\"model\":\"gpt-4o\",\"usage\":{\"prompt_tokens\":10}}\n", "--explain"))
                .get(0);

        assertThat(answer.path("quota").asLong()).isEqualTo(13);
        assertThat(answer.path("exact").asText()).isEqualTo("12.5");
        assertThat(answer.path("lines").get(0).path("subtotal").asText()).isEqualTo("12.5");
        assertThat(answer.path("other").path("model_ratio").asText()).isEqualTo("1.25");
    }

    @Test
    void aLineOfAnyLengthDoesNotEndTheBatch() {
        Shell.Result result = batch(
                "x".repeat(LineReader.MOST_BYTES + 1) + "\n{\"model\":\"gpt-4\",\"usage\":{\"prompt_tokens\":1}}\n");

        assertThat(answers(result).get(0).path("error").path("code").asText()).isEqualTo("line_too_long");
        assertThat(answers(result).get(1).path("quota").asLong()).isEqualTo(15);
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void aFileIsReadLikeStandardInput(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("calls.jsonl");
        Files.writeString(file, "{\"model\":\"gpt-4\",\"usage\":{\"prompt_tokens\":1}}\r\n");

        assertThat(new Shell(directory).run("price", "batch", file.toString()).out())
                .isEqualTo("{\"line\":1,\"quota\":15}\n");
        Shell.Result missing = new Shell(directory).run("price", "batch", file + ".none");
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).contains("cannot read");
    }

    @Test
    void linesAreReadOneByOne() throws IOException {
        LineReader lines = new LineReader(new ByteArrayInputStream("a\n\nb".getBytes(StandardCharsets.UTF_8)));

        assertThat(lines.next()).isTrue();
        assertThat(lines.line()).isEqualTo(new byte[] {'a'});
        assertThat(lines.next()).isTrue();
        assertThat(lines.isBlank()).isTrue();
        assertThat(lines.next()).isTrue();
        assertThat(lines.number()).isEqualTo(3);
        assertThat(lines.next()).isFalse();
    }
}

package io.newapi.server.relay.wire;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.channel.ChannelSwitch;
import io.newapi.core.estimate.TextEstimator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatRequestTest {

    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    private static ClientRequest understood(String body) {
        return understood(body.getBytes(UTF_8));
    }

    private static ClientRequest understood(byte[] body) {
        return ClientRequest.scan(WireFormat.CHAT, body).match(request -> request, error -> {
            throw new AssertionError(error);
        });
    }

    private static RelayError refused(String body) {
        return refused(body.getBytes(UTF_8));
    }

    private static RelayError refused(byte[] body) {
        return ClientRequest.scan(WireFormat.CHAT, body)
                .match(
                        request -> {
                            throw new AssertionError("understood");
                        },
                        error -> error);
    }

    private static String sent(String body, String model, boolean askForUsage) {
        return new String(understood(body).forUpstream(model, askForUsage, Set.of()), UTF_8);
    }

    // ---- what is read ----

    @Test
    void whatDecidesAboutRouteAndPriceIsRead() {
        ClientRequest request =
                understood("{\"model\":\"m\",\"stream\":true,\"max_tokens\":5,\"max_completion_tokens\":7,"
                        + "\"stream_options\":{\"include_usage\":true}," + MESSAGES + "}");

        assertThat(request.model()).isEqualTo("m");
        assertThat(request.stream()).isTrue();
        assertThat(request.usageWanted()).isTrue();
        assertThat(request.maxCompletionTokens()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"1, 50", "3, 150", "128, 6400", "null, 50"})
    void everyChoiceMayUseTheLimit(String n, long most) {
        assertThat(understood("{\"n\":" + n + ",\"model\":\"m\",\"max_tokens\":50," + MESSAGES + "}")
                        .maxCompletionTokens())
                .isEqualTo(most);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "129", "99999999999999999999", "1.5", "\"2\"", "[1]", "true"})
    void aNumberOfChoicesThatNobodyNeedsIsRefused(String n) {
        assertThat(refused("{\"model\":\"m\",\"n\":" + n + "," + MESSAGES + "}").param())
                .isEqualTo("n");
    }

    @Test
    void howMuchTheModelIsToThinkIsReadInPart() {
        String effort = "{\"model\":\"m\",\"reasoning_effort\":\"" + "high".repeat(10) + "\"," + MESSAGES + "}";

        assertThat(understood(effort).reasoningEffort()).isEqualTo("high".repeat(5));
        assertThat(understood(effort.replace("\"" + "high".repeat(10) + "\"", "[7]"))
                        .reasoningEffort())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{G,M,S}|{M,S}",
                "{M , G , S}|{M , S}",
                "{M,S , G }|{M,S }",
                "{ G,H,M,S}|{ M,S}",
                "{M,G , H,S}|{M,S}",
                "{M,S,G,H}|{M,S}",
                "{G, M ,H,S}|{M,S}",
                "{H,M,G}|{M}"
            })
    void guardedFieldsAreTakenOutWhereverTheyStand(String body, String expected) {
        String named = body.replace("G", "\"service_tier\": \"priority\"").replace("H", "\"speed\":1");
        String model = "\"model\":\"m\"," + MESSAGES;

        String sent = sent(named.replace("M", model).replace("S", "\"stream\":true"), "m", false);

        assertThat(sent).isEqualTo(expected.replace("M", model).replace("S", "\"stream\":true"));
    }

    @Test
    void guardedFieldsAreTakenOutBesideOtherChanges() {
        String body = "{\"speed\":{\"a\":[1]},\"service_tier\":\"x\",\"model\":\"m\",\"stream\":true," + MESSAGES + "}";

        assertThat(sent(body, "other", true))
                .isEqualTo("{\"stream_options\":{\"include_usage\":true},\"model\":\"other\",\"stream\":true,"
                        + MESSAGES + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'include_obfuscation':false}|{}|{'include_usage':true}",
                "{ 'include_obfuscation' : false }|{  }|{'include_usage':true  }",
                "{'include_obfuscation':false,'x':1}|{'x':1}|{'include_usage':true,'x':1}",
                "{'x':1,'include_obfuscation':false}|{'x':1}|{'include_usage':true,'x':1}",
                "{'x':1,'include_obfuscation':false,'y':2}|{'x':1,'y':2}|{'include_usage':true,'x':1,'y':2}",
                "{'include_obfuscation':false,'include_usage':false}|{'include_usage':false}|{'include_usage':true}"
            })
    void aGuardedFieldInsideTheOptionsOfAStreamIsTakenOut(String options, String kept, String asking) {
        String rest = "\"stream\":true,\"model\":\"m\"," + MESSAGES + ",\"stream_options\":";

        assertThat(sent("{" + rest + options.replace('\'', '"') + "}", "m", false))
                .isEqualTo("{" + rest + kept.replace('\'', '"') + "}");
        assertThat(sent("{" + rest + options.replace('\'', '"') + "}", "m", true))
                .isEqualTo("{" + rest + asking.replace('\'', '"') + "}");
    }

    @Test
    void aFieldThatAChannelForbidsGoesOnWhereNoneDoes() {
        String body = "{\"store\":true,\"model\":\"m\"," + MESSAGES + "}";

        assertThat(new String(understood(body).forUpstream("m", false, GuardedField.allowedBy(Set.of())), UTF_8))
                .isEqualTo(body);
        assertThat(new String(
                        understood(body)
                                .forUpstream("m", false, GuardedField.allowedBy(Set.of(ChannelSwitch.DISABLE_STORE))),
                        UTF_8))
                .isEqualTo("{\"model\":\"m\"," + MESSAGES + "}");
    }

    @Test
    void aGuardedFieldThatTheChannelAllowsStays() {
        String body = "{\"service_tier\":\"x\",\"speed\":1,\"model\":\"m\"," + MESSAGES + "}";

        assertThat(new String(understood(body).forUpstream("m", false, Set.of(GuardedField.SPEED)), UTF_8))
                .isEqualTo("{\"speed\":1,\"model\":\"m\"," + MESSAGES + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"Service_Tier\":1", "\"speed\":1,\"speed\":2"})
    void aGuardedFieldIsNotHidden(String fields) {
        assertThat(refused("{" + fields + ",\"model\":\"m\"," + MESSAGES + "}").status())
                .isEqualTo(400);
    }

    @Test
    void fieldsThatAreNullAreAsIfTheyWereMissing() {
        ClientRequest request = understood(
                "{\"model\":\"m\",\"stream\":null,\"max_tokens\":null,\"stream_options\":null," + MESSAGES + "}");

        assertThat(request.stream()).isFalse();
        assertThat(request.usageWanted()).isFalse();
        assertThat(request.maxCompletionTokens()).isZero();
    }

    @Test
    void escapedNamesAndValuesAreUnderstood() {
        ClientRequest request = understood("{\"mod\\u0065l\":\"gpt\\u002d4\\/x\"," + MESSAGES + "}");

        assertThat(request.model()).isEqualTo("gpt-4/x");
        assertThat(new String(request.forUpstream("other", false, Set.of()), UTF_8))
                .isEqualTo("{\"mod\\u0065l\":\"other\"," + MESSAGES + "}");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void theEstimateDoesNotDependOnWhereTheModelStands(boolean modelFirst) {
        String text = "Words, 中文 and \uD83D\uDE00 signs";
        String messages = "\"messages\":[{\"role\":\"user\",\"name\":\"bob\",\"content\":\"" + text + "\"}]";
        String model = "\"model\":\"claude-x\"";
        long estimate = understood("{" + (modelFirst ? model + "," + messages : messages + "," + model) + "}")
                .estimatedPromptTokens();

        // 3 for the message, 3 for the name, 3 for the request
        long ofText = TextEstimator.forModel("claude-x").estimate("user\nbob\n" + text + "\n");
        assertThat(estimate).isEqualTo(ofText + 9);
    }

    @Test
    void picturesAndToolsCountAndTheirBytesDoNot() {
        String plain = "{\"model\":\"m\",\"messages\":[{\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}]}]}";
        String picture = "{\"model\":\"m\",\"messages\":[{\"content\":[{\"type\":\"text\",\"text\":\"Hi\"},"
                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64," + "A".repeat(100_000)
                + "\"}}]}]}";
        String tool = plain.substring(0, plain.length() - 1)
                + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"deep\":[1]}}}]}";

        assertThat(understood(picture).estimatedPromptTokens())
                .isEqualTo(understood(plain).estimatedPromptTokens() + 520);
        assertThat(understood(tool).estimatedPromptTokens())
                .isGreaterThan(understood(plain).estimatedPromptTokens() + 8);
    }

    @Test
    void oddPartsAreLetThrough() {
        understood("{\"model\":\"m\",\"messages\":[{\"content\":[null,1,\"x\",[2]]},{},{\"tool_calls\":[[{\"a\":1}]]},"
                + "{\"content\":{\"a\":[1]},\"role\":7}],\"tools\":{\"a\":1},\"functions\":[{\"name\":\"f\"}]}");
    }

    // ---- what is refused ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "7",
                "\"x\"",
                "{",
                "{}",
                "{\"model\":\"m\"}",
                "{\"model\":\"\",\"messages\":[{}]}",
                "{\"model\":\" \",\"messages\":[{}]}",
                "{\"model\":7,\"messages\":[{}]}",
                "{\"model\":\"m\",\"messages\":[]}",
                "{\"model\":\"m\",\"messages\":{}}",
                "{\"model\":\"m\",\"messages\":[\"x\"]}",
                "{\"model\":\"m\",\"messages\":[{}],\"stream\":1}",
                "{\"model\":\"m\",\"messages\":[{}],\"stream\":\"true\"}",
                "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":-1}",
                "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":1.5}",
                "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":1073741824}",
                "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":99999999999999999999999999}",
                "{\"model\":\"m\",\"messages\":[{}],\"stream_options\":[]}",
                "{\"model\":\"m\",\"messages\":[{}],\"stream_options\":{\"include_usage\":\"yes\"}}",
                "{\"model\":\"m\",\"messages\":[{}],\"stream_options\":{\"include_usage\":true,\"include_usage\":false}}",
                "{\"model\":\"m\",\"messages\":[{}],\"stream_options\":{\"Include_Usage\":false}}",
                "{\"model\":\"m\",\"messages\":[{}]} trailing",
                "{\"model\":\"m\",\"messages\":[{}]}{}",
                "{\"model\":\"m\",\"messages\":[{}],}",
                "{'model':'m','messages':[{}]}",
                "{\"model\":\"m\",\"messages\":[{}],\"x\":NaN}"
            })
    void whatIsNoChatRequestIsTheClientsMistake(String body) {
        RelayError error = refused(body);

        assertThat(error.status()).isEqualTo(400);
        assertThat(error.message()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"model", "stream", "stream_options", "max_tokens", "max_completion_tokens", "messages", "n"})
    void aFieldThatDecidesMustNotStandInTheBodyTwice(String field) {
        String value = switch (field) {
            case "model" -> "\"m\"";
            case "messages" -> "[{}]";
            case "stream_options" -> "{}";
            case "stream" -> "true";
            default -> "1";
        };
        String once = "\"" + field + "\":" + value;
        String rest =
                (field.equals("model") ? "" : ",\"model\":\"m\"") + (field.equals("messages") ? "" : "," + MESSAGES);

        understood("{" + once + rest + "}");
        assertThat(refused("{" + once + rest + "," + once + "}").param()).isEqualTo(field);
        assertThat(refused("{\"" + field.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + field.substring(1) + "\":"
                                + value + rest + "," + once + "}")
                        .param())
                .as("programs that take no notice of letter case would believe the other one")
                .isEqualTo(field);
    }

    @Test
    void aNameThatIsEscapedIsTheSameName() {
        assertThat(refused("{\"model\":\"m\",\"m\\u006fdel\":\"x\"," + MESSAGES + "}")
                        .param())
                .isEqualTo("model");
    }

    @Test
    void otherEncodingsAreRefused() {
        String body = "{\"model\":\"m\"," + MESSAGES + "}";
        for (Charset charset : List.of(UTF_16LE, UTF_16BE, Charset.forName("UTF-32LE"), Charset.forName("UTF-32BE"))) {
            assertThat(refused(body.getBytes(charset)).status()).isEqualTo(400);
            assertThat(refused(("\uFEFF" + body).getBytes(charset)).status()).isEqualTo(400);
        }
        assertThat(refused(("\uFEFF" + body).getBytes(UTF_8)).message()).contains("byte order mark");
        assertThat(refused("{\"model\":\"\u00e9\"}".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void nestingWithoutEndIsRefused() {
        String deep = "[".repeat(100_000);

        assertThat(refused("{\"model\":\"m\"," + MESSAGES + ",\"x\":" + deep).status())
                .isEqualTo(400);
        assertThat(refused("{\"model\":\"m\",\"messages\":[{\"content\":" + deep)
                        .status())
                .isEqualTo(400);
        assertThat(refused("{\"model\":\"m\"," + MESSAGES + ",\"tools\":[" + deep)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aLongNameOfAModelIsRefusedAndNotRepeated() {
        RelayError error = refused("{\"model\":\"" + "x".repeat(5000) + "\"," + MESSAGES + "}");

        assertThat(error.param()).isEqualTo("model");
        assertThat(error.message().length()).isLessThan(200);
    }

    @Test
    void aHugeTextIsCountedAndKeptAsItIs() {
        String body = "{\"model\":\"m\",\"messages\":[{\"content\":\"" + "word ".repeat(2_000_000) + "\"}]}";

        ClientRequest request = understood(body);

        assertThat(request.estimatedPromptTokens()).isGreaterThan(2_000_000);
        assertThat(request.forUpstream("m", true, Set.of())).isEqualTo(body.getBytes(UTF_8));
    }

    // ---- what is sent ----

    @Test
    void nothingToChangeMeansTheSameBytes() {
        byte[] body = ("{\"model\":\"m\"," + MESSAGES + "}").getBytes(UTF_8);

        assertThat(understood(body).forUpstream("m", true, Set.of())).isSameAs(body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"m\",\"stream\":true,M}|"
                        + "{\"stream_options\":{\"include_usage\":true},\"model\":\"m\",\"stream\":true,M}",
                "{\"model\":\"m\",\"stream\":true,\"stream_options\": null ,M}|"
                        + "{\"model\":\"m\",\"stream\":true,\"stream_options\": {\"include_usage\":true} ,M}",
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":{},M}|"
                        + "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true},M}",
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":{ \"x\":[1] },M}|"
                        + "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true, \"x\":[1] },M}",
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\": false },M}|"
                        + "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\": true },M}",
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":null,\"x\":1},M}|"
                        + "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true,\"x\":1},M}",
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true},M}|"
                        + "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true},M}",
                "{\"model\":\"m\",\"stream\":false,M}|{\"model\":\"m\",\"stream\":false,M}",
            })
    void usageIsAskedForWhateverStreamOptionsSay(String body, String expected) {
        assertThat(sent(body.replace("M", MESSAGES), "m", true)).isEqualTo(expected.replace("M", MESSAGES));
    }

    @Test
    void usageIsNotAskedForWhereItIsNotUnderstood() {
        String body = "{\"model\":\"m\",\"stream\":true," + MESSAGES + "}";

        assertThat(sent(body, "m", false)).isEqualTo(body);
    }

    @Test
    void theUpstreamsNameIsWrittenAsJson() {
        assertThat(sent("{\"model\":\"m\"," + MESSAGES + "}", "a\"b\\c\u0001é", false))
                .isEqualTo("{\"model\":\"a\\\"b\\\\c\\u0001é\"," + MESSAGES + "}");
    }

    /** Everything but the model and the switch is the client's, byte for byte. */
    @Property(tries = 200)
    void theRestOfTheBodyStaysAsItIs(
            @ForAll @NotBlank @StringLength(max = 30) String model,
            @ForAll @StringLength(max = 60) String content,
            @ForAll @IntRange(max = 5) int spaces,
            @ForAll @IntRange(max = 23) int order,
            @ForAll boolean stream) {
        List<String> fields = new ArrayList<>(List.of(
                "\"x" + spaces + "\" : [1.0e0, {\"model\":\"no\",\"stream\":1, \"stream_options\":{}}]",
                "\"messages\":"
                        + new JsonArray()
                                .add(new JsonObject().put("content", content).put("model", "no"))
                                .encode(),
                "\"stream\":" + " ".repeat(spaces) + stream));
        String mark = "\"model\":" + " ".repeat(spaces);
        String name = "\""
                + new String(com.fasterxml.jackson.core.io.JsonStringEncoder.getInstance()
                        .quoteAsString(model)) + "\"";
        fields.add(order % 4, mark + name);
        String body = " { " + String.join(" ,\t", fields) + "\n} ";

        ClientRequest request = understood(body);
        assertThat(request.model()).isEqualTo(model);
        String mapped = new String(request.forUpstream("other-model", false, Set.of()), UTF_8);
        assertThat(mapped).isEqualTo(body.replace(mark + name, mark + "\"other-model\""));

        String asked = new String(request.forUpstream(model, true, Set.of()), UTF_8);
        assertThat(asked)
                .isEqualTo(stream ? " {\"stream_options\":{\"include_usage\":true}," + body.substring(2) : body);
    }
}

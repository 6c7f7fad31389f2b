package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What arrives at providers whose channels change the calls that go through them. */
class ShapedCallsTest {

    private static final String OPENAI_ANSWER =
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":4,\"total_tokens\":14}}";
    private static final String RESPONSES_ANSWER =
            "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\",\"model\":\"m\",\"output\":[],"
                    + "\"usage\":{\"input_tokens\":10,\"output_tokens\":4,\"total_tokens\":14}}";
    private static final String ANTHROPIC_ANSWER =
            "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
                    + "\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                    + "\"usage\":{\"input_tokens\":10,\"output_tokens\":4}}";
    private static final String GEMINI_ANSWER =
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}],\"role\":\"model\"},\"finishReason\":\"STOP\","
                    + "\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":4,"
                    + "\"totalTokenCount\":14}}";

    /** Ten text units read at one unit each, four written at two. */
    private static final long PRICE = 10 + 2 * 4;

    private final RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    /** A format in which a client asks. */
    private enum Client {
        CHAT("/v1/chat/completions") {
            @Override
            JsonObject question() {
                return new JsonObject()
                        .put("model", Chat.MODEL)
                        .put("messages", new JsonArray().add(said("user", "Hello")));
            }

            @Override
            JsonObject instructed(JsonObject question, String words) {
                question.getJsonArray("messages").add(0, said("system", words));
                return question;
            }
        },
        MESSAGES("/v1/messages") {
            @Override
            JsonObject question() {
                return new JsonObject()
                        .put("model", Chat.MODEL)
                        .put("max_tokens", 100)
                        .put("messages", new JsonArray().add(said("user", "Hello")));
            }

            @Override
            JsonObject instructed(JsonObject question, String words) {
                return question.put("system", words);
            }
        },
        RESPONSES("/v1/responses") {
            @Override
            JsonObject question() {
                return new JsonObject().put("model", Chat.MODEL).put("input", "Hello");
            }

            @Override
            JsonObject instructed(JsonObject question, String words) {
                return question.put("instructions", words);
            }
        },
        GEMINI("/v1beta/models/" + Chat.MODEL + ":generateContent") {
            @Override
            JsonObject question() {
                return new JsonObject()
                        .put("contents", new JsonArray().add(parts("Hello").put("role", "user")));
            }

            @Override
            JsonObject instructed(JsonObject question, String words) {
                return question.put("systemInstruction", parts(words));
            }
        };

        private final String path;

        Client(String path) {
            this.path = path;
        }

        abstract JsonObject question();

        abstract JsonObject instructed(JsonObject question, String words);

        private static JsonObject said(String role, String words) {
            return new JsonObject().put("role", role).put("content", words);
        }

        private static JsonObject parts(String words) {
            return new JsonObject().put("parts", new JsonArray().add(new JsonObject().put("text", words)));
        }
    }

    /** The type of a channel, and what its provider answers. */
    private enum Provider {
        OPENAI(1, OPENAI_ANSWER),
        ANTHROPIC(14, ANTHROPIC_ANSWER),
        GOOGLE(24, GEMINI_ANSWER);

        private final int type;
        private final String answer;

        Provider(int type, String answer) {
            this.type = type;
            this.answer = answer;
        }

        String answer(Client client) {
            return this == OPENAI && client == Client.RESPONSES ? RESPONSES_ANSWER : answer;
        }
    }

    private static Stream<Arguments> pairs() {
        return Stream.of(Client.values())
                .flatMap(client -> Stream.of(Provider.values()).map(provider -> Arguments.of(client, provider)));
    }

    private ScriptedUpstream upstream(Provider provider, Consumer<ScriptedUpstream.Reply> script) {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, script);
        relay.channel(upstream.url(), made -> made.type(provider.type));
        return upstream;
    }

    private ScriptedUpstream openAi() {
        return upstream(Provider.OPENAI, reply -> reply.json(200, OPENAI_ANSWER));
    }

    private RawClient.Reply post(String path, String body, String... headers) {
        try (RawClient client = relay.connect()) {
            return client.post(path, body, headers).reply();
        }
    }

    private static String json(String quoted) {
        return quoted.replace('\'', '"');
    }

    // ---- the body

    @ParameterizedTest
    @MethodSource("pairs")
    void anOverrideChangesWhatGoesToAProviderInEveryFormat(Client client, Provider provider) {
        ScriptedUpstream upstream = upstream(provider, reply -> reply.json(200, provider.answer(client)));
        relay.shape(json("{'operations':[{'mode':'set','path':'own.deep','value':1.50}]}"), "", "")
                .start();

        RawClient.Reply reply = post(client.path, client.question().encode());

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(upstream.bodies().get(0)).contains(json("'own':{'deep':1.50}"), "Hello");
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }

    @Test
    void anotherModelOrLimitUpstreamDoesNotChangeTheNameByWhichACallIsCharged() {
        ScriptedUpstream upstream = openAi();
        relay.shape(json("{'model':'dear-model','max_tokens':100000}"), "", "").start();

        RawClient.Reply reply = relay.chat(Chat.request(false));

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(new JsonObject(upstream.bodies().get(0)).getString("model")).isEqualTo("dear-model");
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
        assertThat(relay.log().modelName()).isEqualTo(Chat.MODEL);
    }

    @Test
    void conditionsKnowTheNamesOfTheModelAndTheHeadersOfTheClient() {
        ScriptedUpstream upstream = upstream(Provider.OPENAI, reply -> reply.json(200, OPENAI_ANSWER));
        relay.shape(
                        json("{'operations':[{'mode':'set','path':'seen','value':true,'logic':'AND','conditions':["
                                + "{'path':'original_model','mode':'full','value':'" + Chat.MODEL + "'},"
                                + "{'path':'request_headers.x-plan','mode':'full','value':'gold'}]}]}"),
                        "",
                        "")
                .start();

        post("/v1/chat/completions", Chat.request(false), "X-Plan: gold");
        post("/v1/chat/completions", Chat.request(false), "X-Plan: tin");

        assertThat(upstream.bodies().get(0)).contains("\"seen\":true");
        assertThat(upstream.bodies().get(1)).doesNotContain("seen");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            param_override  | {'operations':[{'mode':'explode'}]} | ''          | ''
            param_override  | {oops                               | ''          | ''
            header_override | ''                                  | {'A':1}     | ''
            setting         | ''                                  | ''          | {'proxy':'ftp://x'}
            setting         | ''                                  | ''          | {oops
            """)
    void aChannelThatAnotherProgramMisconfiguredFailsAndOthersAreTried(
            String column, String params, String headers, String setting) {
        ScriptedUpstream bad = openAi();
        relay.shape(text(params), text(headers), text(setting));
        ScriptedUpstream good = openAi();
        relay.retries(1).start();

        RawClient.Reply reply = relay.chat(Chat.request(false));

        assertThat(reply.status()).as(column).isEqualTo(200);
        assertThat(bad.calls()).isZero();
        assertThat(good.calls()).isEqualTo(1);
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }

    private static String text(String quoted) {
        return quoted.equals("''") ? "" : json(quoted);
    }

    @Test
    void aMisconfiguredChannelThatIsTheOnlyOneIsNamedByItsCode() {
        openAi();
        relay.shape("{\"operations\":[{}]}", "", "").start();

        RawClient.Reply reply = relay.chat(Chat.request(false));

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.body()).contains("channel:param_override_invalid");
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void aRequestThatAnOverrideDoesNotFitGoesToAnotherChannel() {
        ScriptedUpstream first = openAi();
        relay.shape(json("{'operations':[{'mode':'to_lower','path':'user'}]}"), "", "");
        ScriptedUpstream second = openAi();
        relay.retries(1).start();

        assertThat(relay.chat(Chat.request(false)).status()).isEqualTo(200);
        assertThat(relay.chat(new JsonObject(Chat.request(false))
                                .put("user", "ADA")
                                .encode())
                        .status())
                .isEqualTo(200);

        assertThat(second.calls()).isEqualTo(1);
        assertThat(first.bodies()).singleElement().asString().contains("\"user\":\"ada\"");
    }

    @Test
    void aChannelMayAnswerWithAnErrorOfItsOwn() {
        ScriptedUpstream upstream = openAi();
        relay.shape(
                json("{'operations':[{'mode':'return_error','value':{'message':'no pictures here','status_code':415,"
                        + "'code':'no_pictures'}}]}"),
                "",
                "");
        ScriptedUpstream other = openAi();
        relay.retries(1).start();

        RawClient.Reply reply = relay.chat(Chat.request(false));

        assertThat(reply.status()).isEqualTo(415);
        assertThat(reply.body()).contains("no pictures here", "no_pictures");
        assertThat(upstream.calls() + other.calls()).isZero();
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void aLargeRequestIsChangedToo() {
        int bytes = 2 * RelaySettings.LARGE_BYTES;
        try (RelayHarness large =
                new RelayHarness(RelayHarness.large(2L * bytes, RelayHarness.SETTINGS.idleTimeout()))) {
            ScriptedUpstream upstream = ScriptedUpstream.start(large.vertx, reply -> reply.json(200, OPENAI_ANSWER));
            large.channel(upstream.url())
                    .shape(json("{'own':1}"), "", json("{'system_prompt':'Be kind.'}"))
                    .start();

            RawClient.Reply reply = large.chat(Chat.request(false, "x".repeat(bytes)));

            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            assertThat(upstream.bodies().get(0)).contains("\"own\":1", "Be kind.");
        }
    }

    // ---- headers

    @Test
    void theChannelsHeadersWin() {
        ScriptedUpstream upstream = openAi();
        relay.shape(
                        "",
                        json(
                                "{'Authorization':'Key {api_key}','Host':'other.example','X-Id':'{client_header:X-Trace}',"
                                        + "'X-None':'{client_header:X-Missing}','re:^x-own':'','Content-Type':'application/json; v=2'}"),
                        "")
                .start();

        RawClient.Reply reply = post(
                "/v1/chat/completions",
                Chat.request(false),
                "X-Trace: t-1",
                "X-Own-One: 1",
                "X-Other: 2",
                "Cookie: c=1");

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(upstream.heads().get(0).toLowerCase(Locale.ROOT).split("\r\n"))
                .contains(
                        "authorization: key " + RelayHarness.CHANNEL_KEY.toLowerCase(Locale.ROOT),
                        "host: other.example",
                        "x-id: t-1",
                        "x-own-one: 1",
                        "content-type: application/json; v=2")
                .noneMatch(
                        line -> line.startsWith("x-none") || line.startsWith("x-other") || line.startsWith("cookie"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'*':''}", "{'X-A':'{client_header:Authorization}'}"})
    void theKeyOfTheClientNeverGoesToAProvider(String override) {
        ScriptedUpstream upstream = openAi();
        relay.shape("", json(override), "").start();

        RawClient.Reply reply = post("/v1/chat/completions", Chat.request(false), "X-Trace: t-1");

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(upstream.heads().get(0)).doesNotContain(RelayHarness.KEY);
    }

    @Test
    void operationsMayChangeHeadersBeforeThoseThatAreSetLast() {
        ScriptedUpstream upstream = openAi();
        relay.shape(
                        json(
                                "{'operations':[{'mode':'set_header','path':'X-A','value':'first'},"
                                        + "{'mode':'set_header','path':'X-B','value':'first'},{'mode':'pass_headers','value':'X-Trace'}]}"),
                        json("{'X-B':'last'}"),
                        "")
                .start();

        post("/v1/chat/completions", Chat.request(false), "X-Trace: t-1");

        assertThat(upstream.heads().get(0)).contains("X-A: first", "X-B: last", "X-Trace: t-1");
    }

    @Test
    void aCredentialInAHeaderIsNotRepeatedInAnError() {
        upstream(Provider.OPENAI, reply -> reply.json(400, json("{'error':{'message':'bad key my-own-secret-1'}}")));
        relay.shape("", json("{'X-Key':'my-own-secret-1'}"), "").start();

        RawClient.Reply reply = relay.chat(Chat.request(false));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("bad key").doesNotContain("my-own-secret-1");
    }

    // ---- instructions

    @ParameterizedTest
    @MethodSource("pairs")
    void aChannelGivesInstructionsWhereTheClientGivesNone(Client client, Provider provider) {
        ScriptedUpstream upstream = upstream(provider, reply -> reply.json(200, provider.answer(client)));
        relay.shape("", "", json("{'system_prompt':'Be kind.'}")).start();

        post(client.path, client.question().encode());
        post(client.path, client.instructed(client.question(), "Be brief.").encode());

        assertThat(upstream.bodies().get(0)).contains("Be kind.", "Hello");
        assertThat(upstream.bodies().get(1)).contains("Be brief.", "Hello").doesNotContain("Be kind.");
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE, PRICE);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aChannelGivesInstructionsBeforeThoseOfTheClient(Client client, Provider provider) {
        ScriptedUpstream upstream = upstream(provider, reply -> reply.json(200, provider.answer(client)));
        relay.shape("", "", json("{'system_prompt':'Be kind.','system_prompt_override':true}"))
                .start();

        post(client.path, client.question().encode());
        post(client.path, client.instructed(client.question(), "Be brief.").encode());

        assertThat(upstream.bodies().get(0)).contains("Be kind.");
        assertThat(upstream.bodies().get(1)).containsSubsequence("Be kind.", "Be brief.");
    }

    @ParameterizedTest
    @CsvSource({"o3-mini,developer", "gpt-5,developer", "o1-mini,system", "o1-preview,system", "gpt-4o,system"})
    void modelsThatReasonHaveADeveloperInsteadOfASystem(String upstreamModel, String role) {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, OPENAI_ANSWER));
        relay.channel(upstream.url(), Map.of(Chat.MODEL, upstreamModel), Map.of());
        relay.shape("", "", json("{'system_prompt':'Be kind.'}")).start();

        relay.chat(Chat.request(false));

        JsonObject body = new JsonObject(upstream.bodies().get(0));
        assertThat(body.getString("model")).isEqualTo(upstreamModel);
        assertThat(body.getJsonArray("messages").getJsonObject(0))
                .isEqualTo(new JsonObject().put("role", role).put("content", "Be kind."));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            CHAT      | {'messages':[{'role':'system','content':'A'}]}  | {'messages':[{'role':'system','content':'K\\nA'}]}
            CHAT      | {'messages':[{'role':'system','content':[{'type':'text','text':'A'}]}]} | {'messages':[{'role':'system','content':[{'type':'text','text':'K'},{'type':'text','text':'A'}]}]}
            CHAT      | {'messages':[{'role':'system','content':null}]} | {'messages':[{'role':'system','content':'K'}]}
            CHAT      | {'messages':[{'role':'user','content':'B'},{'role':'developer','content':'A'}]} | {'messages':[{'role':'user','content':'B'},{'role':'developer','content':'K\\nA'}]}
            MESSAGES  | {'system':''}                                   | {'system':'K'}
            MESSAGES  | {'system':'A'}                                  | {'system':'K\\nA'}
            MESSAGES  | {'system':[{'type':'text','text':'A'}]}         | {'system':[{'type':'text','text':'K'},{'type':'text','text':'A'}]}
            RESPONSES | {'instructions':'A'}                            | {'instructions':'K\\nA'}
            RESPONSES | {'instructions':''}                             | {'instructions':'K'}
            GEMINI    | {'systemInstruction':{'parts':[{'text':'A'}]}}  | {'systemInstruction':{'parts':[{'text':'K'},{'text':'A'}]}}
            GEMINI    | {'systemInstruction':{'parts':[{'text':''}]}}   | {'systemInstruction':{'parts':[{'text':'K'}]}}
            GEMINI    | {'system_instruction':{'parts':[{'text':'A'}]}} | {'system_instruction':{'parts':[{'text':'K'},{'text':'A'}]}}
            """)
    void instructionsStandInFrontInTheFormOfTheClients(Client client, String own, String sent) {
        Provider provider = switch (client) {
            case CHAT, RESPONSES -> Provider.OPENAI;
            case MESSAGES -> Provider.ANTHROPIC;
            case GEMINI -> Provider.GOOGLE;
        };
        ScriptedUpstream upstream = upstream(provider, reply -> reply.json(200, provider.answer(client)));
        relay.shape("", "", json("{'system_prompt':'K','system_prompt_override':true}"))
                .start();

        JsonObject question = client.question();
        new JsonObject(json(own)).forEach(field -> question.put(field.getKey(), field.getValue()));
        RawClient.Reply reply = post(client.path, question.encode());

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        JsonObject body = new JsonObject(upstream.bodies().get(0));
        new JsonObject(json(sent))
                .forEach(field -> assertThat(body.getValue(field.getKey())).isEqualTo(field.getValue()));
    }

    // ---- passing through

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aProviderThatSpeaksTheClientsFormatGetsItsBytesWhereAChannelOrTheNodePassesThemThrough(boolean everywhere) {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, OPENAI_ANSWER));
        relay.channel(upstream.url(), Map.of(Chat.MODEL, "mapped"), Map.of());
        relay.shape(
                json("{'temperature':1}"),
                json("{'X-A':'1'}"),
                everywhere ? "" : json("{'pass_through_body_enabled':true,'system_prompt':'Be kind.'}"));
        relay.option("global.pass_through_request_enabled", Boolean.toString(everywhere))
                .start();
        String body = " {\"service_tier\" : \"flex\", " + Chat.request(false).substring(1) + " ";

        RawClient.Reply reply = relay.chat(body);

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(upstream.bodies()).containsExactly(body);
        assertThat(upstream.heads().get(0)).contains("X-A: 1");
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }

    @Test
    void aProviderThatDoesNotSpeakTheClientsFormatGetsATranslationAllTheSame() {
        ScriptedUpstream upstream = upstream(Provider.ANTHROPIC, reply -> reply.json(200, ANTHROPIC_ANSWER));
        relay.shape(json("{'own':1}"), "", json("{'pass_through_body_enabled':true}"))
                .start();

        RawClient.Reply reply = relay.chat(Chat.request(false));

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(upstream.bodies().get(0)).contains("\"max_tokens\":8192", "\"own\":1");
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }

    @Test
    void aStreamThatIsPassedThroughIsChargedToo() {
        ScriptedUpstream upstream = upstream(
                Provider.OPENAI,
                reply -> reply.streamHead()
                        .text("Hi")
                        .finish()
                        .usage(10, 4)
                        .done()
                        .end());
        relay.shape("", "", json("{'pass_through_body_enabled':true}")).start();

        RawClient.Reply reply = relay.chat(Chat.requestWithUsage());

        assertThat(reply.status()).isEqualTo(200);
        assertThat(upstream.bodies()).containsExactly(Chat.requestWithUsage());
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }
}

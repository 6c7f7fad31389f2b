package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Counts;
import io.newapi.sandbox.Sandbox;
import io.newapi.sandbox.SandboxOptions;
import io.newapi.sandbox.Script;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients of each format before a provider of each, which refuses what the real one refuses. */
class SandboxTranslationTest {

    private static final String SCHEMA =
            "{'type':'object','properties':{'city':{'type':'string'}},'required':['city']}";

    private static final int QUESTIONS = 3;

    /** Sampling out of another's range, reasoning with little room, turns in an order that another does not know. */
    private static final String AWKWARD = """
            CHAT {'max_tokens':200,'reasoning_effort':'high','messages':[USER]}
            CHAT {'reasoning_effort':'high','messages':[USER]}
            CHAT {'max_completion_tokens':5000,'reasoning_effort':'low','temperature':0.3,'messages':[USER]}
            CHAT {'max_tokens':200,'temperature':1.5,'messages':[USER]}
            CHAT {'max_tokens':200,'messages':[{'role':'assistant','content':'hi'},USER]}
            CHAT {'max_tokens':200,'messages':[{'role':'system','content':'alone'}]}
            CHAT {'max_tokens':200,'messages':[USER,{'role':'assistant','content':''},USER]}
            CHAT {'max_tokens':200,'messages':[{'role':'user','content':''},USER]}
            CHAT {'max_tokens':200,'metadata':{'a':'b'},'user':'u','seed':1,'messages':[USER]}
            CHAT {'response_format':{'type':'json_object'},'messages':[USER]}
            CHAT {'response_format':{'type':'json_schema','json_schema':{'name':'n','schema':SCHEMA}},'messages':[USER]}
            CHAT {'tools':[{'type':'function','function':{'name':'f','parameters':SCHEMA}}],'messages':[USER]}
            CHAT {'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':'required','messages':[USER]}
            CHAT {'tools':[{'type':'function','function':{'name':'f'}}],'parallel_tool_calls':false,'messages':[USER]}
            MESSAGES {'max_tokens':2000,'thinking':{'type':'enabled','budget_tokens':1024},'messages':[USER]}
            MESSAGES {'max_tokens':200,'stop_sequences':['x'],'top_k':3,'metadata':{'user_id':'u'},'messages':[USER]}
            MESSAGES {'max_tokens':200,'messages':[USER,{'role':'assistant','content':'{'}]}
            RESPONSES {'reasoning':{'effort':'high','summary':'auto'},'input':'hi'}
            RESPONSES {'text':{'format':{'type':'json_schema','name':'n','schema':SCHEMA}},'input':'hi'}
            GEMINI {'contents':[{'parts':[{'text':'x'}]}],'generationConfig':{'temperature':1.7}}
            GEMINI {'contents':[{'role':'model','parts':[{'text':'y'}]},{'role':'user','parts':[{'text':'x'}]}]}""".replace(
                    "SCHEMA",
                    "{'$schema':'x','type':'object','properties':{'a':{'anyOf':[{'type':'string'},{'type':'null'}]},"
                            + "'b':{'const':3},'c':{'type':['string','null']}},'additionalProperties':false}");

    private final RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    /** A provider by the type of its channel. */
    private enum Provider {
        OPENAI(1, ""),
        COMPATIBLE(27, "/v1"),
        AZURE(3, ""),
        ANTHROPIC(14, ""),
        GEMINI(24, "");

        private final int type;
        private final String below;

        /** @param below what the provider's base URL has behind its host */
        Provider(int type, String below) {
            this.type = type;
            this.below = below;
        }
    }

    /** A client's format with a question that is answered by text, one by a call, and one with a call's result. */
    private enum Client {
        CHAT(
                "/v1/chat/completions",
                "{'max_tokens':200,'messages':[{'role':'system','content':'Be brief.'},{'role':'user','content':'Rain?'}]}",
                "{'max_tokens':200,'messages':[{'role':'user','content':'call weather'}],'tools':[{'type':'function',"
                        + "'function':{'name':'weather','parameters':SCHEMA}}],'tool_choice':'auto'}",
                "{'max_tokens':200,'messages':[{'role':'user','content':'call weather'},{'role':'assistant','content':null,"
                        + "'tool_calls':[{'id':'c1','type':'function','function':{'name':'weather','arguments':'{}'}},"
                        + "{'id':'c2','type':'function','function':{'name':'weather','arguments':'{}'}}]},"
                        + "{'role':'tool','tool_call_id':'c1','content':'sunny'},"
                        + "{'role':'tool','tool_call_id':'c2','content':'windy'}],"
                        + "'tools':[{'type':'function','function':{'name':'weather','parameters':SCHEMA}}]}"),
        MESSAGES(
                "/v1/messages",
                "{'max_tokens':200,'system':'Be brief.','messages':[{'role':'user','content':'Rain?'}]}",
                "{'max_tokens':200,'messages':[{'role':'user','content':'call weather'}],'tools':[{'name':'weather',"
                        + "'input_schema':SCHEMA}],'tool_choice':{'type':'auto'}}",
                "{'max_tokens':200,'messages':[{'role':'user','content':'call weather'},{'role':'assistant','content':["
                        + "{'type':'text','text':'I look.'},"
                        + "{'type':'tool_use','id':'c1','name':'weather','input':{}},"
                        + "{'type':'tool_use','id':'c2','name':'weather','input':{}}]},{'role':'user','content':["
                        + "{'type':'tool_result','tool_use_id':'c1','content':'sunny'},"
                        + "{'type':'tool_result','tool_use_id':'c2','content':[{'type':'text','text':'windy'}]}]}],"
                        + "'tools':[{'name':'weather','input_schema':SCHEMA}]}"),
        RESPONSES(
                "/v1/responses",
                "{'max_output_tokens':200,'instructions':'Be brief.','input':'Rain?'}",
                "{'max_output_tokens':200,'input':'call weather','tools':[{'type':'function','name':'weather',"
                        + "'parameters':SCHEMA}],'tool_choice':'auto'}",
                "{'max_output_tokens':200,'input':[{'role':'user','content':'call weather'},"
                        + "{'type':'function_call','call_id':'c1','name':'weather','arguments':'{}'},"
                        + "{'type':'function_call','call_id':'c2','name':'weather','arguments':'{}'},"
                        + "{'type':'function_call_output','call_id':'c1','output':'sunny'},"
                        + "{'type':'function_call_output','call_id':'c2','output':'windy'}],"
                        + "'tools':[{'type':'function','name':'weather','parameters':SCHEMA}]}"),
        GEMINI(
                "/v1beta/models/" + Chat.MODEL + ":generateContent",
                "{'systemInstruction':{'parts':[{'text':'Be brief.'}]},'contents':[{'role':'user','parts':[{'text':'Rain?'}]}],"
                        + "'generationConfig':{'maxOutputTokens':200}}",
                "{'contents':[{'role':'user','parts':[{'text':'call weather'}]}],'tools':[{'functionDeclarations':["
                        + "{'name':'weather','parameters':SCHEMA}]}],'generationConfig':{'maxOutputTokens':200}}",
                "{'contents':[{'role':'user','parts':[{'text':'call weather'}]},{'role':'model','parts':["
                        + "{'functionCall':{'name':'weather','args':{}}},{'functionCall':{'name':'weather','args':{}}}]},"
                        + "{'role':'user','parts':[{'functionResponse':{'name':'weather','response':{'r':'sunny'}}},"
                        + "{'functionResponse':{'name':'weather','response':{'r':'windy'}}}]}],"
                        + "'tools':[{'functionDeclarations':[{'name':'weather','parameters':SCHEMA}]}],"
                        + "'generationConfig':{'maxOutputTokens':200}}");

        private final String path;
        private final String questions;

        Client(String path, String... questions) {
            this.path = path;
            this.questions = String.join("\n", questions);
        }

        JsonObject question(int number) {
            // Google knows no such word in a schema.
            String schema = this == GEMINI ? SCHEMA : SCHEMA.replace("}}", "}},'additionalProperties':false");
            JsonObject question = new JsonObject(
                    questions.split("\n", -1)[number].replace("SCHEMA", schema).replace('\'', '"'));
            return this == GEMINI ? question : question.put("model", Chat.MODEL);
        }

        String streamPath() {
            return path.replace(":generateContent", ":streamGenerateContent?alt=sse");
        }

        String stream(int number) {
            JsonObject question = question(number);
            return (this == GEMINI ? question : question.put("stream", true)).encode();
        }
    }

    static List<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (Client client : Client.values()) {
            for (Provider provider : Provider.values()) {
                pairs.add(Arguments.of(client, provider));
            }
        }
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void noTranslationIsRefused(Client client, Provider provider) {
        Sandbox sandbox = RelayHarness.await(
                Sandbox.start(relay.vertx, SandboxOptions.DEFAULTS.withScript(Script.PLAIN.withUsage(9, 5, 0))));
        relay.channel(sandbox.url() + provider.below, made -> made.type(provider.type));
        relay.start();

        for (int number = 0; number < QUESTIONS; number++) {
            RawClient.Reply whole = post(client.path, client.question(number).encode());
            RawClient.Reply stream = post(client.streamPath(), client.stream(number));

            assertThat(whole.status()).as(whole.body()).isEqualTo(200);
            assertThat(stream.status()).as(stream.body()).isEqualTo(200);
            assertThat(whole.body()).contains(number == 1 ? "weather" : "alpha bravo");
            assertThat(stream.body())
                    .contains(number == 1 ? "weather" : "bravo")
                    .doesNotContain("\"error\":{");
        }
        assertThat(sandbox.counts()).isEqualTo(new Counts(2 * QUESTIONS, 0, 2 * QUESTIONS, 0, 0, 0));
        relay.finish();
        assertThat(relay.charges()).hasSize(2 * QUESTIONS).containsOnly(9L + 2 * 5);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsAwkwardElsewhereIsNotRefused(Provider provider) {
        Sandbox sandbox = RelayHarness.await(Sandbox.start(relay.vertx, SandboxOptions.DEFAULTS));
        relay.channel(sandbox.url() + provider.below, made -> made.type(provider.type));
        relay.start();

        for (String awkward : AWKWARD.split("\n", -1)) {
            Client client = Client.valueOf(awkward.substring(0, awkward.indexOf(' ')));
            String question =
                    awkward.substring(awkward.indexOf(' ') + 1).replace("USER", "{'role':'user','content':'x'}");
            JsonObject body = new JsonObject(question.replace('\'', '"'));
            RawClient.Reply reply = post(
                    client.path,
                    client == Client.GEMINI
                            ? body.encode()
                            : body.put("model", Chat.MODEL).encode());

            assertThat(reply.status()).as(awkward + reply.body()).isEqualTo(200);
        }
        relay.finish();
    }

    private RawClient.Reply post(String path, String body) {
        try (RawClient connection = relay.connect()) {
            return connection.post(path, body).reply();
        }
    }
}

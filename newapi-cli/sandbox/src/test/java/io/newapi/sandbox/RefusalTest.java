package io.newapi.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the real providers refuse is refused: a translation that makes such a request is wrong. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class RefusalTest {

    private Sandbox sandbox;
    private Caller caller;

    @BeforeAll
    void start() {
        sandbox = Sandbox.start(SandboxOptions.DEFAULTS).await();
        caller = new Caller(sandbox);
    }

    @AfterAll
    void stop() {
        sandbox.close().await();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'messages':[]}                                        | you must provide a model
            {'model':'m'}                                          | Missing required parameter: 'messages'
            {'model':'m','messages':[]}                            | empty array
            {'model':'m','messages':['x']}                         | Invalid type for 'messages[0]'
            {'model':'m','messages':[{'content':'x'}]}             | Missing required parameter: 'messages[0].role'
            {'model':'m','messages':[{'role':'model','content':'x'}]} | Invalid value: 'model'
            {'model':'m','messages':[{'role':'user','content':null}]} | Invalid type for 'messages[0].content'
            {'model':'m','messages':[{'role':'user','content':[{'type':'image'}]}]} | Invalid value: 'image'
            {'model':'m','messages':[{'role':'assistant'}]}        | Invalid type for 'messages[0].content'
            {'model':'m','messages':[{'role':'tool','tool_call_id':'c','content':'x'}]} | must be a response to a preceding message
            {'model':'m','messages':[{'role':'assistant','tool_calls':[{'id':'c'}]},{'role':'tool','tool_call_id':'d','content':'x'}]} | must be a response
            {'model':'m','messages':[{'role':'assistant','tool_calls':[{'id':'c'}]},{'role':'user','content':'x'}]} | did not have response messages: c
            {'model':'m','messages':[{'role':'assistant','tool_calls':[{'id':'c'}]}]} | did not have response messages: c
            {'model':'m','messages':[{'role':'assistant','tool_calls':[{'id':'c','function':{'name':'f','arguments':{}}}]}]} | expected a string
            {'model':'m','messages':[{'role':'user','content':'x'}],'temperature':3} | Invalid 'temperature'
            {'model':'m','messages':[{'role':'user','content':'x'}],'max_tokens':0} | Invalid 'max_tokens'
            {'model':'m','messages':[{'role':'user','content':'x'}],'stream_options':{}} | only allowed when 'stream' is enabled
            {'model':'m','messages':[{'role':'user','content':'x'}],'tool_choice':'auto'} | only allowed when 'tools' are specified
            {'model':'m','messages':[{'role':'user','content':'x'}],'tools':[{'type':'function','function':{'name':'f'}}],'tool_choice':{'function':{'name':'g'}}} | no such tool: g
            """)
    void ofChat(String body, String why) {
        assertRefused("/v1/chat/completions", body, why, "invalid_request_error");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'input':'x'}                                          | Missing required parameter: 'model'
            {'model':'m'}                                          | Missing required parameter: 'input'
            {'model':'m','input':7}                                | Invalid type for 'input'
            {'model':'m','input':[{'role':'tool','content':'x'}]}  | Invalid value: 'tool'
            {'model':'m','input':[{'role':'user','content':[{'type':'text','text':'x'}]}]} | Invalid value: 'text'
            {'model':'m','input':[{'role':'assistant','content':[{'type':'input_text','text':'x'}]}]} | Invalid value: 'input_text'
            {'model':'m','input':[{'type':'function_call_output','call_id':'c','output':'x'}]} | No tool call found for function call output with call_id c
            {'model':'m','input':[{'type':'function_call','call_id':'c','name':'f','arguments':'{}'}]} | No tool output found for function call c
            {'model':'m','input':[{'type':'tool_use'}]}            | Invalid value: 'tool_use'
            {'model':'m','input':'x','max_output_tokens':3}        | Invalid 'max_output_tokens'
            {'model':'m','input':'x','previous_response_id':'r'}   | not found
            {'model':'m','input':'x','tools':[{'type':'function','function':{'name':'f'}}]} | Missing required parameter: 'tools[0].name'
            """)
    void ofResponses(String body, String why) {
        assertRefused("/v1/responses", body, why, "invalid_request_error");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'max_tokens':9,'messages':[{'role':'user','content':'x'}]} | model: Field required
            {'model':'m','messages':[{'role':'user','content':'x'}]} | max_tokens: Field required
            {'model':'m','max_tokens':9}                           | messages: Field required
            {'model':'m','max_tokens':9,'messages':[]}             | at least one message is required
            {'model':'m','max_tokens':9,'messages':[{'role':'system','content':'x'}]} | Input should be 'user' or 'assistant'
            {'model':'m','max_tokens':9,'messages':[{'role':'assistant','content':'x'}]} | first message must use the "user" role
            {'model':'m','max_tokens':9,'messages':[{'role':'user','content':''}]} | non-empty content
            {'model':'m','max_tokens':9,'messages':[{'role':'user','content':[{'type':'text','text':''}]}]} | text content blocks must be non-empty
            {'model':'m','max_tokens':9,'messages':[{'role':'user','content':[{'type':'image_url'}]}]} | Input tag 'image_url'
            {'model':'m','max_tokens':9,'messages':[{'role':'user','content':[{'type':'tool_result','tool_use_id':'t'}]}]} | unexpected `tool_use_id` found in `tool_result` blocks: t
            {'model':'m','max_tokens':9,'messages':[{'role':'user','content':'x'},{'role':'assistant','content':[{'type':'tool_use','id':'t','name':'f','input':{}}]},{'role':'user','content':'x'}]} | ids were found without `tool_result` blocks immediately after: t
            {'model':'m','max_tokens':9,'messages':[{'role':'user','content':'x'},{'role':'assistant','content':[{'type':'tool_use','id':'t','name':'f','input':'{}'}]}]} | Input should be a valid dictionary
            {'model':'m','max_tokens':9,'messages':[{'role':'user','content':'x'},{'role':'assistant','content':[{'type':'thinking','thinking':'a','signature':'b'}]}]} | Invalid `signature` in `thinking` block
            {'model':'m','max_tokens':9,'n':1,'messages':[{'role':'user','content':'x'}]} | n: Extra inputs are not permitted
            {'model':'m','max_tokens':9,'temperature':1.5,'messages':[{'role':'user','content':'x'}]} | less than or equal to 1
            {'model':'m','max_tokens':9,'thinking':{'type':'enabled','budget_tokens':1024},'messages':[{'role':'user','content':'x'}]} | must be greater than `thinking.budget_tokens`
            {'model':'m','max_tokens':9,'tools':[{'name':'f'}],'messages':[{'role':'user','content':'x'}]} | input_schema: Field required
            {'model':'m','max_tokens':9,'tool_choice':{'type':'auto'},'messages':[{'role':'user','content':'x'}]} | while providing tools
            """)
    void ofMessages(String body, String why) {
        assertRefused("/v1/messages", body, why, "\"type\":\"error\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                     | contents is not specified
            {'messages':[]}                                        | Unknown name "messages"
            {'contents':[{'parts':[]}]}                            | must not be empty
            {'contents':[{'parts':[{'type':'text'}]}]}             | required oneof field 'data'
            {'contents':[{'role':'assistant','parts':[{'text':'x'}]}]} | Please use a valid role: user, model.
            {'contents':[{'role':'user','parts':[{'functionResponse':{'name':'f','response':{}}}]}]} | comes immediately after a function call turn
            {'contents':[{'role':'model','parts':[{'functionCall':{'name':'f','args':{}}}]}]} | comes immediately after a user turn
            {'contents':[{'parts':[{'text':'x'}]},{'role':'model','parts':[{'functionCall':{'name':'f'}}]},{'parts':[{'text':'x'}]}]} | comes immediately after a function call turn
            {'contents':[{'parts':[{'text':'x'}]},{'role':'model','parts':[{'functionCall':{'name':'f'}},{'functionCall':{'name':'f'}}]},{'parts':[{'functionResponse':{'name':'f'}}]}]} | number of function response parts
            {'contents':[{'parts':[{'text':'x'}]}],'tools':[{'functionDeclarations':[{'name':'f','parameters':{'type':'object','additionalProperties':false}}]}]} | Unknown name "additionalProperties"
            {'contents':[{'parts':[{'text':'x'}]}],'generationConfig':{'temperature':3}} | must be in the range
            """)
    void ofGemini(String body, String why) {
        assertRefused("/v1beta/models/g:generateContent", body, why, "\"status\":\"INVALID_ARGUMENT\"");
    }

    private void assertRefused(String path, String body, String why, String shape) {
        HttpResponse<String> answer =
                caller.post(path, new JsonObject(body.replace('\'', '"')), "anthropic-version", "2023-06-01");

        JsonObject error = new JsonObject(answer.body()).getJsonObject("error");
        assertThat(answer.statusCode()).as(body).isEqualTo(400);
        assertThat(error.getString("message")).contains(why);
        assertThat(answer.body()).contains(shape);
        assertThat(sandbox.counts().answered()).isZero();
    }
}

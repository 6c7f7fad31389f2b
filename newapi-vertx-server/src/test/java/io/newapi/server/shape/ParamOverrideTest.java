package io.newapi.server.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operations make of a body; texts of this test are JSON with single quotes. */
class ParamOverrideTest {

    private static final ClientHeaders CLIENT = new ClientHeaders(List.of(
            Map.entry("X-Trace", "t-1"),
            Map.entry("Authorization", "Bearer sk-client"),
            Map.entry("User-Agent", "curl")));

    private static String json(String quoted) {
        return quoted.replace('\'', '"');
    }

    private static ParamOverride one(String operation) {
        return ParamOverride.parse(json("{'operations':[" + operation + "]}"));
    }

    private static Draft draft(String body, int retries) {
        ObjectNode tree = Trees.object(json(body)).orElseThrow();
        OutgoingHeaders headers =
                new OutgoingHeaders().set("Authorization", "Bearer key").set("X-Own", "1");
        return Draft.of(tree, headers, CLIENT, new CallFacts("gpt-4o", "vendor/gpt-4o", retries));
    }

    private static String bytes(Draft draft) {
        return new String(Trees.bytes(draft.body()), StandardCharsets.UTF_8);
    }

    private static String applied(ParamOverride override, String body) {
        Draft draft = draft(body, 0);
        override.apply(draft);
        return bytes(draft);
    }

    @ParameterizedTest(name = "{0} makes of {1} {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'mode':'set','path':'a','value':1}                      | {'b':2}                 | {'b':2,'a':1}
            {'mode':'prune_objects','value':'x'}                     | {'m':[{'c':[{'type':'x'},{'type':'y'}]},{'type':'x'}],'t':{'type':'x'}} | {'m':[{'c':[{'type':'y'}]}]}
            {'mode':'prune_objects','path':'m','value':'x'}          | {'m':[{'type':'x'}],'n':[{'type':'x'}]} | {'m':[],'n':[{'type':'x'}]}
            {'mode':'prune_objects','path':'m','value':{'type':'x','recursive':false}} | {'m':[{'type':'x'},{'c':[{'type':'x'}]}]} | {'m':[{'c':[{'type':'x'}]}]}
            {'mode':'prune_objects','value':{'where':{'type':'x','a.b':1}}} | {'m':[{'type':'x'},{'type':'x','a':{'b':1.0}}]} | {'m':[{'type':'x'}]}
            {'mode':'prune_objects','path':'m','value':{'conditions':[{'path':'id','mode':'gt','value':1}]}} | {'m':[{'id':1},{'id':2}]} | {'m':[{'id':1}]}
            {'mode':'prune_objects','path':'nothing','value':'x'}    | {'m':[{'type':'x'}]}    | {'m':[{'type':'x'}]}
            {'mode':'sync_fields','from':'header:X-Trace','to':'json:a.b'} | {}                | {'a':{'b':'t-1'}}
            {'mode':'sync_fields','from':'json:a','to':'header:X-Trace'} | {}                  | {'a':'t-1'}
            {'mode':'sync_fields','from':'header:X-Trace','to':'json:a'} | {'a':'mine'}        | {'a':'mine'}
            {'mode':'sync_fields','from':'header:X-Trace','to':'json:a'} | {'a':''}            | {'a':'t-1'}
            {'mode':'sync_fields','from':'json:a','to':'json:b'}     | {'a':[1]}               | {'a':[1],'b':[1]}
            {'mode':'sync_fields','from':'header:Authorization-Of-Nobody','to':'json:a'} | {}  | {}
            {'mode':'set','path':'a','value':null}                   | {'a':2}                 | {'a':null}
            {'mode':'set','path':'a.b.c','value':true}               | {}                      | {'a':{'b':{'c':true}}}
            {'mode':'set','path':'a.0.b','value':1}                  | {}                      | {'a':[{'b':1}]}
            {'mode':'set','path':'a.b','value':1}                    | {'a':null}              | {'a':{'b':1}}
            {'mode':'set','path':'m.1.x','value':9}                  | {'m':[{},{'x':1}]}      | {'m':[{},{'x':9}]}
            {'mode':'set','path':'m.-1.x','value':9}                 | {'m':[{},{'x':1}]}      | {'m':[{},{'x':9}]}
            {'mode':'set','path':'m.2','value':9}                    | {'m':[1,2]}             | {'m':[1,2,9]}
            {'mode':'set','path':'a\\\\.b','value':1}                | {}                      | {'a.b':1}
            {'mode':'set','path':'a','value':1,'keep_origin':true}   | {'a':null}              | {'a':null}
            {'mode':'set','path':'a','value':1,'keep_origin':true}   | {}                      | {'a':1}
            {'mode':'delete','path':'a.b'}                           | {'a':{'b':1,'c':2}}     | {'a':{'c':2}}
            {'mode':'delete','path':'m.-1'}                          | {'m':[1,2,3]}           | {'m':[1,2]}
            {'mode':'delete','path':'m.7'}                           | {'m':[1]}               | {'m':[1]}
            {'mode':'delete','path':'nothing.here'}                  | {'m':[1]}               | {'m':[1]}
            {'mode':'move','from':'a','to':'b.c'}                    | {'a':1}                 | {'b':{'c':1}}
            {'mode':'move','from':'a','to':'a'}                      | {'a':1}                 | {'a':1}
            {'mode':'copy','from':'a','to':'b'}                      | {'a':{'x':1}}           | {'a':{'x':1},'b':{'x':1}}
            {'mode':'prepend','path':'m','value':0}                  | {'m':[1]}               | {'m':[0,1]}
            {'mode':'prepend','path':'m','value':[8,9]}              | {'m':[1]}               | {'m':[8,9,1]}
            {'mode':'append','path':'m','value':[[2]]}               | {'m':[1]}               | {'m':[1,[2]]}
            {'mode':'append','path':'m','value':{'x':1}}             | {'m':[]}                | {'m':[{'x':1}]}
            {'mode':'prepend','path':'t','value':'a '}               | {'t':'b'}               | {'t':'a b'}
            {'mode':'append','path':'t','value':' c'}                | {'t':'b'}               | {'t':'b c'}
            {'mode':'append','path':'o','value':{'a':1,'b':2}}       | {'o':{'a':0}}           | {'o':{'a':1,'b':2}}
            {'mode':'append','path':'o','value':{'a':1,'b':2},'keep_origin':true} | {'o':{'a':0}} | {'o':{'a':0,'b':2}}
            {'mode':'trim_prefix','path':'t','value':'ab'}           | {'t':'abc'}             | {'t':'c'}
            {'mode':'trim_prefix','path':'t','value':'x'}            | {'t':'abc'}             | {'t':'abc'}
            {'mode':'trim_suffix','path':'t','value':'bc'}           | {'t':'abc'}             | {'t':'a'}
            {'mode':'ensure_prefix','path':'t','value':'x/'}         | {'t':'abc'}             | {'t':'x/abc'}
            {'mode':'ensure_prefix','path':'t','value':'x/'}         | {'t':'x/abc'}           | {'t':'x/abc'}
            {'mode':'ensure_suffix','path':'t','value':'!'}          | {'t':'abc'}             | {'t':'abc!'}
            {'mode':'ensure_suffix','path':'t','value':'!'}          | {'t':'abc!'}            | {'t':'abc!'}
            {'mode':'trim_space','path':'t'}                         | {'t':' a b '}           | {'t':'a b'}
            {'mode':'to_lower','path':'t'}                           | {'t':'AbC'}             | {'t':'abc'}
            {'mode':'to_upper','path':'t'}                           | {'t':'AbC'}             | {'t':'ABC'}
            {'mode':'replace','path':'t','from':'b','to':'$1'}       | {'t':'abab'}            | {'t':'a$1a$1'}
            {'mode':'replace','path':'t','from':'b'}                 | {'t':'abc'}             | {'t':'ac'}
            {'mode':'regex_replace','path':'t','from':'([a-z])([0-9])','to':'$2${1}$$'} | {'t':'a1b2'} | {'t':'1a$2b$'}
            {'mode':'regex_replace','path':'t','from':'(?P<x>b+)','to':'<${x}>'} | {'t':'abba'} | {'t':'a<bb>a'}
            """)
    void anOperationChangesWhatItNames(String operation, String before, String after) {
        assertThat(applied(one(operation), before)).isEqualTo(json(after));
    }

    @ParameterizedTest(name = "{0} cannot be done to {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'mode':'set','path':'a.b','value':1}                | {'a':1}
            {'mode':'set','path':'m.5','value':1}                | {'m':[1]}
            {'mode':'set','path':'m.-2','value':1}               | {'m':[1]}
            {'mode':'set','path':'m.x','value':1}                | {'m':[1]}
            {'mode':'move','from':'a','to':'b'}                  | {}
            {'mode':'copy','from':'a','to':'b'}                  | {}
            {'mode':'append','path':'a','value':1}               | {'a':1}
            {'mode':'append','path':'a','value':1}               | {}
            {'mode':'append','path':'o','value':'x'}             | {'o':{}}
            {'mode':'trim_space','path':'a'}                     | {'a':1}
            {'mode':'sync_fields','from':'json:a','to':'header:X'} | {'a':[1]}
            {'mode':'sync_fields','from':'json:a','to':'header:X'} | {'a':'b\\nc'}
            {'mode':'set','path':'z','value':1,'conditions':[{'path':'a','mode':'full','value':'1'}]} | {'a':1}
            {'mode':'set','path':'z','value':1,'conditions':[{'path':'a','mode':'gt','value':1}]}     | {'a':'2'}
            """)
    void whatMakesNoSenseForARequestIsSaidWithTheNumberOfTheOperation(String operation, String body) {
        assertThatThrownBy(() -> applied(one(operation), body))
                .isInstanceOf(NotApplicableException.class)
                .hasMessageStartingWith("operation 1: ");
    }

    @ParameterizedTest(name = "{0} of {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'path':'a','mode':'full','value':'x'}                                   | {'a':'x'}       | true
            {'path':'a','mode':'full','value':'x'}                                   | {'a':'y'}       | false
            {'path':'a','mode':'full','value':1.0}                                   | {'a':1}         | true
            {'path':'a','mode':'full','value':true}                                  | {'a':false}     | false
            {'path':'a','mode':'full','value':null}                                  | {'a':null}      | true
            {'path':'a','mode':'full','value':null}                                  | {'a':1}         | false
            {'path':'a','mode':'full','value':{'b':1}}                               | {'a':{'b':1}}   | true
            {'path':'a','mode':'prefix','value':'ab'}                                | {'a':'abc'}     | true
            {'path':'a','mode':'prefix','value':'b'}                                 | {'a':'abc'}     | false
            {'path':'a','mode':'suffix','value':'bc'}                                | {'a':'abc'}     | true
            {'path':'a','mode':'contains','value':'b'}                               | {'a':'abc'}     | true
            {'path':'a','mode':'contains','value':'x'}                               | {'a':'abc'}     | false
            {'path':'a','mode':'gt','value':0.1}                                     | {'a':0.10000000000000000001} | true
            {'path':'a','mode':'gt','value':1}                                       | {'a':1}         | false
            {'path':'a','mode':'gte','value':1}                                      | {'a':1}         | true
            {'path':'a','mode':'lt','value':1}                                       | {'a':0}         | true
            {'path':'a','mode':'lte','value':1}                                      | {'a':1}         | true
            {'path':'a','mode':'lte','value':1}                                      | {'a':2}         | false
            {'path':'a','mode':'full','value':'x','invert':true}                     | {'a':'y'}       | true
            {'path':'a','mode':'full','value':'x'}                                   | {}              | false
            {'path':'a','mode':'full','value':'x','pass_missing_key':true}           | {}              | true
            {'path':'a','mode':'full','value':'x','invert':true}                     | {}              | true
            {'path':'a','mode':'full','value':'x','invert':true,'pass_missing_key':true} | {}          | false
            {'path':'m.-1.role','mode':'full','value':'user'}                        | {'m':[{},{'role':'user'}]} | true
            {'path':'model','mode':'prefix','value':'vendor/'}                       | {}              | true
            {'path':'upstream_model','mode':'full','value':'vendor/gpt-4o'}          | {}              | true
            {'path':'original_model','mode':'full','value':'gpt-4o'}                 | {}              | true
            {'path':'model','mode':'full','value':'gpt-4o'}                          | {'model':'gpt-4o'} | true
            {'path':'request_headers.x-trace','mode':'full','value':'t-1'}           | {}              | true
            {'path':'request_headers.authorization','mode':'prefix','value':'B'}     | {}              | false
            {'path':'is_retry','mode':'full','value':false}                          | {}              | true
            {'path':'retry_index','mode':'full','value':0}                           | {}              | true
            """)
    void anOperationActsWhenItsConditionHolds(String condition, String body, boolean holds) {
        ParamOverride override = one("{'mode':'set','path':'z','value':1,'conditions':[" + condition + "]}");

        Draft draft = draft(body, 0);
        override.apply(draft);

        assertThat(draft.body().has("z")).isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource({"'',true", "OR,true", "or,true", "AND,false", "and,false"})
    void oneConditionIsEnoughUnlessAllAreAskedFor(String logic, boolean acts) {
        ParamOverride override = one("{'mode':'set','path':'z','value':1,'logic':'" + logic + "','conditions':["
                + "{'path':'a','mode':'full','value':1},{'path':'a','mode':'full','value':2}]}");

        assertThat(applied(override, "{'a':1}").contains("\"z\"")).isEqualTo(acts);
    }

    @Test
    void operationsWorkOnWhatTheOneBeforeHasLeft() {
        ParamOverride override = one("{'mode':'move','from':'max_tokens','to':'max_completion_tokens'},"
                + "{'mode':'set','path':'stop.0','value':'a'},{'mode':'append','path':'stop','value':'b'}");

        assertThat(applied(override, "{'max_tokens':5}"))
                .isEqualTo(json("{'max_completion_tokens':5,'stop':['a','b']}"));
    }

    @Test
    void fieldsWithoutOperationsReplaceThoseOfTheSameName() {
        ParamOverride override = ParamOverride.parse(json("{'temperature':0.10,'a.b':1,'stop':null}"));

        assertThat(applied(override, "{'temperature':1,'top_p':0.50}"))
                .isEqualTo(json("{'temperature':0.10,'top_p':0.50,'a.b':1,'stop':null}"));
    }

    @Test
    void fieldsBesideOperationsComeFirst() {
        ParamOverride override =
                ParamOverride.parse(json("{'operations':[{'mode':'append','path':'stop','value':'b'}],'stop':['a']}"));

        assertThat(applied(override, "{}")).isEqualTo(json("{'stop':['a','b']}"));
    }

    @Test
    void numbersKeepAllTheirDigits() {
        String body = json("{'seed':12345678901234567890123,'t':0.1000000000000000000001,'p':1.00}");

        assertThat(applied(one("{'mode':'set','path':'x','value':2.50}"), body))
                .isEqualTo(body.replace("}", ",\"x\":2.50}"));
    }

    @Test
    void aRequestDoesNotChangeTheOverrideForTheNext() {
        ParamOverride override = one("{'mode':'set','path':'a','value':[]},{'mode':'append','path':'a','value':1}");

        assertThat(applied(override, "{}")).isEqualTo(json("{'a':[1]}"));
        assertThat(applied(override, "{}")).isEqualTo(json("{'a':[1]}"));
    }

    @Test
    void aBlankTextChangesNothing() {
        assertThat(ParamOverride.parse(" ").isEmpty()).isTrue();
        assertThat(ParamOverride.parse("null").isEmpty()).isTrue();
        assertThat(ParamOverride.parse("{}").isEmpty()).isTrue();
        assertThat(ParamOverride.parse("{\"a\":1}").isEmpty()).isFalse();
    }

    @ParameterizedTest(name = "{0} returns {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'not here'                                              | 400 | invalid_request | not here | true
            {'message':'no','status_code':451,'code':'c','type':'t'} | 451 | c              | no       | true
            {'msg':'no','status':503,'skip_retry':false}            | 503 | invalid_request | no       | false
            """)
    void anErrorIsReturnedInPlaceOfACall(String value, int status, String code, String message, boolean last) {
        assertThatThrownBy(() -> applied(one("{'mode':'return_error','value':" + value + "}"), "{}"))
                .isInstanceOfSatisfying(
                        ReturnedErrorException.class,
                        returned -> assertThat(returned.error())
                                .extracting(
                                        ReturnedError::status,
                                        ReturnedError::code,
                                        ReturnedError::message,
                                        ReturnedError::last)
                                .containsExactly(status, code, message, last));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'mode':'set_header','path':'X-New','value':'a'}                         | {Authorization=Bearer key, X-New=a, X-Own=1}
            {'mode':'set_header','path':'x-own','value':'a'}                         | {Authorization=Bearer key, x-own=a}
            {'mode':'set_header','path':'x-own','value':'a','keep_origin':true}      | {Authorization=Bearer key, X-Own=1}
            {'mode':'delete_header','path':'AUTHORIZATION'}                          | {X-Own=1}
            {'mode':'copy_header','from':'X-Own','to':'X-Too'}                       | {Authorization=Bearer key, X-Own=1, X-Too=1}
            {'mode':'copy_header','from':'x-trace','to':'X-Id'}                      | {Authorization=Bearer key, X-Id=t-1, X-Own=1}
            {'mode':'copy_header','from':'x-none','to':'X-Id'}                       | {Authorization=Bearer key, X-Own=1}
            {'mode':'move_header','from':'authorization','to':'api-key'}             | {api-key=Bearer key, X-Own=1}
            {'mode':'move_header','from':'X-Own','to':'x-own'}                       | {Authorization=Bearer key, x-own=1}
            {'mode':'pass_headers','value':['X-Trace','User-Agent','X-None']}        | {Authorization=Bearer key, User-Agent=curl, X-Own=1, X-Trace=t-1}
            {'mode':'pass_headers','value':'x-trace, authorization'}                 | {Authorization=Bearer key, X-Own=1, x-trace=t-1}
            """)
    void anOperationMayChangeHeaders(String operation, String headers) {
        Draft draft = draft("{}", 0);

        one(operation).apply(draft);

        assertThat(draft.headers().all()).hasToString(headers);
    }

    @Test
    void aHeaderMayBeWhatStandsInTheBody() {
        Draft draft = draft("{'key':7}", 0);

        one("{'mode':'sync_fields','from':'header:X-Key','to':'json:key'}").apply(draft);

        assertThat(draft.headers().get("x-key")).contains("7");
        assertThat(bytes(draft)).isEqualTo("{\"key\":7}");
    }

    @Test
    void aRepeatedCallIsKnownAsSuch() {
        Draft draft = draft("{}", 2);

        one("{'mode':'set','path':'z','value':1,'conditions':[{'path':'retry_index','mode':'gte','value':2}]}")
                .apply(draft);

        assertThat(bytes(draft)).isEqualTo("{\"z\":1}");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'path':'a'}                                        | operation 1: mode is missing
            {'mode':3}                                          | operation 1: mode must be a text
            {'mode':'explode','path':'a'}                       | operation 1 (explode): mode is not one that is known
            {'mode':'set','value':1}                            | operation 1 (set): path is missing
            {'mode':'set','path':'a'}                           | operation 1 (set): value is missing
            {'mode':'set','path':'a..b','value':1}              | operation 1 (set): a path is empty, or a part of it is
            {'mode':'set','path':'a.#.b','value':1}             | operation 1 (set): a path may not hold #; a backslash before it makes it part of a name
            {'mode':'set','path':'a','value':1,'keep_origin':1} | operation 1 (set): keep_origin must be true or false
            {'mode':'set','path':'a','value':1,'logic':'XOR'}   | operation 1 (set): logic must be AND or OR
            {'mode':'set','path':'a','value':1,'conditions':{}} | operation 1 (set): conditions must be a list
            {'mode':'set','path':'a','value':1,'conditions':[{'path':'b','mode':'like','value':1}]} | operation 1 (set): condition 1: mode is not one that is known
            {'mode':'set','path':'a','value':1,'conditions':[{'path':'b','mode':'full'}]} | operation 1 (set): condition 1: value is missing
            {'mode':'move','from':'a'}                          | operation 1 (move): to is missing
            {'mode':'copy','to':'a'}                            | operation 1 (copy): from is missing
            {'mode':'ensure_prefix','path':'a','value':''}      | operation 1 (ensure_prefix): value must be a text that is not empty
            {'mode':'replace','path':'a','to':'b'}              | operation 1 (replace): from is missing
            {'mode':'regex_replace','path':'a','from':'(b'}     | operation 1 (regex_replace): the pattern cannot be read: missing closing )
            {'mode':'regex_replace','path':'a','from':'b','to':'$1'} | operation 1 (regex_replace): to names a group that the pattern does not have
            {'mode':'return_error'}                             | operation 1 (return_error): value is missing
            {'mode':'return_error','value':{'status':200,'message':'m'}} | operation 1 (return_error): the status must be from 400 to 599
            {'mode':'return_error','value':7}                   | operation 1 (return_error): value must be a message, or an object with a message
            {'mode':'set_header','path':'X Y','value':'a'}      | operation 1 (set_header): a header's name is empty, or holds a character that it must not
            {'mode':'set_header','path':'X','value':'a\\nb: c'} | operation 1 (set_header): a header's value holds a line end, or another character that it must not
            {'mode':'set_header','path':'Content-Length','value':'3'} | operation 1 (set_header): the header Content-Length is not a channel's to set
            {'mode':'pass_headers','value':[]}                  | operation 1 (pass_headers): value must name the headers
            {'mode':'prune_objects','value':7}                  | operation 1 (prune_objects): value must be a type, or an object
            {'mode':'prune_objects','value':{}}                 | operation 1 (prune_objects): value must say which objects: type, where or conditions
            {'mode':'prune_objects','value':{'where':[]}}       | operation 1 (prune_objects): where must be an object
            {'mode':'sync_fields','from':'a','to':'json:b'}     | operation 1 (sync_fields): from and to must begin with header: or json:
            {'mode':'sync_fields','from':'header:Te','to':'json:b'} | operation 1 (sync_fields): the header Te is not a channel's to set
            """)
    void whatCannotBeDoneIsRefusedWithTheNameOfTheOperation(String operation, String message) {
        assertThatThrownBy(() -> one(operation))
                .isInstanceOf(InvalidShapeException.class)
                .hasMessage(message);
    }

    @Test
    void theNumberOfAnOperationCountsFromOne() {
        assertThatThrownBy(() -> one("{'mode':'delete','path':'a'},{'mode':'delete'}"))
                .hasMessage("operation 2 (delete): path is missing");
        assertThatThrownBy(() -> ParamOverride.parse("{\"operations\":[3]}"))
                .hasMessage("operations must hold objects");
        assertThatThrownBy(() -> ParamOverride.parse("[1]")).hasMessage("not a JSON object");
        assertThatThrownBy(() -> ParamOverride.parse("{")).hasMessage("not a JSON object");
    }
}

package io.newapi.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values for schemas as clients write them. */
class ExampleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'type':'string'}                                      | 'sandbox'
            {'type':'STRING'}                                      | 'sandbox'
            {'type':['integer','null']}                            | 1
            {'type':'number'}                                      | 1.5
            {'enum':['b','c']}                                     | 'b'
            {'const':7}                                            | 7
            {'anyOf':[{'type':'boolean'},{'type':'null'}]}         | true
            {'type':'array','items':{'type':'integer'}}            | [1]
            {'type':'array'}                                       | []
            {'type':'object','properties':{'a':{'type':'object'}}} | {'a':{}}
            {'$ref':'#/x'}                                         | 'sandbox'
            """)
    void aValueFitsItsSchema(String schema, String value) {
        JsonObject object = new JsonObject(("{'properties':{'p':" + schema + "}}").replace('\'', '"'));

        assertThat(Example.of(object).encode()).isEqualTo(("{'p':" + value + "}").replace('\'', '"'));
    }
}

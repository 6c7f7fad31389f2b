package io.newapi.server.relay.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MentionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'a':'the LOW balance'} | true",
                "{'a':[1,{'b':['low balance']}]} | true",
                "{'a':'l\\u006Fw balance'} | true",
                "{'Low Balance':1} | true",
                "{'a':'low','b':' balance'} | false",
                "{'a':'a balance'} | false",
                "{} | false",
                "{'a':1 | true"
            })
    void wordsAreFoundHoweverTheyAreWritten(String body, boolean mentioned) {
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);

        assertThat(Mention.of("low balance", bytes)).isEqualTo(mentioned);
    }
}

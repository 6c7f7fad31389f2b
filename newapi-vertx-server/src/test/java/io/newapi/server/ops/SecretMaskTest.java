package io.newapi.server.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretMaskTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    token sk-AbCdEf0123456789 refused            | token sk-*** refused
                    sk-proj-a_b-c_0123456789                     | sk-***
                    AIzaSyA0123456789abcdefghijklmnopqrstu       | AIza***
                    Authorization: Bearer eyJhbGciOi.J9.x_y      | Authorization: Bearer ***
                    sent bearer abcdef0123456789                 | sent bearer ***
                    GET /v1beta/models?key=hunter2&alt=sse       | GET /v1beta/models?key=***&alt=sse
                    api_key=hunter2, apiKey=hunter2              | api_key=***, apiKey=***
                    access_token=hunter2 rest                    | access_token=*** rest
                    {"api_key":"hunter2","model":"m"}            | {"api_key":"***","model":"m"}
                    {"password": "hunter2"}                      | {"password": "***"}
                    x-api-key: hunter2                           | x-api-key: ***
                    x-goog-api-key: hunter2                      | x-goog-api-key: ***
                    Authorization: Basic aHVudGVyMg==            | Authorization: Basic ***
                    Cookie: session=hunter2                      | Cookie: ***
                    redis://:hunter2@redis:6379/0                | redis://:***@redis:6379/0
                    postgres://root:hunter2@db/newapi            | postgres://root:***@db/newapi
                    open root:hunter2@tcp(db:3306)/newapi failed | open ***@tcp(db:3306)/newapi failed
                    """)
    void whatLooksLikeAKeyIsHidden(String text, String masked) {
        assertThat(SecretMask.mask(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1/chat/completions 200 12ms user=7 model=gpt-4o tokens=1200",
                "task-0123456789 and disk-0123456789 are done",
                "duplicate key: channel 7",
                "monkey=banana",
                "a bearer of news",
                "SESSION_SECRET is not set",
                "http://db:3306/path@home"
            })
    void otherTextsStayAsTheyAre(String text) {
        assertThat(SecretMask.mask(text)).isEqualTo(text);
    }

    @Test
    void longTextsOfOneWordAreNoTrap() {
        String word = "a".repeat(LogLine.MAX_CHARS);

        assertThatCode(() -> {
                    SecretMask.mask(word);
                    SecretMask.mask("://" + word);
                    SecretMask.mask("key=" + word);
                    SecretMask.mask("sk-" + word);
                })
                .doesNotThrowAnyException();
    }
}

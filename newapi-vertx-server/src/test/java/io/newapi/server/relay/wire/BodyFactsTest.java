package io.newapi.server.relay.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.newapi.core.pricing.expression.Value;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyFactsTest {

    private static final String BODY =
            "{'speed':'fast','on':true,'off':false,'none':null,'n':1.50,'deep':{'a':{'b':7}},"
                    + "'list':[ {'x':1}, [2, 3], 'end' ],'empty':[],'':'no name'}";

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "speed, fast",
                "on, true",
                "off, false",
                "n, 1.50",
                "deep.a.b, 7",
                "list.0.x, 1",
                "list.1.1, 3",
                "list.2, end",
                "list.#, 3",
                "list.1.#, 2",
                "empty.#, 0",
                "\"\", no name"
            })
    void aPathLeadsToAValue(String path, String text) {
        assertThat(of(BODY).param(path).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "none",
        "missing",
        "speed.x",
        "deep.#",
        "list.3",
        "list.-1",
        "list.00",
        "list.x",
        "list.99999999999",
        "deep.a.b.c",
        "n.#"
    })
    void whatIsAbsentIsNothing(String path) {
        assertThat(of(BODY).param(path)).isEqualTo(Value.NIL);
    }

    @Test
    void numbersAreExactAndTruthIsNoText() {
        BodyFacts facts = of(BODY);

        assertThat(facts.param("n")).isEqualTo(Value.of(new BigDecimal("1.5")));
        assertThat(facts.param("on")).isEqualTo(Value.of(true));
        assertThat(of("{'n':9007199254740993}").param("n")).isEqualTo(Value.of(new BigDecimal("9007199254740993")));
    }

    @Test
    void objectsAndListsAreTheirText() {
        assertThat(of(BODY).param("deep")).isEqualTo(Value.of("{\"a\":{\"b\":7}}"));
        assertThat(of(BODY).param("list")).isEqualTo(Value.of("[{\"x\":1},[2,3],\"end\"]"));
    }

    @Test
    void twoValuesInOnePlaceAreAmbiguousAndOnlyWhereTheyAreAskedFor() {
        BodyFacts facts = of("{'a':1,'b':{'c':1,'c':2},'a':2,'d':3}");

        assertThatIllegalArgumentException().isThrownBy(() -> facts.param("a")).withMessageContaining("a stands");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> facts.param("b.c"))
                .withMessageContaining("c stands");
        assertThat(facts.param("d").text()).isEqualTo("3");
    }

    @Test
    void headersThatAreNotThereAreEmpty() {
        BodyFacts facts = new BodyFacts(held("{}"), Map.of("x-tier", "gold")::get);

        assertThat(facts.header("x-tier")).isEqualTo("gold");
        assertThat(facts.header("other")).isEmpty();
    }

    private static BodyFacts of(String body) {
        return new BodyFacts(held(body), name -> null);
    }

    private static Content held(String body) {
        return Content.of(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}

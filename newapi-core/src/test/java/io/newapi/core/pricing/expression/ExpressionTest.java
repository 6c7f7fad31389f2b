package io.newapi.core.pricing.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {

    private static final Quantities COUNTS = Quantities.of(Map.of(
            Variable.P, 10L,
            Variable.C, 3L,
            Variable.LEN, 12L,
            Variable.CR, 2L,
            Variable.IMG_O, 7L));

    /** A Wednesday. */
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-07-01T22:45:00Z"));

    private static final RequestFacts REQUEST = new RequestFacts() {
        @Override
        public Value param(String path) {
            return switch (path) {
                case "model" -> Value.of("gpt-x");
                case "stream" -> Value.of(true);
                case "n" -> Value.of(new BigDecimal("2.50"));
                case "huge" -> Value.of(new BigDecimal("1e999999"));
                case "messages.#" -> Value.of(new BigDecimal(4));
                default -> Value.NIL;
            };
        }

        @Override
        public String header(String name) {
            return name.equalsIgnoreCase("X-Tier") ? "gold member" : "";
        }
    };

    private static Expression.Result evaluate(String text) {
        return Expression.parse(text).evaluate(COUNTS, new Circumstances(REQUEST, CLOCK, ZoneId.of("Asia/Tokyo")));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        1 + 2 * 3                                  ; 7
        (1 + 2) * 3                                ; 9
        10 - 4 - 3                                 ; 3
        100 / 5 / 2                                ; 10
        -p + 15                                    ; 5
        - - p                                      ; 10
        +p                                         ; 10
        2 * -3 + 7                                 ; 1
        1.5e2                                      ; 150
        .5 + 1.                                    ; 1.5
        1E-3 * 1000                                ; 1
        0.1 + 0.2                                  ; 0.3
        1 / 3                                      ; 0.3333333333333333333333333333333333
        2 / 3                                      ; 0.6666666666666666666666666666666667
        1 / 3 * 3                                  ; 0.9999999999999999999999999999999999
        0.1 * 0.1 * 0.1 * 0.1 * 0.1 * 0.1 * 0.1    ; 0.0000001
        p + c + len + cr + img_o + ai + ao + cc + cc1h + img ; 34
        p > 9 ? 1 : 2                              ; 1
        p > 10 ? 1 : 2                             ; 2
        p >= 10 ? 1 : 2                            ; 1
        p < 10 ? 1 : p <= 10 ? 2 : 3               ; 2
        p == 10.0 ? 1 : 2                          ; 1
        p != 10 ? 1 : 2                            ; 2
        true || 1 / 0 > 1 ? 1 : 2                  ; 1
        false && 1 / 0 > 1 ? 1 : 2                 ; 2
        !(p > 3) ? 1 : 2                           ; 2
        true && false || true ? 1 : 2              ; 1
        p == 10 && c == 3 ? 1 : 2                  ; 1
        1 + 1 == 2 ? 1 : 2                         ; 1
        max(1, p, c)                               ; 10
        min(4, p, c)                               ; 3
        max(-1)                                    ; -1
        abs(c - p)                                 ; 7
        ceil(p / 3)                                ; 4
        floor(p / 3)                               ; 3
        floor(-0.5)                                ; -1
        ceil(-0.5)                                 ; 0
        v1: p * 2                                  ; 20
         v1:p                                      ; 10
        nil == param("absent") ? 1 : 2             ; 1
        param("model") == 'gpt-x' ? 1 : 2          ; 1
        param("stream") ? 1 : 2                    ; 1
        param("stream") == true ? 1 : 2            ; 1
        param("n") * 2                             ; 5
        param("messages.#") > 3 ? 1 : 2            ; 1
        param("n") == "2.5" ? 1 : 2                ; 2
        header("x-tier") == "gold member" ? 1 : 2  ; 1
        header("x-other") == "" ? 1 : 2            ; 1
        has(header("X-TIER"), "gold") ? 1 : 2      ; 1
        has(param("model"), "gpt") ? 1 : 2         ; 1
        has(param("n"), "2.5") ? 1 : 2             ; 1
        has(param("absent"), "") ? 1 : 2           ; 2
        "a" < "b" ? 1 : 2                          ; 1
        'it\\'s' == "it's" ? 1 : 2                 ; 1
        hour("UTC")                                ; 22
        minute("UTC")                              ; 45
        weekday("UTC")                             ; 3
        month("UTC")                               ; 7
        day("UTC")                                 ; 1
        hour("Asia/Shanghai")                      ; 6
        day("Asia/Shanghai")                       ; 2
        weekday("Asia/Shanghai")                   ; 4
        hour("Not/AZone")                          ; 22
        hour("")                                   ; 22
        hour()                                     ; 7
        tier("a", 5) + tier("b", 6)                ; 11
        """)
    void comesTo(String text, String value) {
        assertThat(evaluate(text).value()).isEqualByComparingTo(value);
    }

    @Test
    void itTellsWhichPathsOfABodyItMayAsk() {
        Expression expression =
                Expression.parse("param('b.#') > 1 && c > 5 ? param('a') : param(header('x')) == nil ? 1 : 2");

        assertThat(expression.params()).containsExactly("a", "b.#");
        assertThat(Expression.parse("p * 2").params()).isEmpty();
    }

    @Test
    void sundayIsDayZeroOfTheWeek() {
        Circumstances sunday = Circumstances.at(InstantSource.fixed(Instant.parse("2026-07-05T12:00:00Z")));

        assertThat(Expression.parse("weekday('UTC')")
                        .evaluate(Quantities.none(), sunday)
                        .value())
                .isEqualByComparingTo("0");
    }

    @Test
    void theTierThatWasReachedLastIsRemembered() {
        assertThat(evaluate("p > 5 ? tier('long', 1) : tier('short', 2)").tier())
                .isEqualTo("long");
        assertThat(evaluate("tier('a', 1) + tier('b', 2)").tier()).isEqualTo("b");
        assertThat(evaluate("p").tier()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        p *                 ; at character 4: a value is missing at the end
        p + * c             ; at character 5: a value is missing before '*'
        (p                  ; at character 3: ')' is missing before the end
        p c                 ; at character 3: 'c' after the end of the expression
        p ? 1               ; at character 6: ':' is missing before the end
        q                   ; at character 1: there is no variable 'q'
        P                   ; at character 1: there is no variable 'P'
        sqrt(p)             ; at character 1: there is no function 'sqrt'
        p(1)                ; at character 1: there is no function 'p'
        tier("a")           ; at character 1: 'tier' does not take 1 arguments
        max()               ; at character 1: 'max' does not take 0 arguments
        abs(1, 2)           ; at character 1: 'abs' does not take 2 arguments
        p # c               ; at character 3: '#' means nothing here
        p & c               ; at character 3: '&' means nothing here
        p = c               ; at character 3: '=' means nothing here
        p % c               ; at character 3: '%' means nothing here
        p ||| c             ; at character 5: '|' means nothing here
        "open               ; at character 1: a text without closing quote
        "\\x"               ; at character 2: an unknown escape in a text
        1.2.3               ; at character 4: '.' right after a number
        1x                  ; at character 2: 'x' right after a number
        1e                  ; at character 1: a number without digits in its exponent
        1e99                ; at character 1: a number of more than 40 digits before or after the point
        1e999999999         ; at character 1: a number of more than 40 digits before or after the point
        v2: p               ; at character 1: there is no variable 'v2'
        """)
    void isRefusedWithItsPlace(String text, String message) {
        assertThatExceptionOfType(ExpressionSyntaxException.class)
                .isThrownBy(() -> Expression.parse(text))
                .withMessage(message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        1 / (p - 10)               ; at character 3: division by zero
        p + "a"                    ; at character 3: a number is needed, not a text
        p + nil                    ; at character 3: a number is needed, not nil
        -"a"                       ; at character 1: a number is needed, not a text
        !p                         ; at character 1: true or false is needed, not a number
        p ? 1 : 2                  ; at character 3: true or false is needed, not a number
        p && true ? 1 : 2          ; at character 3: true or false is needed, not a number
        p < "a" ? 1 : 2            ; at character 3: a number cannot be compared with a text
        param("absent") > 1 ? 1 : 2 ; at character 17: nil cannot be compared with a number
        "a"                        ; at character 1: a number is needed, not a text
        true                       ; at character 1: a number is needed, not true or false
        param(p)                   ; at character 1: a text is needed, not a number
        hour(8)                    ; at character 1: a text is needed, not a number
        tier("a", "b")             ; at character 1: a number is needed, not a text
        param("huge") + 1          ; at character 1: a number of more than 1000 digits
        """)
    void hasNoValueForThisCall(String text, String message) {
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> evaluate(text))
                .withMessage(message);
    }

    @Test
    void anEmptyTextIsNoExpression() {
        assertThatExceptionOfType(ExpressionSyntaxException.class)
                .isThrownBy(() -> Expression.parse(" "))
                .withMessage("at character 2: a value is missing at the end");
    }

    @Test
    void textDepthAndSizeAreBounded() {
        assertThatExceptionOfType(ExpressionSyntaxException.class)
                .isThrownBy(() -> Expression.parse("p".repeat(Expression.MAX_CHARS + 1)))
                .withMessageContaining("at most 8192 characters");
        assertThatExceptionOfType(ExpressionSyntaxException.class)
                .isThrownBy(() -> Expression.parse("(".repeat(4000) + "p" + ")".repeat(4000)))
                .withMessageContaining("nested more than 128 levels deep");
        assertThatExceptionOfType(ExpressionSyntaxException.class)
                .isThrownBy(() -> Expression.parse("-".repeat(4000) + "p"))
                .withMessageContaining("nested more than 128 levels deep");
        assertThatExceptionOfType(ExpressionSyntaxException.class)
                .isThrownBy(() -> Expression.parse("1" + "+1".repeat(200)))
                .withMessageContaining("nested more than 128 levels deep");
        assertThatExceptionOfType(ExpressionSyntaxException.class)
                .isThrownBy(() -> Expression.parse("max(1" + ",1".repeat(Expression.MAX_NODES) + ")"))
                .withMessageContaining("more than 2000 parts");
        assertThat(evaluate("1" + "+1".repeat(120)).value()).isEqualByComparingTo("121");
    }

    @Test
    void digitsDoNotGrowWithoutEnd() {
        String power = "1.234567890123456789012345678901234567";
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> evaluate(power + ("*" + power).repeat(100)))
                .withMessageContaining("more than 1000 digits");
    }

    @Test
    void anExpressionKnowsWhatItMentionsEvenWhereItIsNotEvaluated() {
        Expression expression = Expression.parse("true ? p : cr + ai");

        assertThat(expression.mentions(Variable.CR)).isTrue();
        assertThat(expression.mentions(Variable.AI)).isTrue();
        assertThat(expression.mentions(Variable.CC)).isFalse();
        assertThat(expression).isEqualTo(Expression.parse("true ? p : cr + ai")).isNotEqualTo(Expression.parse("p"));
    }

    @Test
    void aCheckTriesSmallAndLargeCallsOfEveryKindAtEveryTime() {
        Expression.parse("len > 200000 ? tier('l', p * 2 + c) : tier('s', p + c + cr + cc + cc1h + img + ai)")
                .check();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Expression.parse("1000 - len").check())
                .withMessageContaining("below zero");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Expression.parse("len > 1000000 ? -1 : 1").check())
                .withMessageContaining("below zero");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Expression.parse("weekday('UTC') == 6 ? -1 : 1").check())
                .withMessageContaining("below zero");
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> Expression.parse("1 / ao").check());
    }
}

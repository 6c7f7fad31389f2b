package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceListTest {

    @Test
    void everySectionFillsItsTable() {
        PriceBook book = parse("""
                # prices of a small house
                [Settings]
                QuotaPerUnit = 1000
                PreConsumedQuota = 20

                [ModelRatio]
                a = 0.10
                b/c d = 2
                x = y = 3
                [ModelPrice]
                a = 0.5
                [CompletionRatio]
                a = 4
                [CacheRatio]
                a = 5
                [CreateCacheRatio]
                a = 6
                [ImageRatio]
                a = 7
                [GroupRatio]
                a = 8
                [GroupGroupRatio a]
                b = 9
                [GroupGroupRatio b]
                a = 10
                """);

        assertThat(book.quotaPerUnit()).isEqualTo(Ratio.of(1000));
        assertThat(book.preConsumedTokens()).isEqualTo(20);
        assertThat(book.modelRatios())
                .isEqualTo(Map.of("a", Ratio.parse("0.1"), "b/c d", Ratio.of(2), "x = y", Ratio.of(3)));
        assertThat(book.modelPrices()).isEqualTo(Map.of("a", Ratio.parse("0.5")));
        assertThat(book.completionRatios()).isEqualTo(Map.of("a", Ratio.of(4)));
        assertThat(book.cacheRatios()).isEqualTo(Map.of("a", Ratio.of(5)));
        assertThat(book.cacheWriteRatios()).isEqualTo(Map.of("a", Ratio.of(6)));
        assertThat(book.imageRatios()).isEqualTo(Map.of("a", Ratio.of(7)));
        assertThat(book.groupRatios()).isEqualTo(Map.of("a", Ratio.of(8)));
        assertThat(book.groupGroupRatios())
                .isEqualTo(Map.of("a", Map.of("b", Ratio.of(9)), "b", Map.of("a", Ratio.of(10))));
    }

    @Test
    void anEmptyListIsAnEmptyBook() {
        assertThat(parse(""))
                .usingRecursiveComparison()
                .isEqualTo(PriceBook.builder().build());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        a = 1                            | list:1: no section above, in: a = 1
        [ModelRatios]                    | list:1: unknown section, in: [ModelRatios]
        [ModelRatio                      | list:1: no closing bracket, in: [ModelRatio
        [CacheRatio];[CacheRatio]        | list:2: section given twice, in: [CacheRatio]
        [ModelRatio];a                   | list:2: not of the form: name = value, in: a
        [ModelRatio];a=1                 | list:2: not of the form: name = value, in: a=1
        [ModelRatio];a = 1;;a = 1.0      | list:4: name given twice, in: a = 1.0
        [ModelRatio];a = one             | list:2: ratio is not a decimal number: "one", in: a = one
        [ModelRatio];a = -1              | list:2: ratio must not be negative: -1, in: a = -1
        [Settings];QuotaPerUnits = 1     | list: unknown setting: QuotaPerUnits
        [Settings];QuotaPerUnit = 0      | list: quota per USD must be above 0: 0
        [Settings];PreConsumedQuota = .5 | list:2: ratio is not a decimal number: ".5", in: PreConsumedQuota = .5
        [Settings];PreConsumedQuota = 0.5 | list: PreConsumedQuota must be a whole number: 0.5
        """)
    void whatIsWrongIsSaidWithItsPlace(String lines, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PriceList.parse("list", List.of(lines.split(";"))))
                .withMessage(message);
    }

    private static PriceBook parse(String text) {
        return PriceList.parse("list", text.lines().toList());
    }
}

package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Random calls at random prices cost, and reserve, what {@link BillingOracle} says: a second reading of the billing rules
 * by somebody who had not seen this code. Splits of cache writes occur only in Anthropic's semantics, whose names they are.
 */
class OraclePropertyTest {

    private static final int CASES = 100_000;
    private static final int CASES_FOR_ONE_BOOK = 100;

    private static final List<String> GROUPS = List.of("default", "vip", "svip", "edit_this", "other", "gratis");
    private static final List<String> TOOLS =
            List.of("web_search", "web_search_preview", "file_search", "google_search", "my_tool", "no_tool");
    private static final List<String> SIZES =
            List.of("", "256x256", "512x512", "1024x1024", "1024x1792", "1792x1024", "640x480");
    private static final List<String> QUALITIES = List.of("", "standard", "hd", "low", "medium", "high");
    private static final List<String> RATIOS = List.of(
            "0",
            "1",
            "0.5",
            "0.1",
            "2",
            "1.25",
            "0.075",
            "37.5",
            "23.333333333333332",
            "0.0684931506849315",
            "1e-7",
            "0.1666666666666666666666666666666666666666",
            "1000000");

    private static final List<String> NAMES = Stream.of(
                    PriceBook.shipped().modelRatios().keySet(),
                    PriceBook.shipped().modelPrices().keySet(),
                    List.of(
                            "made-up",
                            "gemini-2.5-flash-lite-thinking-8",
                            "gemini-2.5-flash-thinking-8",
                            "gemini-2.5-pro-preview-thinking-8",
                            "gemini-2.5-flash-preview-native-audio-x",
                            "gemini-2.5-flash-preview-x-nothinking",
                            "gpt-4-gizmo-abc",
                            "gpt-4o-gizmo-abc-openai-compact",
                            "codex-openai-compact",
                            "gpt-5.4-nano-x",
                            "gpt-5.4-x",
                            "gpt-4-1106",
                            "vendor/claude-3-x",
                            "dall-e",
                            "dall-e-2",
                            "command-r-plus",
                            "llama3-70b-8192"))
            .flatMap(Collection::stream)
            .distinct()
            .sorted()
            .toList();

    private final Random random = new Random(20260701);

    /** One installation, in both words. */
    private record Prices(BillingOracle.Prices oracle, PriceBook ours, long preConsumed) {}

    @Test
    void aHundredThousandCallsCostWhatTheOracleSays() {
        Map<String, Integer> outcomes = new TreeMap<>();
        Prices prices = prices();
        for (int i = 0; i < CASES; i++) {
            if (i % CASES_FOR_ONE_BOOK == 0) {
                prices = prices();
            }
            BillingOracle.Call call = call();
            String expected = expected(BillingOracle.charge(call, prices.oracle()));

            assertThat(charged(call, prices.ours())).as("case %s: %s", i, call).isEqualTo(expected);
            assertReservation(i, call, prices);
            if (call.kind() == BillingOracle.Kind.TASK) {
                assertRecalculation(i, call, prices);
            }
            String kind = expected.matches("-?[0-9]+") ? expected.equals("0") ? "zero" : "charged" : expected;
            outcomes.merge(call.kind() + " " + kind, 1, Integer::sum);
        }
        // every kind of call, and every way in which it can end
        assertThat(outcomes.keySet())
                .contains(
                        "TEXT charged",
                        "TEXT zero",
                        "TEXT unpriced",
                        "TEXT overflow",
                        "AUDIO charged",
                        "AUDIO zero",
                        "AUDIO unpriced",
                        "IMAGE charged",
                        "IMAGE zero",
                        "IMAGE unpriced",
                        "TASK charged",
                        "TASK unpriced");
    }

    private static String expected(BillingOracle.Result result) {
        if (result instanceof BillingOracle.Charged charged) {
            return Long.toString(charged.quota());
        }
        return result instanceof BillingOracle.Unpriced ? "unpriced" : "overflow";
    }

    private static String charged(BillingOracle.Call call, PriceBook book) {
        return outcome(() -> {
            if (call.kind() == BillingOracle.Kind.TASK) {
                return book.quoteTask(call.model(), call.userGroup(), call.usingGroup())
                        .map(quote -> quote.charge(others(call)).quota().toString())
                        .orElse("unpriced");
            }
            return book.quote(call.model(), call.userGroup(), call.usingGroup(), call.acceptsUnpriced())
                    .match(quote -> charge(quote, call).quota().toString(), unpriced -> "unpriced");
        });
    }

    private interface Amount {
        String text();
    }

    private static String outcome(Amount amount) {
        try {
            return amount.text();
        } catch (AmountOverflowException e) {
            return "overflow";
        }
    }

    private static Charge charge(Quote quote, BillingOracle.Call call) {
        CallUse use = CallUse.of(usage(call))
                .withTools(call.tools().entrySet().stream()
                        .map(tool -> new ToolUse(tool.getKey(), tool.getValue()))
                        .toList())
                .withImageCalls(call.imageCalls().stream()
                        .map(image -> new ImageCall(image.quality(), image.size()))
                        .toList());
        return switch (call.kind()) {
            case TEXT, TASK -> quote.charge(use);
            case IMAGE -> quote.charge(use.withImages(delivered(call.imageRequest())));
            case AUDIO ->
                quote.chargeAudio(
                        AudioCall.CHAT,
                        call.usage().isEmpty() && details(call) != null ? use.withUsage(Usage.of(0, 0)) : use,
                        details(call));
        };
    }

    private static @org.jspecify.annotations.Nullable AudioUsage details(BillingOracle.Call call) {
        BillingOracle.AudioDetails named = call.details();
        return named.allMissing()
                ? null
                : new AudioUsage(
                        named.textIn().orElse(0),
                        named.audioIn().orElse(0),
                        named.textOut().orElse(0),
                        named.audioOut().orElse(0));
    }

    private static ImageOrder order(BillingOracle.ImageRequest image) {
        return new ImageOrder(
                image.requested(), image.size().orElse(""), image.quality().orElse(""));
    }

    private static ImageOrder delivered(BillingOracle.ImageRequest image) {
        ImageOrder order = order(image);
        return image.delivered().isEmpty()
                ? order
                : order.delivered(image.delivered().getAsInt());
    }

    private static Usage usage(BillingOracle.Call call) {
        if (call.usage().isEmpty()) {
            BillingOracle.ImageRequest image = call.imageRequest();
            return call.kind() == BillingOracle.Kind.IMAGE
                    ? ImageOrder.uncounted(call.estimate(), image.delivered().orElse(image.requested()))
                    : Usage.of(call.estimate(), 0);
        }
        BillingOracle.Usage usage = call.usage().get();
        return new Usage(
                usage.prompt(),
                usage.completion(),
                usage.cached(),
                usage.written(),
                usage.written5m(),
                usage.written1h(),
                usage.image(),
                usage.audio(),
                UsageSemantics.valueOf(usage.semantics().name()));
    }

    private static OtherRatios others(BillingOracle.Call call) {
        Map<String, Ratio> ratios = new HashMap<>();
        call.otherRatios().forEach((name, ratio) -> ratios.put(name, Ratio.of(ratio)));
        return OtherRatios.of(ratios);
    }

    private void assertReservation(int i, BillingOracle.Call call, Prices prices) {
        long estimate = count();
        long most = random.nextBoolean() ? 0 : count();
        String expected;
        try {
            expected = Long.toString(
                    BillingOracle.reservation(call, prices.oracle(), estimate, prices.preConsumed(), most));
        } catch (IllegalStateException e) {
            expected = "unpriced";
        } catch (ArithmeticException e) {
            expected = "overflow";
        }
        String ours = call.kind() == BillingOracle.Kind.TASK
                // of a task the reservation is the charge, which the minimum may have raised
                ? expected
                : outcome(() -> prices.ours()
                        .quote(call.model(), call.userGroup(), call.usingGroup(), call.acceptsUnpriced())
                        .match(
                                quote -> call.kind() == BillingOracle.Kind.IMAGE
                                        ? quote.reservation(estimate, order(call.imageRequest()))
                                                .toString()
                                        : quote.reservation(estimate, most).toString(),
                                unpriced -> "unpriced"));

        assertThat(ours)
                .as("reservation %s of %s and %s: %s", i, estimate, most, call)
                .isEqualTo(expected);
    }

    private void assertRecalculation(int i, BillingOracle.Call call, Prices prices) {
        long tokens = count();
        String expected = BillingOracle.recalculation(call, prices.oracle(), tokens)
                .map(OraclePropertyTest::expected)
                .orElse("none");
        String ours = outcome(() -> prices.ours()
                .quoteTask(call.model(), call.usingGroup(), call.usingGroup())
                .flatMap(quote -> quote.recalculated(tokens, others(call)))
                .map(charge -> charge.quota().toString())
                .orElse("none"));

        assertThat(ours)
                .as("recalculation %s of %s tokens: %s", i, tokens, call)
                .isEqualTo(expected);
    }

    private Prices prices() {
        PriceBook shipped = PriceBook.shipped();
        Map<RatioTable, Map<String, BigDecimal>> tables = new HashMap<>();
        PriceBook.Builder book = PriceBook.builder();
        for (RatioTable table : RatioTable.all()) {
            Map<String, BigDecimal> entries = new HashMap<>();
            shipped.table(table).forEach((name, ratio) -> entries.put(name, ratio.toBigDecimal()));
            List<String> names = table == RatioTable.GROUP_RATIO ? GROUPS : NAMES;
            for (int i = random.nextInt(40); i > 0; i--) {
                String name = pick(names);
                if (random.nextInt(4) == 0) {
                    entries.remove(name);
                } else {
                    entries.put(name, ratio());
                }
            }
            if (random.nextInt(3) == 0 && table != RatioTable.GROUP_RATIO) {
                entries.put("*-openai-compact", ratio());
            }
            tables.put(table, entries);
            book.withTable(table, ratios(entries));
        }
        Map<String, Map<String, BigDecimal>> special = Map.of("vip", Map.of("edit_this", ratio(), "gratis", ratio()));
        Map<String, BigDecimal> tools = random.nextBoolean()
                ? Map.of()
                : Map.of(
                        "my_tool", ratio(),
                        "web_search:gpt-*", ratio(),
                        "web_search:claude*", ratio(),
                        "web_search_preview:gpt-4o-mini-*", ratio(),
                        "file_search:g*", ratio(),
                        "google_search", ratio());
        BigDecimal unit = random.nextInt(3) > 0 ? new BigDecimal("500000") : new BigDecimal("7.3");
        boolean unlocked = random.nextBoolean();
        boolean selfUse = random.nextInt(4) == 0;
        long preConsumed = random.nextInt(3) == 0 ? 0 : 500;
        book.withGroupGroupRatios(Map.of("vip", ratios(special.getOrDefault("vip", Map.of()))))
                .withToolPrices(ToolPrices.shipped().with(ratios(tools)))
                .withQuotaPerUnit(unit)
                .withCompletionRatiosUnlocked(unlocked)
                .withUnpricedAllowed(selfUse)
                .withPreConsumedTokens(preConsumed);
        Function<RatioTable, Map<String, BigDecimal>> table = which -> tables.getOrDefault(which, Map.of());
        return new Prices(
                new BillingOracle.Prices(
                        table.apply(RatioTable.MODEL_RATIO),
                        table.apply(RatioTable.MODEL_PRICE),
                        table.apply(RatioTable.COMPLETION_RATIO),
                        table.apply(RatioTable.CACHE_RATIO),
                        table.apply(RatioTable.CACHE_WRITE_RATIO),
                        table.apply(RatioTable.IMAGE_RATIO),
                        table.apply(RatioTable.AUDIO_RATIO),
                        table.apply(RatioTable.AUDIO_COMPLETION_RATIO),
                        table.apply(RatioTable.GROUP_RATIO),
                        special,
                        unit,
                        tools,
                        unlocked,
                        selfUse),
                book.build(),
                preConsumed);
    }

    private static Map<String, Ratio> ratios(Map<String, BigDecimal> table) {
        Map<String, Ratio> ratios = new HashMap<>();
        table.forEach((name, value) -> ratios.put(name, Ratio.of(value)));
        return ratios;
    }

    private BillingOracle.Call call() {
        BillingOracle.Kind kind = pick(List.of(BillingOracle.Kind.values()));
        Map<String, Long> tools = new HashMap<>();
        List<BillingOracle.ImageCall> drawn = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                tools.put(pick(TOOLS), (long) random.nextInt(5));
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                drawn.add(new BillingOracle.ImageCall(pick(QUALITIES), pick(SIZES)));
            }
        }
        Map<String, BigDecimal> others = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            others.put("ratio-" + i, ratio());
        }
        return new BillingOracle.Call(
                kind == BillingOracle.Kind.IMAGE && random.nextInt(3) == 0 ? "dall-e-3" : pick(NAMES),
                pick(GROUPS),
                pick(GROUPS),
                random.nextInt(4) == 0,
                kind,
                random.nextInt(5) == 0 ? Optional.empty() : Optional.of(usage()),
                random.nextInt(10_000),
                kind == BillingOracle.Kind.AUDIO ? audioDetails() : BillingOracle.AudioDetails.none(),
                tools,
                drawn,
                kind == BillingOracle.Kind.IMAGE ? Optional.of(image()) : Optional.empty(),
                others);
    }

    private BillingOracle.Usage usage() {
        boolean anthropic = random.nextInt(3) == 0;
        long five = anthropic ? sparse() : 0;
        long hour = anthropic ? sparse() : 0;
        return new BillingOracle.Usage(
                random.nextInt(8) == 0 ? 0 : count(),
                random.nextInt(4) == 0 ? 0 : count(),
                sparse(),
                Math.max(sparse(), five + hour),
                five,
                hour,
                sparse(),
                sparse(),
                anthropic ? BillingOracle.Semantics.ANTHROPIC : BillingOracle.Semantics.OPENAI);
    }

    private BillingOracle.AudioDetails audioDetails() {
        return random.nextInt(4) == 0
                ? BillingOracle.AudioDetails.none()
                : new BillingOracle.AudioDetails(maybe(), maybe(), maybe(), maybe());
    }

    private OptionalLong maybe() {
        return random.nextInt(3) == 0 ? OptionalLong.empty() : OptionalLong.of(sparse());
    }

    private BillingOracle.ImageRequest image() {
        return new BillingOracle.ImageRequest(
                random.nextInt(10),
                Optional.of(pick(SIZES)).filter(size -> !size.isEmpty()),
                Optional.of(pick(QUALITIES)).filter(quality -> !quality.isEmpty()),
                random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt(140)));
    }

    /** Small, everyday and absurd. */
    private long count() {
        return switch (random.nextInt(20)) {
            case 0 -> (Usage.MAX_COUNT - 1) / 8 - random.nextInt(9);
            case 1, 2, 3, 4 -> random.nextInt(4);
            case 5 -> random.nextInt(100_000_000);
            default -> random.nextInt(20_000);
        };
    }

    private long sparse() {
        return random.nextInt(2) == 0 ? 0 : count();
    }

    private BigDecimal ratio() {
        return switch (random.nextInt(3)) {
            case 0 -> new BigDecimal(pick(RATIOS));
            case 1 -> BigDecimal.valueOf(random.nextInt(100_000), 4);
            default -> BigDecimal.valueOf(random.nextInt(1000), random.nextInt(4));
        };
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}

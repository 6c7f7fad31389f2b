package io.newapi.core.pricing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Independent oracle for the billing arithmetic, written from {@code billing.md} alone ("decision n" is a point of its
 * decision box, "section n" a section). It reads the 2026-07 column of every table. Billing expressions (16.2),
 * the OpenRouter inference of section 8, violation fees (16 item 9) and the channel test (10.4) are not covered.
 *
 * <p>Decision 1: everything is computed in exact decimals and rounded once, at the end, half away from zero.
 */
final class BillingOracle {

    /** Section 4: ratio of a model without entry, where it is accepted. */
    private static final BigDecimal UNSET_MODEL_RATIO = dec("37.5");
    /** Section 4: cache creation ratio without entry. */
    private static final BigDecimal DEFAULT_CREATE_CACHE = dec("1.25");
    /** Section 4: 1-hour creation ratio = creation ratio * 1.6, exact in ours. */
    private static final BigDecimal ONE_HOUR_FACTOR = dec("1.6");
    /** Section 16 item 7: a ratio stands for half as many USD per call. */
    private static final BigDecimal HALF = dec("0.5");
    /** Section 7 and decision 12: tokens of one image. */
    private static final long IMAGE_TOKENS = 1584;
    /** Section 7: n is bounded, 1..128. */
    private static final int MAX_IMAGES = 128;
    /** Section 3: end of the names that may use the compact wildcard, and that wildcard. */
    private static final String COMPACT_SUFFIX = "-openai-compact";

    private static final String COMPACT_KEY = "*" + COMPACT_SUFFIX;
    private static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

    /** Section 16 item 4: default tool prices, USD per 1000 calls. */
    private static final Map<String, BigDecimal> DEFAULT_TOOL_PRICES = Map.of(
            "web_search", dec("10"),
            "web_search_preview", dec("10"),
            "web_search_preview:gpt-4o*", dec("25"),
            "web_search_preview:gpt-4.1*", dec("25"),
            "web_search_preview:gpt-4o-mini*", dec("25"),
            "web_search_preview:gpt-4.1-mini*", dec("25"),
            "file_search", dec("2.5"),
            "google_search", dec("14"));

    /** Section 6, last note: Gemini audio input, USD per 1M tokens; the first matching prefix counts. */
    private static final List<PrefixPrice> GEMINI_AUDIO = List.of(
            new PrefixPrice("gemini-2.5-flash-preview-native-audio", dec("3.00")),
            new PrefixPrice("gemini-2.5-flash-preview-lite", dec("0.50")),
            new PrefixPrice("gemini-2.5-flash-preview", dec("1.00")),
            new PrefixPrice("gemini-2.5-flash", dec("1.00")),
            new PrefixPrice("gemini-2.0-flash", dec("0.70")),
            new PrefixPrice("gemini-robotics-er-1.5", dec("1.00")));

    /** Section 6.1 with the data file: USD of one image generation call by "quality size"; unknown: 0.167. */
    private static final BigDecimal UNKNOWN_IMAGE_CALL = dec("0.167");

    private static final Map<String, BigDecimal> IMAGE_CALLS = Map.of(
            "low 1024x1024", dec("0.011"),
            "low 1024x1536", dec("0.016"),
            "low 1536x1024", dec("0.016"),
            "medium 1024x1024", dec("0.042"),
            "medium 1024x1536", dec("0.063"),
            "medium 1536x1024", dec("0.063"),
            "high 1024x1024", dec("0.167"),
            "high 1024x1536", dec("0.25"),
            "high 1536x1024", dec("0.25"));

    /** Section 7: size factor of the names starting {@code dall-e}; other sizes 1. */
    private static final Map<String, BigDecimal> DALL_E_SIZES = Map.of(
            "256x256", dec("0.4"),
            "512x512", dec("0.45"),
            "1024x1024", dec("1"),
            "1024x1792", dec("2"),
            "1792x1024", dec("2"));

    /**
     * Section 10.1: "else shipped default", the ModelPrice table of the data file.
     * Choice: it stays although decision 8 ends the 0.1, for tasks only, and goes before half the model ratio.
     */
    private static final Map<String, BigDecimal> SHIPPED_PRICES = Map.ofEntries(
            Map.entry("black-forest-labs/flux-1.1-pro", dec("0.04")),
            Map.entry("dall-e-3", dec("0.04")),
            Map.entry("gpt-4-gizmo-*", dec("0.1")),
            Map.entry("gpt-4o-mini-tts", dec("0.3")),
            Map.entry("imagen-3.0-generate-002", dec("0.03")),
            Map.entry("mj_blend", dec("0.1")),
            Map.entry("mj_custom_zoom", dec("0")),
            Map.entry("mj_describe", dec("0.05")),
            Map.entry("mj_edits", dec("0.1")),
            Map.entry("mj_high_variation", dec("0.1")),
            Map.entry("mj_imagine", dec("0.1")),
            Map.entry("mj_inpaint", dec("0")),
            Map.entry("mj_low_variation", dec("0.1")),
            Map.entry("mj_modal", dec("0.1")),
            Map.entry("mj_pan", dec("0.1")),
            Map.entry("mj_reroll", dec("0.1")),
            Map.entry("mj_shorten", dec("0.1")),
            Map.entry("mj_upload", dec("0.05")),
            Map.entry("mj_upscale", dec("0.05")),
            Map.entry("mj_variation", dec("0.1")),
            Map.entry("mj_video", dec("0.8")),
            Map.entry("mj_zoom", dec("0.1")),
            Map.entry("sora-2", dec("0.3")),
            Map.entry("sora-2-pro", dec("0.5")),
            Map.entry("suno_lyrics", dec("0.01")),
            Map.entry("suno_music", dec("0.1")),
            Map.entry("swap_face", dec("0.05")),
            Map.entry("veo-3.0-fast-generate-001", dec("0.15")),
            Map.entry("veo-3.0-generate-001", dec("0.4")),
            Map.entry("veo-3.1-fast-generate-preview", dec("0.15")),
            Map.entry("veo-3.1-generate-preview", dec("0.4")));

    private BillingOracle() {}

    // ---------------------------------------------------------------------------------------------- input and output

    /** Decision 3: what the upstream really sent. ANTHROPIC: the prompt excludes cached and written input. */
    enum Semantics {
        OPENAI,
        ANTHROPIC
    }

    /** How a call is charged. TTS and STT are TEXT; Midjourney, Suno and video are TASK; realtime is AUDIO. */
    enum Kind {
        TEXT,
        AUDIO,
        IMAGE,
        TASK
    }

    /**
     * The options of section 2 that price a call.
     *
     * @param toolPrices {@code tool_price_setting.prices}; merged over the defaults here (16 item 4)
     * @param unlocked the option of section 5's WEAKNESS: configuration wins over locked families
     * @param selfUse {@code SelfUseModeEnabled}
     */
    record Prices(
            Map<String, BigDecimal> modelRatio,
            Map<String, BigDecimal> modelPrice,
            Map<String, BigDecimal> completionRatio,
            Map<String, BigDecimal> cacheRatio,
            Map<String, BigDecimal> createCacheRatio,
            Map<String, BigDecimal> imageRatio,
            Map<String, BigDecimal> audioRatio,
            Map<String, BigDecimal> audioCompletionRatio,
            Map<String, BigDecimal> groupRatio,
            Map<String, Map<String, BigDecimal>> groupGroupRatio,
            BigDecimal quotaPerUnit,
            Map<String, BigDecimal> toolPrices,
            boolean unlocked,
            boolean selfUse) {

        Prices {
            modelRatio = Map.copyOf(modelRatio);
            modelPrice = Map.copyOf(modelPrice);
            completionRatio = Map.copyOf(completionRatio);
            cacheRatio = Map.copyOf(cacheRatio);
            createCacheRatio = Map.copyOf(createCacheRatio);
            imageRatio = Map.copyOf(imageRatio);
            audioRatio = Map.copyOf(audioRatio);
            audioCompletionRatio = Map.copyOf(audioCompletionRatio);
            groupRatio = Map.copyOf(groupRatio);
            groupGroupRatio = Map.copyOf(groupGroupRatio);
            toolPrices = Map.copyOf(toolPrices);
        }
    }

    /**
     * Token counters of section 6 and 8.
     *
     * @param prompt P
     * @param completion C
     * @param cached K
     * @param written W, the larger of the known creation counters (16 item 1)
     * @param written5m W5
     * @param written1h W1
     * @param image I, image input
     * @param audio A, audio input
     */
    record Usage(
            long prompt,
            long completion,
            long cached,
            long written,
            long written5m,
            long written1h,
            long image,
            long audio,
            Semantics semantics) {

        Usage {
            Stream.of(prompt, completion, cached, written, written5m, written1h, image, audio)
                    .forEach(BillingOracle::requireCount);
        }

        /** A usage that names only prompt and completion. */
        static Usage of(long prompt, long completion) {
            return new Usage(prompt, completion, 0, 0, 0, 0, 0, 0, Semantics.OPENAI);
        }

        /**
         * Decision 2: P + C > 0, "P being all input, cached and written input too".
         * Choice: every counter counts, also those that exceed a smaller prompt (decision 4 charges them).
         */
        boolean tokensUsed() {
            return Stream.of(prompt, completion, cached, written, written5m, written1h, image, audio)
                    .anyMatch(count -> count > 0);
        }
    }

    /** Section 9: Ti, To, Ai, Ao as far as the upstream named them. */
    record AudioDetails(OptionalLong textIn, OptionalLong textOut, OptionalLong audioIn, OptionalLong audioOut) {

        AudioDetails {
            Stream.of(textIn, textOut, audioIn, audioOut).forEach(detail -> requireCount(detail.orElse(0)));
        }

        static AudioDetails none() {
            return new AudioDetails(
                    OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
        }

        boolean allMissing() {
            return Stream.of(textIn, textOut, audioIn, audioOut).allMatch(OptionalLong::isEmpty);
        }

        boolean tokensUsed() {
            return Stream.of(textIn, textOut, audioIn, audioOut).anyMatch(detail -> detail.orElse(0) > 0);
        }
    }

    /**
     * Section 7 and 16 item 5.
     *
     * @param n number asked for; 0 = absent = 1; above 128 is refused (400), so it is no input of this class
     * @param delivered number of images really returned; empty when unknown (client abort: n is not lowered)
     */
    record ImageRequest(int n, Optional<String> size, Optional<String> quality, OptionalInt delivered) {

        ImageRequest {
            if (n < 0 || n > MAX_IMAGES) {
                throw new IllegalArgumentException("n must be 1.." + MAX_IMAGES + " (section 16 item 5)");
            }
            requireCount(delivered.orElse(0));
        }

        /** What an image call without these parameters asks for. */
        static ImageRequest defaults() {
            return new ImageRequest(0, Optional.empty(), Optional.empty(), OptionalInt.empty());
        }

        /** Section 7: "n 0/absent -> 1". */
        int requested() {
            return Math.max(1, n);
        }

        /**
         * Section 16 item 5: n, "replaced by the number of images really returned (1..max)".
         * Choice: a number outside 1..max is moved to the nearer end ("bill images really delivered", section 7).
         */
        int billed() {
            return Math.min(MAX_IMAGES, Math.max(1, delivered.orElse(requested())));
        }
    }

    /** One image generation call item of a Responses output (section 6.1). */
    record ImageCall(String quality, String size) {}

    /**
     * One call.
     *
     * @param model requested name, before any channel model mapping (section 3)
     * @param usingGroup group really used (section 4)
     * @param acceptsUnpriced the user's {@code accept_unset_model_ratio_model}
     * @param usage what the upstream sent; empty = no usage object at all
     * @param estimate estimated prompt tokens, used when there is no usage
     * @param tools number of calls by tool name, as the adapter counted them
     * @param imageCalls image generation calls in the output, each one counts (6.1, WEAKNESS)
     * @param image the image request of an IMAGE call
     * @param otherRatios other ratios of a TASK (10.2); empty for a model in TASK_PRICE_PATCH
     */
    record Call(
            String model,
            String userGroup,
            String usingGroup,
            boolean acceptsUnpriced,
            Kind kind,
            Optional<Usage> usage,
            long estimate,
            AudioDetails details,
            Map<String, Long> tools,
            List<ImageCall> imageCalls,
            Optional<ImageRequest> image,
            Map<String, BigDecimal> otherRatios) {

        Call {
            requireCount(estimate);
            tools = Map.copyOf(tools);
            tools.values().forEach(BillingOracle::requireCount);
            imageCalls = List.copyOf(imageCalls);
            otherRatios = Map.copyOf(otherRatios);
        }

        ImageRequest imageRequest() {
            return image.orElseGet(ImageRequest::defaults);
        }
    }

    /** Outcome of a charge. */
    sealed interface Result permits Unpriced, Charged, Overflow {}

    /** Section 4 and decision 8: the model has no price; the call is refused before any reservation. */
    record Unpriced() implements Result {}

    /**
     * A charge.
     *
     * @param quota amount to charge
     * @param exact amount before rounding and before the minimum of 1; 0 where a rule discards the amount
     * @param baseClamped decision 4: the base of the text formula was below zero. Choice: never set where there is no
     *     base, that is by a price, by a task or by audio details that exceed the total
     */
    record Charged(long quota, BigDecimal exact, boolean baseClamped) implements Result {}

    /** Decision 2 and 10: the amount does not fit 64 bits; it is never saturated. */
    record Overflow(BigDecimal exact) implements Result {}

    /** A price per call (USD) or a model ratio. */
    private record Mode(boolean perCall, BigDecimal value) {}

    /** A default completion ratio and whether configuration is ignored. */
    private record Family(BigDecimal ratio, boolean locked) {}

    /** An exact amount and whether its base was clamped. */
    private record Amount(BigDecimal exact, boolean baseClamped) {}

    private record PrefixPrice(String prefix, BigDecimal price) {}

    // ------------------------------------------------------------------------------------------------- entry points

    /** What the call costs, from the snapshot {@code prices}. */
    static Result charge(Call call, Prices prices) {
        Optional<Mode> mode = mode(call, prices);
        if (mode.isEmpty()) {
            return new Unpriced();
        }
        if (!used(call, mode.get())) {
            return discarded();
        }
        Amount amount = amount(call, prices, mode.get());
        return settle(amount, !isFree(call, prices, mode.get()));
    }

    /**
     * Section 12 with decision 1: {@code round0} of the exact product. The minimum of 1 is the ledger's, not this
     * method's ("ledger.md then takes at least 1"); completion ratio, cache and tools are not considered.
     * {@code enable_free_model_pre_consume} only decides about the quota check: the product of a free model is 0.
     *
     * @param preConsumed option {@code PreConsumedQuota}, in tokens
     * @param maxTokens 0 = not limited by the client
     * @throws IllegalStateException if the model has no price (section 4)
     * @throws ArithmeticException if the amount does not fit 64 bits: refused (decision 2, 16 item 6)
     */
    static long reservation(Call call, Prices prices, long estimate, long preConsumed, long maxTokens) {
        Mode mode = mode(call, prices).orElseThrow(() -> new IllegalStateException("unpriced: " + call.model()));
        BigDecimal exact = mode.perCall()
                ? reservedPrice(call, prices, mode)
                : reservedTokens(call, estimate, preConsumed, maxTokens)
                        .multiply(mode.value())
                        .multiply(groupRatio(call, prices));
        return round0(exact).longValueExact();
    }

    /**
     * Section 10.3 with 16 item 7: the price of a finished task by its total tokens, {@code total * mr * gr * product}
     * of the stored other ratios, one exact product, one {@code round0}, decision 2 holds. Empty where it does not
     * apply: no tokens, or no configured ratio above 0 (37.5 is not configured). The model is the one that the
     * upstream reported; tasks flagged per-call are not recalculated, which the caller decides.
     */
    static Optional<Result> recalculation(Call call, Prices prices, long totalTokens) {
        // Choice: "(task group, task group)" is taken literally, the user's own group is not consulted.
        BigDecimal group = groupRatio(call.usingGroup(), call.usingGroup(), prices);
        return configuredModelRatio(call.model(), prices)
                .filter(ratio -> ratio.signum() > 0 && totalTokens > 0)
                .map(ratio -> dec(totalTokens).multiply(ratio).multiply(group).multiply(product(call)))
                .map(exact -> settle(new Amount(exact, false), group.signum() > 0));
    }

    // --------------------------------------------------------------------------------------- names (section 3)

    /** Section 3, {@code norm(name)}; step 2 belongs to profile 2025-12. */
    static String norm(String name) {
        String thinking = thinkingName(name);
        if (thinking.startsWith("gpt-4-gizmo")) {
            return "gpt-4-gizmo-*";
        }
        return thinking.startsWith("gpt-4o-gizmo") ? "gpt-4o-gizmo-*" : thinking;
    }

    /** Section 3 step 1, first match only. */
    private static String thinkingName(String name) {
        if (!name.contains("-thinking-")) {
            return name;
        }
        return Stream.of("gemini-2.5-flash-lite", "gemini-2.5-flash", "gemini-2.5-pro")
                .filter(name::startsWith)
                .findFirst()
                .map(prefix -> prefix + "-thinking-*")
                .orElse(name);
    }

    /**
     * Section 3, compact suffix: the own entry, else the wildcard of the same map.
     * Choice: the suffix is looked for in the requested name, the own entry under its normalised name.
     */
    private static Optional<BigDecimal> withCompact(Map<String, BigDecimal> map, String name) {
        return find(map, norm(name))
                .or(() -> name.endsWith(COMPACT_SUFFIX) ? find(map, COMPACT_KEY) : Optional.empty());
    }

    // ------------------------------------------------------------------------------------- look-ups (section 4)

    /** Section 4: a price, even 0, means price mode; ratio mode otherwise. */
    private static Optional<Mode> mode(Call call, Prices prices) {
        if (call.kind() == Kind.TASK) {
            return perCallPrice(call.model(), prices).map(price -> new Mode(true, price));
        }
        return withCompact(prices.modelPrice(), call.model())
                .map(price -> new Mode(true, price))
                .or(() -> modelRatio(call, prices).map(ratio -> new Mode(false, ratio)));
    }

    /**
     * Section 10.1 / 10.2 with 16 item 7: ModelPrice, else the shipped default, else half the model ratio, else
     * refused (decision 8: no 0.1; decision 11: 37.5 is for calls priced by tokens, whoever accepts it).
     */
    private static Optional<BigDecimal> perCallPrice(String model, Prices prices) {
        return withCompact(prices.modelPrice(), model)
                .or(() -> find(SHIPPED_PRICES, norm(model)))
                .or(() -> configuredModelRatio(model, prices).map(HALF::multiply));
    }

    /** Section 4: model ratio; missing: 37.5 for self-use mode or a user that accepts it, else refused. */
    private static Optional<BigDecimal> modelRatio(Call call, Prices prices) {
        boolean accepted = prices.selfUse() || call.acceptsUnpriced();
        return configuredModelRatio(call.model(), prices)
                .or(() -> accepted ? Optional.of(UNSET_MODEL_RATIO) : Optional.empty());
    }

    private static Optional<BigDecimal> configuredModelRatio(String model, Prices prices) {
        return withCompact(prices.modelRatio(), model);
    }

    /** Section 4: cache ratio by raw name, default 1. */
    private static BigDecimal cacheRatio(Call call, Prices prices) {
        return find(prices.cacheRatio(), call.model()).orElse(BigDecimal.ONE);
    }

    /** Section 4: creation (and 5-minute) ratio by raw name, default 1.25. */
    private static BigDecimal createCacheRatio(Call call, Prices prices) {
        return find(prices.createCacheRatio(), call.model()).orElse(DEFAULT_CREATE_CACHE);
    }

    /** Section 4: image ratio by raw name, default 1. */
    private static BigDecimal imageRatio(Call call, Prices prices) {
        return find(prices.imageRatio(), call.model()).orElse(BigDecimal.ONE);
    }

    /** Section 4: audio ratio, default 1 in 2026-07. */
    private static BigDecimal audioRatio(Call call, Prices prices) {
        return find(prices.audioRatio(), norm(call.model())).orElse(BigDecimal.ONE);
    }

    /** Section 4: audio completion ratio, default 1 in 2026-07. */
    private static BigDecimal audioCompletionRatio(Call call, Prices prices) {
        return find(prices.audioCompletionRatio(), norm(call.model())).orElse(BigDecimal.ONE);
    }

    private static BigDecimal groupRatio(Call call, Prices prices) {
        return groupRatio(call.userGroup(), call.usingGroup(), prices);
    }

    /** Section 4: the special ratio of the pair replaces the group's own (0 counts as present); unknown group: 1. */
    static BigDecimal groupRatio(String userGroup, String usingGroup, Prices prices) {
        return Optional.ofNullable(prices.groupGroupRatio().get(userGroup))
                .flatMap(special -> find(special, usingGroup))
                .or(() -> find(prices.groupRatio(), usingGroup))
                .orElse(BigDecimal.ONE);
    }

    // ----------------------------------------------------------------------------- completion ratio (section 5)

    /** Section 5, {@code completion(name)}. */
    static BigDecimal completionRatio(String name, Prices prices) {
        String n = norm(name);
        Optional<BigDecimal> configured = find(prices.completionRatio(), n);
        if (n.contains("/") && configured.isPresent()) {
            return configured.get();
        }
        Family family = family(n);
        return family.locked() && !prices.unlocked() ? family.ratio() : configured.orElse(family.ratio());
    }

    /** Section 5, {@code family(n)}: first match wins. {@code claude-instant-1} and {@code claude-2} fall through. */
    private static Family family(String n) {
        if (n.endsWith("-all") || n.endsWith("-gizmo-*")) {
            return open("2");
        }
        if (n.startsWith("gpt-")) {
            return gptFamily(n);
        }
        if (n.startsWith("o1") || n.startsWith("o3")) {
            return locked("4");
        }
        if (n.equals("chatgpt-4o-latest")) {
            return locked("3");
        }
        return isClaude(n) ? locked("5") : vendorFamily(n);
    }

    private static boolean isClaude(String n) {
        return Stream.of("claude-3", "claude-sonnet-4", "claude-opus-4", "claude-haiku-4")
                .anyMatch(n::contains);
    }

    private static Family vendorFamily(String n) {
        if (n.startsWith("mistral-")) {
            return locked("3");
        }
        if (n.startsWith("gemini-")) {
            return geminiFamily(n);
        }
        if (n.startsWith("command")) {
            return commandFamily(n);
        }
        return startsWithAny(n, "ERNIE-Speed-", "ERNIE-Lite-", "ERNIE-Character", "ERNIE-Functions")
                ? locked("2")
                : llamaFamily(n);
    }

    /** Section 5, rows under "starts gpt-". */
    private static Family gptFamily(String n) {
        if (n.startsWith("gpt-4o")) {
            return gpt4oFamily(n);
        }
        if (n.startsWith("gpt-5")) {
            return gpt5Family(n);
        }
        if (n.startsWith("gpt-4.5-preview")) {
            return locked("2");
        }
        boolean turbo = n.startsWith("gpt-4-turbo") || n.endsWith("gpt-4-1106") || n.endsWith("gpt-4-1105");
        return turbo ? locked("3") : open("2");
    }

    private static Family gpt4oFamily(String n) {
        if (n.equals("gpt-4o-2024-05-13")) {
            return locked("3");
        }
        return n.startsWith("gpt-4o-mini-tts") ? open("20") : open("4");
    }

    private static Family gpt5Family(String n) {
        if (!n.contains(".")) {
            return locked("8");
        }
        if (n.startsWith("gpt-5.4-nano")) {
            return locked("6.25");
        }
        return n.startsWith("gpt-5.4") ? locked("6") : open("6");
    }

    /** Section 5, rows under "starts gemini-". */
    private static Family geminiFamily(String n) {
        if (startsWithAny(n, "gemini-1.5", "gemini-2.0")) {
            return locked("4");
        }
        if (n.startsWith("gemini-2.5-pro")) {
            return open("8");
        }
        if (n.startsWith("gemini-2.5-flash-preview")) {
            return n.endsWith("-nothinking") ? open("4") : open("23.333333333333332");
        }
        if (n.startsWith("gemini-2.5-flash-lite")) {
            return open("4");
        }
        return startsWithAny(n, "gemini-2.5-flash", "gemini-robotics-er-1.5")
                ? open("8.333333333333334")
                : gemini3Family(n);
    }

    private static Family gemini3Family(String n) {
        if (n.startsWith("gemini-3-pro-image")) {
            return open("60");
        }
        return n.startsWith("gemini-3-pro") ? open("6") : open("4");
    }

    /** Section 5: the four {@code command-r} names are whole names, the rest of {@code command*} is open. */
    private static Family commandFamily(String n) {
        return switch (n) {
            case "command-r" -> locked("3");
            case "command-r-plus" -> locked("5");
            case "command-r-08-2024", "command-r-plus-08-2024" -> locked("4");
            default -> open("4");
        };
    }

    /** Section 5, last rows. Choice: 79/59 is the constant's shortest text as section 1 makes it, no longer decimal. */
    private static Family llamaFamily(String n) {
        return switch (n) {
            case "llama2-70b-4096" -> locked("1.25");
            case "llama3-8b-8192" -> locked("2");
            case "llama3-70b-8192" -> locked("1.3389830508474576");
            default -> open("1");
        };
    }

    private static Family open(String ratio) {
        return new Family(dec(ratio), false);
    }

    private static Family locked(String ratio) {
        return new Family(dec(ratio), true);
    }

    // ------------------------------------------------------------------------------- minimum, free, rounding

    /**
     * Decision 2: a group ratio of 0 makes the call free, a model ratio or price of 0 its tokens: no minimum then.
     * Choice: also none for tools alone that cost less than half a quota; decision 10's price is that of the call.
     */
    private static boolean isFree(Call call, Prices prices, Mode mode) {
        return groupRatio(call, prices).signum() == 0 || mode.value().signum() == 0;
    }

    /**
     * Section 6 and 13: a call with P + C = 0 costs 0, its price and tools are discarded too. Section 9: details count
     * where P and C are missing. A task has no tokens. Section 7: "if P is 0 it becomes n (so the price is charged)".
     */
    private static boolean used(Call call, Mode mode) {
        return switch (call.kind()) {
            case TASK -> true;
            case IMAGE -> mode.perCall() || effectiveUsage(call).tokensUsed();
            case AUDIO -> call.details().tokensUsed() || audioUsage(call).tokensUsed();
            case TEXT -> effectiveUsage(call).tokensUsed();
        };
    }

    private static Result discarded() {
        return new Charged(0, BigDecimal.ZERO, false);
    }

    /** Decision 1: one round0; decision 2 and 10: at least 1 unless free; beyond 64 bits: overflow. */
    private static Result settle(Amount amount, boolean minimumOfOne) {
        BigDecimal rounded = round0(amount.exact());
        BigDecimal quota = minimumOfOne ? rounded.max(BigDecimal.ONE) : rounded;
        if (quota.compareTo(MAX_LONG) > 0) {
            return new Overflow(amount.exact());
        }
        return new Charged(quota.longValueExact(), amount.exact(), amount.baseClamped());
    }

    /** Section 1: to integer, half away from zero. */
    private static BigDecimal round0(BigDecimal exact) {
        return exact.setScale(0, RoundingMode.HALF_UP);
    }

    // ------------------------------------------------------------------------------------------------ amounts

    private static Amount amount(Call call, Prices prices, Mode mode) {
        if (call.kind() == Kind.TASK) {
            return new Amount(taskAmount(call, prices, mode), false);
        }
        return mode.perCall() ? pricedAmount(call, prices, mode) : ratioAmount(call, prices, mode);
    }

    /** Section 10.2 with 16 item 7 and decision 1: one exact product. */
    private static BigDecimal taskAmount(Call call, Prices prices, Mode mode) {
        // Choice: the other ratios also multiply a base that was made from mr/2.
        return unitPrice(call, prices, mode.value()).multiply(product(call));
    }

    /** Section 16 item 7: ratios that are not above 0 are ignored. */
    private static BigDecimal product(Call call) {
        return call.otherRatios().values().stream()
                .filter(ratio -> ratio.signum() > 0)
                .reduce(BigDecimal.ONE, BigDecimal::multiply);
    }

    /**
     * Section 6 price mode with 16 item 3: {@code (price * QuotaPerUnit * gr + tools + audioQ) * other ratios}; the
     * other ratio of an image is n (16 item 5).
     * Choice: audioQ in price mode too, as it is "charged like a tool" (decision 10) and tools are charged there.
     * Choice: n multiplies the tools as well, as 16 item 3 writes it.
     */
    private static Amount pricedAmount(Call call, Prices prices, Mode mode) {
        BigDecimal price = unitPrice(call, prices, mode.value().multiply(imageFactor(call)));
        BigDecimal sum = price.add(surcharges(call, prices)).multiply(imageNumber(call));
        return new Amount(sum, false);
    }

    /** Section 6, 8 and 9 in ratio mode; surcharges after the tokens (16 item 3); images ignore n (16 item 5). */
    private static Amount ratioAmount(Call call, Prices prices, Mode mode) {
        Amount tokens = byAudioDetails(call) ? audioTokens(call, prices) : textTokens(call, prices);
        BigDecimal ratio = mode.value().multiply(groupRatio(call, prices));
        return new Amount(tokens.exact().multiply(ratio).add(surcharges(call, prices)), tokens.baseClamped());
    }

    private static BigDecimal unitPrice(Call call, Prices prices, BigDecimal usd) {
        return usd.multiply(prices.quotaPerUnit()).multiply(groupRatio(call, prices));
    }

    // ------------------------------------------------------------------------------- text (section 6, 16 item 1)

    /**
     * The usage that is charged. No usage object: P = the estimate, C = 0 (section 6); an image: C = 1584 for every
     * image delivered (decision 12).
     * Choice: a usage that says zero stays zero (section 17, 19), also for an image by ratio.
     */
    private static Usage effectiveUsage(Call call) {
        return call.usage().orElseGet(() -> Usage.of(call.estimate(), assumedCompletion(call)));
    }

    private static long assumedCompletion(Call call) {
        if (call.kind() != Kind.IMAGE) {
            return 0;
        }
        ImageRequest image = call.imageRequest();
        return IMAGE_TOKENS * image.delivered().orElse(image.requested());
    }

    /** Section 6: {@code max(0, base) + K*kr + I*ir + writes + C*cr}; decision 4 clamps after all subtractions. */
    private static Amount textTokens(Call call, Prices prices) {
        Usage usage = effectiveUsage(call);
        BigDecimal base = base(call, usage);
        BigDecimal sum = base.max(BigDecimal.ZERO)
                .add(dec(usage.cached()).multiply(cacheRatio(call, prices)))
                .add(dec(usage.image()).multiply(imageRatio(call, prices)))
                .add(writes(usage).multiply(createCacheRatio(call, prices)))
                .add(dec(usage.completion()).multiply(completionRatio(call.model(), prices)));
        return new Amount(sum, base.signum() < 0);
    }

    /** Section 6 and 16 item 1: K and W are part of the prompt in OPENAI semantics only; I and priced A always. */
    private static BigDecimal base(Call call, Usage usage) {
        BigDecimal base = dec(usage.prompt()).subtract(dec(usage.image())).subtract(separateAudio(call));
        return usage.semantics() == Semantics.ANTHROPIC
                ? base
                : base.subtract(dec(usage.cached())).subtract(dec(usage.written()));
    }

    /**
     * Section 16 item 1: {@code max(0, W-W5-W1) + W5 + W1*1.6} in units of the creation ratio; a total alone is
     * 5-minute writes (decision 12).
     * Choice: OPENAI semantics price W alone; usage that names a split is ANTHROPIC by decision 12.
     */
    private static BigDecimal writes(Usage usage) {
        BigDecimal total = dec(usage.written());
        if (usage.semantics() == Semantics.OPENAI) {
            return total;
        }
        BigDecimal five = dec(usage.written5m());
        BigDecimal hour = dec(usage.written1h());
        BigDecimal rest = total.subtract(five).subtract(hour).max(BigDecimal.ZERO);
        return rest.add(five).add(hour.multiply(ONE_HOUR_FACTOR));
    }

    // ----------------------------------------------------------------------------------------- audio (section 9)

    /** Section 9: the text formula when all details are missing. */
    private static boolean byAudioDetails(Call call) {
        return call.kind() == Kind.AUDIO && !call.details().allMissing();
    }

    /** Choice: details without a usage object have no total beside them; the estimate counts only without details. */
    private static Usage audioUsage(Call call) {
        return call.details().allMissing() ? effectiveUsage(call) : call.usage().orElseGet(() -> Usage.of(0, 0));
    }

    /** Section 9: {@code Ti + To*cr + Ai*ar + Ao*ar*acr}; cached tokens are ignored on this path. */
    private static Amount audioTokens(Call call, Prices prices) {
        Usage usage = audioUsage(call);
        AudioDetails details = call.details();
        BigDecimal audio = audioRatio(call, prices);
        BigDecimal audioOut = audio.multiply(audioCompletionRatio(call, prices));
        BigDecimal sum = textPart(usage.prompt(), details.textIn(), details.audioIn())
                .add(textPart(usage.completion(), details.textOut(), details.audioOut())
                        .multiply(completionRatio(call.model(), prices)))
                .add(dec(details.audioIn().orElse(0)).multiply(audio))
                .add(dec(details.audioOut().orElse(0)).multiply(audioOut));
        return new Amount(sum, false);
    }

    /**
     * Decision 12: "Audio details that name only a part: the rest of the total is text."
     * Choice: also when both parts are named and their sum is below the total; named parts above the total stay.
     */
    private static BigDecimal textPart(long total, OptionalLong text, OptionalLong audio) {
        BigDecimal named = dec(text.orElse(0));
        BigDecimal rest = dec(total).subtract(named).subtract(dec(audio.orElse(0)));
        return named.add(rest.max(BigDecimal.ZERO));
    }

    // --------------------------------------------------------------------------------------- images (section 7)

    /** Section 7: size and quality factor of a fixed price; both only for dall-e names. */
    private static BigDecimal imageFactor(Call call) {
        if (call.kind() != Kind.IMAGE || !call.model().startsWith("dall-e")) {
            return BigDecimal.ONE;
        }
        Optional<BigDecimal> size = call.imageRequest().size().flatMap(text -> find(DALL_E_SIZES, text));
        return size.orElse(BigDecimal.ONE).multiply(qualityFactor(call));
    }

    /** Section 7: {@code hd}: 2, or 1.5 for the two tall/wide sizes. Choice: the name is exactly {@code dall-e-3}. */
    private static BigDecimal qualityFactor(Call call) {
        ImageRequest image = call.imageRequest();
        boolean hd = image.quality().filter("hd"::equals).isPresent();
        if (!hd || !call.model().equals("dall-e-3")) {
            return BigDecimal.ONE;
        }
        boolean tallOrWide =
                image.size().filter(List.of("1024x1792", "1792x1024")::contains).isPresent();
        return tallOrWide ? dec("1.5") : dec("2");
    }

    /** Section 16 item 5: the other ratio n, fixed price only. */
    private static BigDecimal imageNumber(Call call) {
        return call.kind() == Kind.IMAGE ? dec(call.imageRequest().billed()) : BigDecimal.ONE;
    }

    // ------------------------------------------------------------------------- surcharges (section 6.1, 16 item 4)

    /**
     * All that is charged beside the tokens or the price: {@code USD * QuotaPerUnit * gr}.
     * Choice: on the audio path too; section 9 does not mention tools, decision 2 charges them on every path.
     */
    private static BigDecimal surcharges(Call call, Prices prices) {
        BigDecimal usd = toolsUsd(call, prices).add(imageCallsUsd(call)).add(geminiAudioUsd(call));
        return unitPrice(call, prices, usd);
    }

    /** Section 6.1: price * calls / 1000. Choice: only counted calls, none is inferred from a search-preview name. */
    private static BigDecimal toolsUsd(Call call, Prices prices) {
        Map<String, BigDecimal> merged = new LinkedHashMap<>(DEFAULT_TOOL_PRICES);
        merged.putAll(prices.toolPrices());
        return call.tools().entrySet().stream()
                .map(tool -> toolPrice(tool.getKey(), call, merged).multiply(dec(tool.getValue())))
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .movePointLeft(3);
    }

    /**
     * Section 16 item 4: longest prefix of {@code tool:prefix*}, then the tool default, then 0.
     *
     * <p>Corrected: "Claude search and file search use the default without model" speaks of Claude's search only (6.1:
     * {@code usage.server_tool_use.web_search_requests}), so a {@code web_search} in OPENAI semantics goes by the model.
     */
    private static BigDecimal toolPrice(String tool, Call call, Map<String, BigDecimal> merged) {
        boolean claudeSearch = tool.equals("web_search")
                && call.usage().map(Usage::semantics).equals(Optional.of(Semantics.ANTHROPIC));
        Optional<BigDecimal> byModel = claudeSearch || tool.equals("file_search")
                ? Optional.empty()
                : prefixPrice(tool + ":", call.model(), merged);
        return byModel.or(() -> find(merged, tool)).orElse(BigDecimal.ZERO);
    }

    private static Optional<BigDecimal> prefixPrice(String start, String model, Map<String, BigDecimal> merged) {
        return merged.entrySet().stream()
                .filter(entry ->
                        entry.getKey().startsWith(start) && entry.getKey().endsWith("*"))
                .map(entry -> new PrefixPrice(prefixOf(entry.getKey(), start), entry.getValue()))
                .filter(entry -> model.startsWith(entry.prefix()))
                .reduce((left, right) ->
                        left.prefix().length() >= right.prefix().length() ? left : right)
                .map(PrefixPrice::price);
    }

    private static String prefixOf(String key, String start) {
        return key.substring(start.length(), key.length() - 1);
    }

    /** Section 6.1: image generation calls, each by its own quality and size. */
    private static BigDecimal imageCallsUsd(Call call) {
        return call.imageCalls().stream()
                .map(item ->
                        find(IMAGE_CALLS, item.quality() + " " + item.size()).orElse(UNKNOWN_IMAGE_CALL))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** Section 6: {@code (price / 1000000) * A}. */
    private static BigDecimal geminiAudioUsd(Call call) {
        return separateAudio(call).multiply(geminiAudioPrice(call.model())).movePointLeft(6);
    }

    /** Section 6: audio input that has a price of its own and leaves the base; the details path charges its own. */
    private static BigDecimal separateAudio(Call call) {
        boolean separate =
                !byAudioDetails(call) && geminiAudioPrice(call.model()).signum() > 0;
        return separate ? dec(effectiveUsage(call).audio()) : BigDecimal.ZERO;
    }

    private static BigDecimal geminiAudioPrice(String model) {
        return GEMINI_AUDIO.stream()
                .filter(entry -> model.startsWith(entry.prefix()))
                .findFirst()
                .map(PrefixPrice::price)
                .orElse(BigDecimal.ZERO);
    }

    // ---------------------------------------------------------------------------------- reservation (section 12)

    /**
     * Section 12 ratio mode: {@code max(estimate, PreConsumedQuota) + maxTokens}.
     * Choice: an image by ratio always reserves 1584 once, whatever maxTokens and n are (section 7).
     */
    private static BigDecimal reservedTokens(Call call, long estimate, long preConsumed, long maxTokens) {
        long output = call.kind() == Kind.IMAGE ? IMAGE_TOKENS : maxTokens;
        return dec(Math.max(estimate, preConsumed)).add(dec(output));
    }

    /** Section 12 price mode: the price with the image factor, times the n asked for; a task: its full product. */
    private static BigDecimal reservedPrice(Call call, Prices prices, Mode mode) {
        if (call.kind() == Kind.TASK) {
            return taskAmount(call, prices, mode);
        }
        long number = call.kind() == Kind.IMAGE ? call.imageRequest().requested() : 1;
        return unitPrice(call, prices, mode.value().multiply(imageFactor(call))).multiply(dec(number));
    }

    // ------------------------------------------------------------------------------------------------- helpers

    private static Optional<BigDecimal> find(Map<String, BigDecimal> map, String key) {
        return Optional.ofNullable(map.get(key));
    }

    private static boolean startsWithAny(String text, String... prefixes) {
        return Stream.of(prefixes).anyMatch(text::startsWith);
    }

    private static void requireCount(long count) {
        if (count < 0) {
            throw new IllegalArgumentException("negative count");
        }
    }

    private static BigDecimal dec(String text) {
        return new BigDecimal(text);
    }

    private static BigDecimal dec(long value) {
        return BigDecimal.valueOf(value);
    }
}

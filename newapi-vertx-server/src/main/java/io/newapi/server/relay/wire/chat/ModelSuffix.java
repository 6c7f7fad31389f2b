package io.newapi.server.relay.wire.chat;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the end of a model's name asks for, which is not a part of the provider's name for it. Immutable.
 *
 * @param family whose models are named so
 * @param model the name without it
 * @param wish what is asked for
 * @param word the effort, for {@link Wish#EFFORT}; else empty
 * @param tokens text units, for {@link Wish#BUDGET}; else 0
 * @param share the part of the answer's limit that is for thinking, for {@link Wish#THINK}; else 0
 */
public record ModelSuffix(Suffixes family, String model, Wish wish, String word, long tokens, BigDecimal share) {

    /** What may be asked for. */
    public enum Wish {
        /** Nothing: the name is all name. */
        NOTHING,
        /** To think, by a word. */
        EFFORT,
        /** To think. */
        THINK,
        /** To think, by so many text units. */
        BUDGET,
        /** Not to think. */
        NO_THINKING,
        /** To search the web. */
        SEARCH
    }

    private static final String THINKING = "-thinking";
    private static final String NO_THINKING = "-nothinking";
    private static final String SEARCH = "-search";
    private static final Pattern BUDGET = Pattern.compile("(.+)-thinking-(\\d{1,7})");

    private static final List<String> OPENAI_WORDS = List.of("high", "minimal", "low", "medium", "none", "xhigh");
    private static final List<String> CLAUDE_WORDS = List.of("max", "xhigh", "high", "medium", "low", "minimal");
    private static final List<String> FEW_WORDS = List.of("high", "medium", "low");

    /** A name that asks for nothing. */
    public static ModelSuffix none(String model) {
        return new ModelSuffix(Suffixes.NONE, model, Wish.NOTHING, "", 0, BigDecimal.ZERO);
    }

    /**
     * The same of a name of Anthropic's. The words for effort are read where the model knows such.
     *
     * @param thinking whether {@code -thinking} counts
     * @param share the part of the limit that is for thinking then
     */
    public static ModelSuffix ofClaude(String name, boolean thinking, BigDecimal share) {
        if (!name.contains("claude")) {
            return none(name);
        }
        if (name.endsWith(THINKING)) {
            return thinking
                    ? new ModelSuffix(Suffixes.CLAUDE, without(THINKING, name), Wish.THINK, "", 0, share)
                    : none(name);
        }
        return ClaudeModel.named(name).thinksAdaptively() ? effort(Suffixes.CLAUDE, name, CLAUDE_WORDS) : none(name);
    }

    /**
     * The same of a name of Google's.
     *
     * @param share the part of the limit that is for thinking, for {@code -thinking}
     */
    public static ModelSuffix ofGemini(String name, BigDecimal share) {
        if (!name.contains("gemini")) {
            return none(name);
        }
        Matcher budget = BUDGET.matcher(name);
        if (budget.matches()) {
            long tokens = Long.parseLong(budget.group(2));
            return new ModelSuffix(Suffixes.GEMINI, budget.group(1), Wish.BUDGET, "", tokens, BigDecimal.ZERO);
        }
        if (name.endsWith(NO_THINKING)) {
            return asking(Suffixes.GEMINI, without(NO_THINKING, name), Wish.NO_THINKING);
        }
        if (name.endsWith(THINKING)) {
            return new ModelSuffix(Suffixes.GEMINI, without(THINKING, name), Wish.THINK, "", 0, share);
        }
        return effort(Suffixes.GEMINI, name, FEW_WORDS);
    }

    /** The same of a name of another's. */
    public static ModelSuffix of(Suffixes family, String name) {
        return switch (family) {
            case NONE, CLAUDE, GEMINI -> none(name);
            case OPENAI -> OpenAiModels.reasons(name) ? effort(family, name, OPENAI_WORDS) : none(name);
            case XAI ->
                name.endsWith(SEARCH)
                        ? asking(family, without(SEARCH, name), Wish.SEARCH)
                        : name.startsWith("grok-3-mini") ? effort(family, name, FEW_WORDS) : none(name);
            case OPENROUTER -> thinking(family, name);
            case VOLCENGINE -> name.startsWith("deepseek") ? thinking(family, name) : none(name);
            case BAIDU -> name.endsWith(SEARCH) ? asking(family, without(SEARCH, name), Wish.SEARCH) : none(name);
        };
    }

    /** Whether anything is asked for. */
    public boolean asks() {
        return wish != Wish.NOTHING;
    }

    private static ModelSuffix thinking(Suffixes family, String name) {
        return name.endsWith(THINKING) ? asking(family, without(THINKING, name), Wish.THINK) : none(name);
    }

    private static ModelSuffix asking(Suffixes family, String model, Wish wish) {
        return new ModelSuffix(family, model, wish, "", 0, BigDecimal.ZERO);
    }

    private static ModelSuffix effort(Suffixes family, String name, List<String> words) {
        return words.stream()
                .filter(word -> name.endsWith("-" + word))
                .findFirst()
                .map(word -> new ModelSuffix(family, without("-" + word, name), Wish.EFFORT, word, 0, BigDecimal.ZERO))
                .orElseGet(() -> none(name));
    }

    private static String without(String suffix, String name) {
        return name.substring(0, name.length() - suffix.length());
    }

    // ---- conversations that are translated ----

    /**
     * A conversation with what is asked for in it, for formats that have more than one way to say it; the model is named without
     * the suffix. What the client itself says of how much to think counts more than a suffix that only says that it is to.
     *
     * @param defaultMaxTokens the limit of an answer of Anthropic's where the client sets none
     */
    Conversation in(Conversation asked, long defaultMaxTokens) {
        Conversation renamed = asked.withModel(model);
        return switch (family) {
            case CLAUDE -> claude(renamed, defaultMaxTokens);
            case GEMINI ->
                renamed.withThinking(gemini(asked.thinking(), asked.sampling().maxTokens()));
            default -> renamed;
        };
    }

    private Conversation claude(Conversation asked, long defaultMaxTokens) {
        if (wish == Wish.EFFORT) {
            return asked.withThinking(Thinking.effort(word));
        }
        if (asked.thinking().mode() != Thinking.Mode.UNSAID) {
            return asked;
        }
        if (ClaudeModel.named(model).thinksAdaptively()) {
            return asked.withThinking(new Thinking(Thinking.Mode.ADAPTIVE, "", 0, true));
        }
        long limit = claudeLimit(asked.sampling().maxTokens(), defaultMaxTokens);
        return asked.withThinking(Thinking.budget(claudeBudget(limit)))
                .withSampling(asked.sampling().withMaxTokens(limit));
    }

    /** The limit of an answer that begins with thoughts. */
    static long claudeLimit(long own, long otherwise) {
        return Math.max(MessagesThinking.LEAST_LIMIT, own > 0 ? own : otherwise);
    }

    /** How much of it is for them: what Anthropic takes, whatever the share is. */
    long claudeBudget(long limit) {
        long part = share.multiply(BigDecimal.valueOf(limit)).longValue();
        return Math.max(MessagesThinking.LEAST_BUDGET, Math.min(limit - 1, part));
    }

    /**
     * How much one of Google's models is to think.
     *
     * @param said by the client
     * @param limit of the answer; 0 for none
     */
    Thinking gemini(Thinking said, long limit) {
        if (said.mode() != Thinking.Mode.UNSAID && said.mode() != Thinking.Mode.EFFORT) {
            return said;
        }
        return switch (wish) {
            case EFFORT -> Thinking.effort(word);
            case BUDGET -> tokens == 0 ? Thinking.effort("none") : Thinking.budget(tokens);
            case NO_THINKING -> Thinking.effort("none");
            case THINK -> geminiThought(said, limit);
            case NOTHING, SEARCH -> said;
        };
    }

    private Thinking geminiThought(Thinking said, long limit) {
        GeminiModel named = GeminiModel.named(model);
        Thinking asItLikes = new Thinking(Thinking.Mode.UNSAID, "", 0, true);
        if (named.thinksByLevel() || GeminiThinking.isPreviewOfPro(model)) {
            return said.mode() == Thinking.Mode.EFFORT && named.thinksByLevel() ? said : asItLikes;
        }
        if (limit > 0) {
            return Thinking.budget(
                    Math.max(1, share.multiply(BigDecimal.valueOf(limit)).longValue()));
        }
        long most = GeminiThinking.mostTokens(named);
        return switch (said.effort()) {
            case "high" -> Thinking.budget(most * 80 / 100);
            case "medium" -> Thinking.budget(most * 50 / 100);
            case "low" -> Thinking.budget(most * 20 / 100);
            case "" -> asItLikes;
            default -> said;
        };
    }
}

package io.newapi.core.estimate;

/**
 * Estimates how many tokens a text has for a model, without its tokenizer: every word, number, CJK character, sign and
 * piece of white space weighs what such things weigh on average for the model's family (Gemini, Claude, and OpenAI for
 * all others). Good enough to reserve quota with, and to charge by where an upstream reports no usage.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class TextEstimator {

    private final Weights weights;

    private TextEstimator(Weights weights) {
        this.weights = weights;
    }

    /** The estimator for a model, chosen by its name. */
    public static TextEstimator forModel(String model) {
        return new TextEstimator(Weights.forModel(model));
    }

    /** The estimated tokens of {@code text}, rounded up; 0 for the empty text. */
    public long estimate(CharSequence text) {
        return start().add(text).tokens();
    }

    /** An estimate of a text that arrives in pieces. */
    public Estimate start() {
        return new Estimate(weights);
    }
}

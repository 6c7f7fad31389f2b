package io.newapi.core.pricing.expression;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * The price of a model as an expression over the counts of a call: USD for a million units.
 *
 * <pre>
 * len &lt;= 200000 ? tier("short", p * 1.25 + c * 10 + cr * 0.125) : tier("long", p * 2.5 + c * 15 + cr * 0.25)
 * </pre>
 *
 * <p>Sums and products are exact; a quotient has 34 significant digits, a half going to the even neighbour. Immutable; an
 * expression is its text.
 */
public final class Expression {

    /** The longest text, in characters. */
    public static final int MAX_CHARS = 8192;

    /** The most constants, names, operators and calls. Each is evaluated at most once. */
    public static final int MAX_NODES = 2000;

    /** How deep they may be nested; a sum of so many terms is as deep. */
    public static final int MAX_DEPTH = 128;

    /** The only version of the language; the mark may be left out. */
    private static final String VERSION = "v1:";

    /** Counts of the sample calls: none, some, and enough for the highest tiers. */
    private static final long[] SAMPLES = {0, 1, 1_000, 128_001, 200_001, 1_000_001, 10_000_000};

    private static final Instant SAMPLE_DAY = Instant.parse("2026-01-04T00:30:00Z");

    private final String text;
    private final Node root;
    private final Set<Variable> mentioned;
    private final Set<String> params;

    /**
     * What an expression came to.
     *
     * @param value USD for a million units; may be negative
     * @param tier the name in the {@code tier} that was evaluated last, empty if none was
     */
    public record Result(BigDecimal value, String tier) {}

    private Expression(String text, Parser.Parsed parsed) {
        this.text = text;
        this.root = parsed.root();
        this.mentioned = parsed.mentioned();
        this.params = Collections.unmodifiableSet(parsed.params());
    }

    /** @throws ExpressionSyntaxException if this is no expression, or too large a one */
    public static Expression parse(String text) {
        if (text.length() > MAX_CHARS) {
            throw new ExpressionSyntaxException(MAX_CHARS, "an expression has at most " + MAX_CHARS + " characters");
        }
        int start = text.length() - text.stripLeading().length();
        int from = text.startsWith(VERSION, start) ? start + VERSION.length() : start;
        return new Expression(text, Parser.parse(Lexer.lexemes(text, from)));
    }

    /** The text that was parsed. */
    public String text() {
        return text;
    }

    /** Whether the variable occurs anywhere in it. */
    public boolean mentions(Variable variable) {
        return mentioned.contains(variable);
    }

    /** The paths that it may ask of a request's body; without those that it would put together first. */
    public Set<String> params() {
        return params;
    }

    /** @throws EvaluationException if it has no number as its value here */
    public Result evaluate(Quantities quantities, Circumstances circumstances) {
        Scope scope = new Scope(quantities, circumstances);
        BigDecimal value = Numbers.of(root.value(scope), 0);
        return new Result(value, scope.tier());
    }

    /**
     * Tries the expression on sample calls, small and large, of every kind and at several times, without a request.
     *
     * @throws EvaluationException if it has no value for one of them
     * @throws IllegalArgumentException if it is below zero for one of them
     */
    public void check() {
        for (int hour = 0; hour < 7 * 24; hour += 5) {
            InstantSource clock = InstantSource.fixed(SAMPLE_DAY.plus(Duration.ofHours(hour)));
            check(Quantities.of(Map.of(Variable.P, 1_000L, Variable.C, 1_000L, Variable.LEN, 1_000L)), clock);
        }
        InstantSource clock = InstantSource.fixed(SAMPLE_DAY);
        for (long count : SAMPLES) {
            Map<Variable, Long> everything = new EnumMap<>(Variable.class);
            for (Variable variable : Variable.values()) {
                everything.put(variable, count);
                Map<Variable, Long> alone = new EnumMap<>(Map.of(variable, count));
                alone.put(Variable.LEN, count);
                check(Quantities.of(alone), clock);
            }
            check(Quantities.of(everything), clock);
        }
    }

    private void check(Quantities sample, InstantSource clock) {
        BigDecimal value = evaluate(sample, Circumstances.at(clock)).value();
        if (value.signum() < 0) {
            throw new IllegalArgumentException("the price is below zero (" + value.toPlainString() + ") for " + sample);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Expression expression && text.equals(expression.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}

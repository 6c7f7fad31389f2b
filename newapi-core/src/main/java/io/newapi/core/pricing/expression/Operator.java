package io.newapi.core.pricing.expression;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Optional;

/** What stands between two values, but for the two that may leave out the right one. */
enum Operator {
    EQUAL("==", 1) {
        @Override
        Value apply(Value left, Value right, int position) {
            return Value.of(left.equals(right));
        }
    },
    DIFFERENT("!=", 1) {
        @Override
        Value apply(Value left, Value right, int position) {
            return Value.of(!left.equals(right));
        }
    },
    LESS("<", 2) {
        @Override
        Value apply(Value left, Value right, int position) {
            return Value.of(compare(left, right, position) < 0);
        }
    },
    AT_MOST("<=", 2) {
        @Override
        Value apply(Value left, Value right, int position) {
            return Value.of(compare(left, right, position) <= 0);
        }
    },
    MORE(">", 2) {
        @Override
        Value apply(Value left, Value right, int position) {
            return Value.of(compare(left, right, position) > 0);
        }
    },
    AT_LEAST(">=", 2) {
        @Override
        Value apply(Value left, Value right, int position) {
            return Value.of(compare(left, right, position) >= 0);
        }
    },
    PLUS("+", 3) {
        @Override
        Value apply(Value left, Value right, int position) {
            return Numbers.bounded(Numbers.of(left, position).add(Numbers.of(right, position)), position);
        }
    },
    MINUS("-", 3) {
        @Override
        Value apply(Value left, Value right, int position) {
            return Numbers.bounded(Numbers.of(left, position).subtract(Numbers.of(right, position)), position);
        }
    },
    TIMES("*", 4) {
        @Override
        Value apply(Value left, Value right, int position) {
            return Numbers.bounded(Numbers.of(left, position).multiply(Numbers.of(right, position)), position);
        }
    },
    BY("/", 4) {
        @Override
        Value apply(Value left, Value right, int position) {
            BigDecimal divisor = Numbers.of(right, position);
            if (divisor.signum() == 0) {
                throw new EvaluationException(position, "division by zero");
            }
            // 34 significant digits, a half to the even neighbour: the one place in pricing that is not exact
            return Numbers.bounded(Numbers.of(left, position).divide(divisor, MathContext.DECIMAL128), position);
        }
    };

    /** The levels from the loosest to the tightest binding. */
    static final int LEVELS = 4;

    private final String sign;
    private final int level;

    Operator(String sign, int level) {
        this.sign = sign;
        this.level = level;
    }

    static Optional<Operator> of(Lexeme lexeme, int level) {
        return Arrays.stream(values())
                .filter(operator -> operator.level == level && lexeme.is(operator.sign))
                .findFirst();
    }

    abstract Value apply(Value left, Value right, int position);

    private static int compare(Value left, Value right, int position) {
        if (left instanceof Value.Numeric one && right instanceof Value.Numeric other) {
            return one.value().compareTo(other.value());
        }
        if (left instanceof Value.Text one && right instanceof Value.Text other) {
            return one.value().compareTo(other.value());
        }
        throw new EvaluationException(position, left.kind() + " cannot be compared with " + right.kind());
    }
}

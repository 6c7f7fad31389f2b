package io.newapi.core.pricing.expression;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** A part of an expression. Immutable. */
sealed interface Node {

    /** Its value; whatever has no value is an {@link EvaluationException}. */
    Value value(Scope scope);

    /** How many nodes are above each other in it, itself included. */
    int depth();

    /** A number, a text, true, false or nil. */
    record Constant(Value constant) implements Node {

        @Override
        public Value value(Scope scope) {
            return constant;
        }

        @Override
        public int depth() {
            return 1;
        }
    }

    /** The name of a count. */
    record Count(Variable variable) implements Node {

        @Override
        public Value value(Scope scope) {
            return Value.of(BigDecimal.valueOf(scope.quantities.of(variable)));
        }

        @Override
        public int depth() {
            return 1;
        }
    }

    /** {@code -operand}. */
    record Negative(Node operand, int position, int depth) implements Node {

        @Override
        public Value value(Scope scope) {
            return Value.of(Numbers.of(operand.value(scope), position).negate());
        }
    }

    /** {@code !operand}. */
    record Not(Node operand, int position, int depth) implements Node {

        @Override
        public Value value(Scope scope) {
            return Value.of(!truth(operand.value(scope), position));
        }
    }

    /** Two operands, both evaluated. */
    record Binary(Operator operator, Node left, Node right, int position, int depth) implements Node {

        @Override
        public Value value(Scope scope) {
            return operator.apply(left.value(scope), right.value(scope), position);
        }
    }

    /** {@code left && right}: the right one is evaluated only if the left one is true. */
    record And(Node left, Node right, int position, int depth) implements Node {

        @Override
        public Value value(Scope scope) {
            return Value.of(truth(left.value(scope), position) && truth(right.value(scope), position));
        }
    }

    /** {@code left || right}: the right one is evaluated only if the left one is false. */
    record Or(Node left, Node right, int position, int depth) implements Node {

        @Override
        public Value value(Scope scope) {
            return Value.of(truth(left.value(scope), position) || truth(right.value(scope), position));
        }
    }

    /** {@code condition ? yes : no}: only one of the two is evaluated. */
    record Choice(Node condition, Node yes, Node no, int position, int depth) implements Node {

        @Override
        public Value value(Scope scope) {
            return (truth(condition.value(scope), position) ? yes : no).value(scope);
        }
    }

    /** A call of a function. */
    record Call(Function function, List<Node> arguments, int position, int depth) implements Node {

        @Override
        public Value value(Scope scope) {
            List<Value> values = new ArrayList<>(arguments.size());
            for (Node argument : arguments) {
                values.add(argument.value(scope));
            }
            return function.apply(values, scope, position);
        }
    }

    private static boolean truth(Value value, int position) {
        if (value instanceof Value.Truth truth) {
            return truth.value();
        }
        throw new EvaluationException(position, "true or false is needed, not " + value.kind());
    }
}

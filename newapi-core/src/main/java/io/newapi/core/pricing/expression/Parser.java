package io.newapi.core.pricing.expression;

import io.newapi.core.pricing.expression.Lexeme.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Builds the tree of an expression. From the loosest to the tightest binding: {@code ?:}, {@code ||}, {@code &&}, equality,
 * order, sums, products, signs, calls and parentheses.
 */
final class Parser {

    private static final int MAX_DIGITS = 40;
    private static final int MAX_EXPONENT = 40;

    private final List<Lexeme> lexemes;
    private final Set<Variable> mentioned = EnumSet.noneOf(Variable.class);
    private final Set<String> params = new TreeSet<>();
    private int at;
    private int nodes;
    private int open;

    private Parser(List<Lexeme> lexemes) {
        this.lexemes = lexemes;
    }

    /** A tree and the variables in it. */
    record Parsed(Node root, Set<Variable> mentioned, Set<String> params) {}

    /** @throws ExpressionSyntaxException if the lexemes form no expression, or too large a one */
    static Parsed parse(List<Lexeme> lexemes) {
        Parser parser = new Parser(lexemes);
        Node root = parser.choice();
        Lexeme rest = parser.current();
        if (rest.kind() != Kind.END) {
            throw new ExpressionSyntaxException(rest.position(), rest.shown() + " after the end of the expression");
        }
        return new Parsed(root, parser.mentioned, parser.params);
    }

    private Node choice() {
        enter();
        Node condition = either();
        Lexeme sign = current();
        if (sign.is("?")) {
            at++;
            Node yes = choice();
            expect(":");
            Node no = choice();
            condition = counted(
                    new Node.Choice(condition, yes, no, sign.position(), above(condition, yes, no)), sign.position());
        }
        open--;
        return condition;
    }

    private Node either() {
        Node left = both();
        for (Lexeme sign = current(); sign.is("||"); sign = current()) {
            at++;
            Node right = both();
            left = counted(new Node.Or(left, right, sign.position(), above(left, right)), sign.position());
        }
        return left;
    }

    private Node both() {
        Node left = binary(1);
        for (Lexeme sign = current(); sign.is("&&"); sign = current()) {
            at++;
            Node right = binary(1);
            left = counted(new Node.And(left, right, sign.position(), above(left, right)), sign.position());
        }
        return left;
    }

    private Node binary(int level) {
        if (level > Operator.LEVELS) {
            return unary();
        }
        Node left = binary(level + 1);
        for (Operator operator = Operator.of(current(), level).orElse(null);
                operator != null;
                operator = Operator.of(current(), level).orElse(null)) {
            int position = current().position();
            at++;
            Node right = binary(level + 1);
            left = counted(new Node.Binary(operator, left, right, position, above(left, right)), position);
        }
        return left;
    }

    private Node unary() {
        Lexeme sign = current();
        if (!sign.is("-") && !sign.is("!") && !sign.is("+")) {
            return primary();
        }
        enter();
        at++;
        Node operand = unary();
        open--;
        if (sign.is("+")) {
            return operand;
        }
        return counted(
                sign.is("-")
                        ? new Node.Negative(operand, sign.position(), above(operand))
                        : new Node.Not(operand, sign.position(), above(operand)),
                sign.position());
    }

    private Node primary() {
        Lexeme lexeme = current();
        at++;
        return switch (lexeme.kind()) {
            case NUMBER -> constant(Value.of(number(lexeme)), lexeme);
            case TEXT -> constant(Value.of(lexeme.text()), lexeme);
            case WORD -> word(lexeme);
            case SIGN -> parenthesised(lexeme);
            case END -> throw new ExpressionSyntaxException(lexeme.position(), "a value is missing at the end");
        };
    }

    private Node parenthesised(Lexeme sign) {
        if (!sign.is("(")) {
            throw new ExpressionSyntaxException(sign.position(), "a value is missing before " + sign.shown());
        }
        Node inner = choice();
        expect(")");
        return inner;
    }

    private Node word(Lexeme word) {
        if (current().is("(")) {
            return call(word);
        }
        return switch (word.text()) {
            case "true" -> constant(Value.of(true), word);
            case "false" -> constant(Value.of(false), word);
            case "nil" -> constant(Value.NIL, word);
            default -> {
                Variable variable = Variable.ofWord(word.text())
                        .orElseThrow(() ->
                                new ExpressionSyntaxException(word.position(), "there is no variable " + word.shown()));
                mentioned.add(variable);
                yield counted(new Node.Count(variable), word.position());
            }
        };
    }

    private Node call(Lexeme word) {
        Function function = Function.ofWord(word.text())
                .orElseThrow(
                        () -> new ExpressionSyntaxException(word.position(), "there is no function " + word.shown()));
        at++;
        List<Node> arguments = new ArrayList<>();
        if (!current().is(")")) {
            arguments.add(choice());
            while (current().is(",")) {
                at++;
                arguments.add(choice());
            }
        }
        expect(")");
        if (!function.takes(arguments.size())) {
            throw new ExpressionSyntaxException(
                    word.position(), word.shown() + " does not take " + arguments.size() + " arguments");
        }
        int depth = above(arguments.toArray(Node[]::new));
        if (function == Function.PARAM
                && arguments.get(0) instanceof Node.Constant path
                && path.constant() instanceof Value.Text text) {
            params.add(text.value());
        }
        return counted(new Node.Call(function, List.copyOf(arguments), word.position(), depth), word.position());
    }

    private Node constant(Value value, Lexeme lexeme) {
        return counted(new Node.Constant(value), lexeme.position());
    }

    private static BigDecimal number(Lexeme lexeme) {
        int exponent = Math.max(lexeme.text().indexOf('e'), lexeme.text().indexOf('E'));
        // The length first: the value of a long exponent must not be computed.
        if (lexeme.text().length() <= 2 * MAX_DIGITS
                && (exponent < 0 || lexeme.text().length() - exponent <= 5)) {
            BigDecimal number = new BigDecimal(lexeme.text());
            if (number.precision() <= MAX_DIGITS && Math.abs(number.scale()) <= MAX_EXPONENT) {
                return number;
            }
        }
        throw new ExpressionSyntaxException(
                lexeme.position(), "a number of more than " + MAX_DIGITS + " digits before or after the point");
    }

    private Lexeme current() {
        return lexemes.get(Math.min(at, lexemes.size() - 1));
    }

    private void expect(String sign) {
        Lexeme lexeme = current();
        if (!lexeme.is(sign)) {
            throw new ExpressionSyntaxException(
                    lexeme.position(), "'" + sign + "' is missing before " + lexeme.shown());
        }
        at++;
    }

    /** Bounds how deep the parser itself goes, before there is a tree to measure. */
    private void enter() {
        if (++open > Expression.MAX_DEPTH) {
            throw tooDeep(current().position());
        }
    }

    private Node counted(Node node, int position) {
        if (++nodes > Expression.MAX_NODES) {
            throw new ExpressionSyntaxException(position, "more than " + Expression.MAX_NODES + " parts");
        }
        if (node.depth() > Expression.MAX_DEPTH) {
            throw tooDeep(position);
        }
        return node;
    }

    private static ExpressionSyntaxException tooDeep(int position) {
        return new ExpressionSyntaxException(position, "nested more than " + Expression.MAX_DEPTH + " levels deep");
    }

    private static int above(Node... nodes) {
        int deepest = 0;
        for (Node node : nodes) {
            deepest = Math.max(deepest, node.depth());
        }
        return deepest + 1;
    }
}

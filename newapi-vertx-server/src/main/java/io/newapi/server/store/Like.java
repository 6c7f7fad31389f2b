package io.newapi.server.store;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.SQLDialect;
import org.jooq.impl.CustomCondition;

/** LIKE conditions in which the text that is looked for means only itself. */
final class Like {

    private static final char ESCAPE = '!';
    private static final int MAX_WILDCARDS = 2;

    private Like() {}

    /** Whether {@code text} occurs anywhere in the column; upper and lower case of ASCII letters are the same. */
    static Condition contains(Field<String> column, String text) {
        return like(column, '%' + escaped(text) + '%');
    }

    /** Whether the column begins with {@code text}; upper and lower case of ASCII letters are the same. */
    static Condition startsWith(Field<String> column, String text) {
        return like(column, escaped(text) + '%');
    }

    /**
     * Whether the column matches a pattern in which only {@code %} is special. More than two of them would let one
     * request compare every row at great cost: then they stand for themselves.
     */
    static Condition pattern(Field<String> column, String pattern) {
        long wildcards = pattern.chars().filter(c -> c == '%').count();
        if (wildcards == 0) {
            return column.eq(pattern);
        }
        return wildcards > MAX_WILDCARDS
                ? column.eq(pattern)
                : like(column, pattern.replace("!", "!!").replace("_", "!_"));
    }

    /** PostgreSQL tells upper from lower case in {@code like}. */
    private static Condition like(Field<String> column, String pattern) {
        return CustomCondition.of(context -> context.visit(
                context.family() == SQLDialect.POSTGRES
                        ? column.likeIgnoreCase(pattern, ESCAPE)
                        : column.like(pattern, ESCAPE)));
    }

    private static String escaped(String text) {
        return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    }
}

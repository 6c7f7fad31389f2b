package io.newapi.core.pricing.expression;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What an expression can call. */
enum Function {
    /** The second argument; remembers the first as the name of the tier. */
    TIER(2, 2) {
        @Override
        Value apply(List<Value> arguments, Scope scope, int position) {
            BigDecimal value = Numbers.of(arguments.get(1), position);
            scope.reach(text(arguments.get(0), position));
            return Value.of(value);
        }
    },
    PARAM(1, 1) {
        @Override
        Value apply(List<Value> arguments, Scope scope, int position) {
            String path = text(arguments.get(0), position);
            Value value;
            try {
                value = scope.circumstances.request().param(path);
            } catch (IllegalArgumentException e) {
                throw new EvaluationException(position, String.valueOf(e.getMessage()));
            }
            return value instanceof Value.Numeric number ? Numbers.bounded(number.value(), position) : value;
        }
    },
    HEADER(1, 1) {
        @Override
        Value apply(List<Value> arguments, Scope scope, int position) {
            return Value.of(scope.circumstances.request().header(text(arguments.get(0), position)));
        }
    },
    /** Whether the first argument, as text, contains the second; nothing contains nothing. */
    HAS(2, 2) {
        @Override
        Value apply(List<Value> arguments, Scope scope, int position) {
            Value source = arguments.get(0);
            String sought = text(arguments.get(1), position);
            return Value.of(!(source instanceof Value.Nil) && source.text().contains(sought));
        }
    },
    HOUR(0, 1) {
        @Override
        Value apply(List<Value> arguments, Scope scope, int position) {
            return number(now(arguments, scope, position).getHour());
        }
    },
    MINUTE(0, 1) {
        @Override
        Value apply(List<Value> arguments, Scope scope, int position) {
            return number(now(arguments, scope, position).getMinute());
        }
    },
    /** From 0 for Sunday to 6 for Saturday. */
    WEEKDAY(0, 1) {
        @Override
        Value apply(List<Value> arguments, Scope scope, int position) {
            return number(now(arguments, scope, position).getDayOfWeek().getValue() % 7);
        }
    },
    MONTH(0, 1) {
        @Override
        Value apply(List<Value> arguments, Scope scope, int position) {
            return number(now(arguments, scope, position).getMonthValue());
        }
    },
    /** The day of the month. */
    DAY(0, 1) {
        @Override
        Value apply(List<Value> arguments, Scope scope, int position) {
            return number(now(arguments, scope, position).getDayOfMonth());
        }
    },
    MAX(1, Integer.MAX_VALUE) {
        @Override
        Value apply(List<Value> arguments, Scope scope, int position) {
            BigDecimal largest = Numbers.of(arguments.get(0), position);
            for (Value argument : arguments) {
                largest = largest.max(Numbers.of(argument, position));
            }
            return Value.of(largest);
        }
    },
    MIN(1, Integer.MAX_VALUE) {
        @Override
        Value apply(List<Value> arguments, Scope scope, int position) {
            BigDecimal smallest = Numbers.of(arguments.get(0), position);
            for (Value argument : arguments) {
                smallest = smallest.min(Numbers.of(argument, position));
            }
            return Value.of(smallest);
        }
    },
    ABS(1, 1) {
        @Override
        Value apply(List<Value> arguments, Scope scope, int position) {
            return Value.of(Numbers.of(arguments.get(0), position).abs());
        }
    },
    CEIL(1, 1) {
        @Override
        Value apply(List<Value> arguments, Scope scope, int position) {
            return Value.of(Numbers.of(arguments.get(0), position).setScale(0, RoundingMode.CEILING));
        }
    },
    FLOOR(1, 1) {
        @Override
        Value apply(List<Value> arguments, Scope scope, int position) {
            return Value.of(Numbers.of(arguments.get(0), position).setScale(0, RoundingMode.FLOOR));
        }
    };

    private final int least;
    private final int most;

    Function(int least, int most) {
        this.least = least;
        this.most = most;
    }

    /** As expressions write it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Function> ofWord(String word) {
        return Arrays.stream(values())
                .filter(function -> function.word().equals(word))
                .findFirst();
    }

    boolean takes(int arguments) {
        return arguments >= least && arguments <= most;
    }

    abstract Value apply(List<Value> arguments, Scope scope, int position);

    private static Value number(int number) {
        return Value.of(BigDecimal.valueOf(number));
    }

    private static String text(Value value, int position) {
        if (value instanceof Value.Text text) {
            return text.value();
        }
        throw new EvaluationException(position, "a text is needed, not " + value.kind());
    }

    /** The time in the zone that the argument names; a zone that does not exist is UTC. */
    private static ZonedDateTime now(List<Value> arguments, Scope scope, int position) {
        Circumstances circumstances = scope.circumstances;
        ZoneId zone = arguments.isEmpty() ? circumstances.zone() : zone(text(arguments.get(0), position));
        return circumstances.clock().instant().atZone(zone);
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            return ZoneOffset.UTC;
        }
    }
}

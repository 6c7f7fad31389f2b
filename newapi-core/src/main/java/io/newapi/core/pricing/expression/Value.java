package io.newapi.core.pricing.expression;

import java.math.BigDecimal;

/** What a part of an expression comes to, or what a request holds at some place. Immutable. */
public sealed interface Value {

    /** Nothing: what a request does not hold. */
    Value NIL = new Nil();

    /** An exact decimal. */
    static Value of(BigDecimal number) {
        return new Numeric(number);
    }

    /** A text. */
    static Value of(String text) {
        return new Text(text);
    }

    /** True or false. */
    static Value of(boolean truth) {
        return new Truth(truth);
    }

    /** What it is, in words. */
    String kind();

    /** As text, for searching in it; empty for nothing. */
    String text();

    /**
     * A number.
     *
     * @param value its exact value
     */
    record Numeric(BigDecimal value) implements Value {

        @Override
        public String kind() {
            return "a number";
        }

        @Override
        public String text() {
            return value.toString();
        }

        /** Numbers are equal by value: 1.0 is 1. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Numeric number && value.compareTo(number.value) == 0;
        }

        @Override
        public int hashCode() {
            return value.stripTrailingZeros().hashCode();
        }
    }

    /**
     * A text.
     *
     * @param value its characters
     */
    record Text(String value) implements Value {

        @Override
        public String kind() {
            return "a text";
        }

        @Override
        public String text() {
            return value;
        }
    }

    /**
     * True or false.
     *
     * @param value which of them
     */
    record Truth(boolean value) implements Value {

        @Override
        public String kind() {
            return "true or false";
        }

        @Override
        public String text() {
            return Boolean.toString(value);
        }
    }

    /** Nothing. */
    record Nil() implements Value {

        @Override
        public String kind() {
            return "nil";
        }

        @Override
        public String text() {
            return "";
        }
    }
}

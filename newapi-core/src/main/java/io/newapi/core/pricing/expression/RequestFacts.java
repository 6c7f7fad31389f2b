package io.newapi.core.pricing.expression;

/** What an expression may ask of the request that it prices. Thread-safe for one call at a time. */
public interface RequestFacts {

    /** A request without body and headers. */
    RequestFacts NONE = new RequestFacts() {
        @Override
        public Value param(String path) {
            return Value.NIL;
        }

        @Override
        public String header(String name) {
            return "";
        }
    };

    /**
     * What the JSON body holds.
     *
     * @param path names and list indices joined by dots; {@code #} at the end is the length of a list
     * @return {@link Value#NIL} for what is absent or null; objects and lists as their JSON text
     * @throws IllegalArgumentException if the body does not say one thing there; then the expression has no value
     */
    Value param(String path);

    /**
     * A header.
     *
     * @param name in any case
     * @return empty if there is no such header
     */
    String header(String name);
}

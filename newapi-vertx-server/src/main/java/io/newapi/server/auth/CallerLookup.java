package io.newapi.server.auth;

import java.util.function.Function;
import java.util.function.Supplier;

/** What came of looking up an API key. */
public sealed interface CallerLookup {

    /** Applies the function that belongs to the outcome. */
    <R> R match(Function<Caller, R> found, Supplier<R> unknown, Supplier<R> busy);

    /** The key exists. */
    record Found(Caller caller) implements CallerLookup {
        @Override
        public <R> R match(Function<Caller, R> found, Supplier<R> unknown, Supplier<R> busy) {
            return found.apply(caller);
        }
    }

    /** There is no such key (401). */
    record Unknown() implements CallerLookup {
        @Override
        public <R> R match(Function<Caller, R> found, Supplier<R> unknown, Supplier<R> busy) {
            return unknown.get();
        }
    }

    /** The key is not cached and too many unknown keys were tried just now: to be tried again in a second (429). */
    record Busy() implements CallerLookup {
        @Override
        public <R> R match(Function<Caller, R> found, Supplier<R> unknown, Supplier<R> busy) {
            return busy.get();
        }
    }
}

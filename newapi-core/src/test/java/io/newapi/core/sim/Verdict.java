package io.newapi.core.sim;

/** What an exchange decided about one request. */
enum Verdict {
    /** What was short is leased. */
    GRANTED,
    /** The quota is provably not there: 403. */
    FORBIDDEN,
    /** Others hold some: recall it. */
    RECALL,
    /** It was recalled, and not all holders have answered. */
    WAIT,
    /** The token is no longer limited. */
    UNLIMITED
}

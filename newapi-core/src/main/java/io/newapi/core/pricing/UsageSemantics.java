package io.newapi.core.pricing;

/**
 * What an upstream counts as prompt tokens. Decided by the fields the upstream really sent, never by the format the
 * client speaks.
 */
public enum UsageSemantics {

    /** The prompt includes what was read from and written to the cache (OpenAI API reference: usage). */
    OPENAI("openai"),

    /** The prompt excludes both, they are counted beside it (Anthropic documentation: prompt caching). */
    ANTHROPIC("anthropic");

    private final String code;

    UsageSemantics(String code) {
        this.code = code;
    }

    /** The name that log rows use. */
    public String code() {
        return code;
    }
}

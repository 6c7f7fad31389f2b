package io.newapi.core.pricing;

/**
 * Calls of one tool that the upstream ran on its own and charges for.
 *
 * @param tool its name in {@link ToolPrices}
 * @param calls how many there were
 */
public record ToolUse(String tool, long calls) {

    /** Web search of chat models that always search, and of the Responses API. */
    public static final String WEB_SEARCH_PREVIEW = "web_search_preview";

    /** Web search of the Messages API, and the current one of the Responses API. */
    public static final String WEB_SEARCH = "web_search";

    /** Search in uploaded files. */
    public static final String FILE_SEARCH = "file_search";

    /** Search queries of Gemini models. */
    public static final String GOOGLE_SEARCH = "google_search";

    /** @throws IllegalArgumentException if {@code calls} is negative or above {@link Usage#MAX_COUNT} */
    public ToolUse {
        if (calls < 0 || calls > Usage.MAX_COUNT) {
            throw new IllegalArgumentException(
                    "calls of " + tool + " must be from 0 to " + Usage.MAX_COUNT + ": " + calls);
        }
    }
}

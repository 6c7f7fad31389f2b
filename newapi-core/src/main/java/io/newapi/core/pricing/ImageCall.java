package io.newapi.core.pricing;

import java.util.Map;

/**
 * An image that a text model had made for itself, by the built-in tool of the Responses API.
 *
 * @param quality {@code low}, {@code medium}, {@code high}, or whatever the upstream says
 * @param size width and height in pixels, as {@code 1024x1024}
 */
public record ImageCall(String quality, String size) {

    /** What an image costs whose quality or size is not in the table. */
    private static final Ratio OTHERS = Ratio.parse("0.167");

    private static final Map<String, Map<String, Ratio>> USD = Map.of(
            "low", bySize("0.011", "0.016"),
            "medium", bySize("0.042", "0.063"),
            "high", bySize("0.167", "0.25"));

    /** USD for this image. */
    public Ratio usd() {
        return USD.getOrDefault(quality, Map.of()).getOrDefault(size, OTHERS);
    }

    private static Map<String, Ratio> bySize(String square, String oblong) {
        return Map.of(
                "1024x1024", Ratio.parse(square),
                "1024x1536", Ratio.parse(oblong),
                "1536x1024", Ratio.parse(oblong));
    }
}

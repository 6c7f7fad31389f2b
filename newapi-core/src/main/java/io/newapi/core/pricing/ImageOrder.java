package io.newapi.core.pricing;

import java.util.Set;

/**
 * Images that were asked for, or, when they have come, delivered. At a price per call each costs that price, times what its
 * size and quality make of it; models that are priced by tokens count only tokens.
 *
 * @param count how many images, from 1 to {@link #MAX_COUNT}
 * @param size as the request named it, or its default
 * @param quality as the request named it, or its default
 */
public record ImageOrder(long count, String size, String quality) {

    /** The most images of one call. */
    public static final long MAX_COUNT = 128;

    /** Output tokens that a reservation expects, and that an image counts for whose upstream counts nothing. */
    public static final long TOKENS_PER_IMAGE = 1584;

    private static final String SQUARE = "1024x1024";
    private static final Set<String> OBLONG = Set.of("1024x1792", "1792x1024");
    private static final Set<String> SIZES_OF_DALL_E_2 = Set.of("256x256", "512x512", SQUARE);

    private static final Ratio FOUR_TENTHS = Ratio.parse("0.4");
    private static final Ratio NINE_TWENTIETHS = Ratio.parse("0.45");
    private static final Ratio THREE_HALVES = Ratio.parse("1.5");
    private static final Ratio TWO = Ratio.of(2);

    /** @throws IllegalArgumentException if {@code count} is not from 1 to {@link #MAX_COUNT} */
    public ImageOrder {
        if (count < 1 || count > MAX_COUNT) {
            throw new IllegalArgumentException("n must be from 1 to " + MAX_COUNT + ": " + count);
        }
    }

    /**
     * The order in a request.
     *
     * @param count 0 if the request names none
     * @param size empty if the request names none
     * @param quality empty if the request names none
     * @throws IllegalArgumentException if the model makes no such images, in words for the client
     */
    public static ImageOrder of(String model, long count, String size, String quality) {
        if (size.indexOf('×') >= 0) {
            throw new IllegalArgumentException("size must be written with the letter x, as 1024x1024: " + size);
        }
        String sizeOrDefault = size.isEmpty() && isDallE(model) ? SQUARE : size;
        switch (model) {
            case "dall-e", "dall-e-2" -> requireSize(SIZES_OF_DALL_E_2.contains(sizeOrDefault), sizeOrDefault);
            case "dall-e-3" ->
                requireSize(sizeOrDefault.equals(SQUARE) || OBLONG.contains(sizeOrDefault), sizeOrDefault);
            default -> {}
        }
        return new ImageOrder(count == 0 ? 1 : count, sizeOrDefault, quality.isEmpty() ? qualityOf(model) : quality);
    }

    private static String qualityOf(String model) {
        return switch (model) {
            case "dall-e-3" -> "standard";
            case "gpt-image-1" -> "auto";
            default -> "";
        };
    }

    private static void requireSize(boolean known, String size) {
        if (!known) {
            throw new IllegalArgumentException("this model makes no images of size " + size);
        }
    }

    /**
     * The same images, but as many as came.
     *
     * @param count what the upstream delivered; below 1 counts as 1, above {@link #MAX_COUNT} as that
     */
    public ImageOrder delivered(long count) {
        return new ImageOrder(Math.max(1, Math.min(count, MAX_COUNT)), size, quality);
    }

    /**
     * What to take as used by images whose upstream gave no usage: the estimated prompt, and {@link #TOKENS_PER_IMAGE}
     * completion tokens for each.
     *
     * @param delivered how many images came, 0 or more
     */
    public static Usage uncounted(long estimatedPromptTokens, long delivered) {
        return Usage.of(estimatedPromptTokens, Math.multiplyExact(TOKENS_PER_IMAGE, delivered));
    }

    /** What the size does to the price of an image of {@code model}. */
    Ratio sizeRatio(String model) {
        if (!isDallE(model)) {
            return Ratio.ONE;
        }
        return switch (size) {
            case "256x256" -> FOUR_TENTHS;
            case "512x512" -> NINE_TWENTIETHS;
            default -> OBLONG.contains(size) ? TWO : Ratio.ONE;
        };
    }

    /** What the quality does to the price of an image of {@code model}. */
    Ratio qualityRatio(String model) {
        if (!model.equals("dall-e-3") || !quality.equals("hd")) {
            return Ratio.ONE;
        }
        return OBLONG.contains(size) ? THREE_HALVES : TWO;
    }

    private static boolean isDallE(String model) {
        return model.startsWith("dall-e");
    }
}

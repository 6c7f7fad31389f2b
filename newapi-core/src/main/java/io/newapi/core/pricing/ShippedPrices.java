package io.newapi.core.pricing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Holds the shipped book, read once, when somebody first asks for it. */
final class ShippedPrices {

    private static final String RESOURCE = "shipped-prices.txt";

    static final PriceBook BOOK = read();

    private ShippedPrices() {}

    private static PriceBook read() {
        try (InputStream bytes = Objects.requireNonNull(ShippedPrices.class.getResourceAsStream(RESOURCE), RESOURCE);
                BufferedReader text = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
            return PriceList.parse(RESOURCE, text.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

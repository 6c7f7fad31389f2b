package io.newapi.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this product, which the build alone declares. */
public final class ProductVersion {

    private ProductVersion() {}

    /** The version such as {@code 1.2.3}: from the jar's manifest, or what the build wrote beside the classes. */
    public static String current() {
        String manifest = ProductVersion.class.getPackage().getImplementationVersion();
        return manifest != null ? manifest : built();
    }

    private static String built() {
        Properties properties = new Properties();
        try (InputStream in = ProductVersion.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException("version.properties is missing beside " + ProductVersion.class);
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read version.properties", e);
        }
        return properties.getProperty("version", "");
    }
}

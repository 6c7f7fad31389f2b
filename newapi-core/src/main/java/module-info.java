/** Ratio pricing, quota accounting and channel selection; needs nothing but the JDK. */
@org.jspecify.annotations.NullMarked
module io.newapi.core {
    requires static org.jspecify;

    exports io.newapi.core.access;
    exports io.newapi.core.channel;
    exports io.newapi.core.estimate;
    exports io.newapi.core.pricing;
    exports io.newapi.core.pricing.expression;
    exports io.newapi.core.quota;
}

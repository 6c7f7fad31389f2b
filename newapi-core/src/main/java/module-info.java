/**
 * Ratio pricing, quota accounting and channel selection for programs that meter LLM calls; needs nothing but the JDK.
 *
 * <p>What holds everywhere, unless a type says otherwise:
 *
 * <ul>
 *   <li>Amounts are {@linkplain io.newapi.core.quota.Quota quota units}, whole numbers; prices are computed exactly and
 *       rounded once. Nothing is a floating-point number.
 *   <li>Records, enums, exceptions and the variants of sealed interfaces are immutable, and so safe for all threads.
 *       Builders belong to one thread.
 *   <li>Nothing takes or returns null but where {@code @Nullable} says so. An argument out of its range is an {@link
 *       IllegalArgumentException} that names the value, and a sum beyond 64 bits an {@link ArithmeticException}: no amount
 *       ever wraps around.
 *   <li>What can happen to a call is an answer and not an exception: look at {@link io.newapi.core.quota.ReserveOutcome},
 *       {@link io.newapi.core.pricing.QuoteOutcome}, {@link io.newapi.core.access.Admission} and {@link
 *       io.newapi.core.channel.Selection}.
 * </ul>
 */
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

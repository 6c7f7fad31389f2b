package io.newapi.cli.command;

import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.QuotaAmount;
import java.math.BigDecimal;

/** Turns what people write for quota into the server's quota units. */
final class QuotaText {

    private QuotaText() {}

    /** {@code 500000}, {@code $1.5} or {@code 1.5usd}, in quota units; dollars at the server's own rate. */
    static long units(AdminClient client, String text) {
        try {
            QuotaAmount amount = QuotaAmount.parse(text);
            return amount.units(amount.inUsd() ? unitsPerUsd(client) : BigDecimal.ONE);
        } catch (IllegalArgumentException e) {
            throw Failure.ofUsage(String.valueOf(e.getMessage()), "");
        }
    }

    /** Quota units for a dollar, as the server tells. */
    static BigDecimal unitsPerUsd(AdminClient client) {
        BigDecimal units = client.get("/api/status").path("quota_per_unit").decimalValue();
        if (units.signum() <= 0) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "the server does not say what a dollar is worth",
                    "give the amount in quota units");
        }
        return units;
    }
}

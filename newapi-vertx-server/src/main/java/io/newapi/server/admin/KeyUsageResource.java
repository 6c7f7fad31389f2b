package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.store.TokenRow;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** What the holder of an API key may know about it: usage and the two billing endpoints that older clients of OpenAI call. */
final class KeyUsageResource {

    private static final BigDecimal UNLIMITED = BigDecimal.valueOf(100_000_000);
    private static final int SCALE = 10;

    private final KeyHolders holders;
    private final ConsoleOptions options;

    KeyUsageResource(KeyHolders holders, ConsoleOptions options) {
        this.holders = holders;
        this.options = options;
    }

    void mount(AdminRoutes routes) {
        routes.fromAnyOrigin("/api/usage/token").criticalGet("/api/usage/token", Access.ANYONE, this::usage);
        for (String prefix : List.of("", "/v1")) {
            routes.get(prefix + "/dashboard/billing/subscription", Access.ANYONE, this::subscription)
                    .get(prefix + "/dashboard/billing/usage", Access.ANYONE, this::billingUsage);
        }
    }

    private Answer usage(AdminCall call) {
        TokenRow token = holders.inHeader(call).token();
        ObjectNode limits = Json.object();
        for (String model : token.modelLimits().split(",", -1)) {
            if (!model.isBlank()) {
                limits.put(model.strip(), true);
            }
        }
        ObjectNode data = Json.object()
                .put("object", "token_usage")
                .put("name", token.name())
                .put("total_granted", Math.addExact(token.remainQuota(), token.usedQuota()))
                .put("total_used", token.usedQuota())
                .put("total_available", token.remainQuota())
                .put("unlimited_quota", token.unlimitedQuota());
        data.set("model_limits", limits);
        data.put("model_limits_enabled", token.modelLimitsEnabled())
                .put("expires_at", Math.max(0, token.expiredTime()));
        ObjectNode body = Json.object().put("code", true).put("message", "ok");
        body.set("data", data);
        return Answer.bare(200, body);
    }

    private Answer subscription(AdminCall call) {
        try {
            KeyHolders.Holder holder = holders.inHeader(call);
            BigDecimal amount = byToken()
                    ? holder.token().unlimitedQuota()
                            ? UNLIMITED
                            : shown(Math.addExact(
                                    holder.token().remainQuota(), holder.token().usedQuota()))
                    : shown(Math.addExact(holder.user().quota(), holder.user().usedQuota()));
            return Answer.bare(
                    200,
                    Json.object()
                            .put("object", "billing_subscription")
                            .put("has_payment_method", true)
                            .put("soft_limit_usd", amount)
                            .put("hard_limit_usd", amount)
                            .put("system_hard_limit_usd", amount)
                            .put("access_until", Math.max(0, holder.token().expiredTime())));
        } catch (Refused refused) {
            return Answer.openAiError(refused);
        }
    }

    private Answer billingUsage(AdminCall call) {
        try {
            KeyHolders.Holder holder = holders.inHeader(call);
            BigDecimal used =
                    shown(byToken() ? holder.token().usedQuota() : holder.user().usedQuota());
            return Answer.bare(
                    200,
                    Json.object()
                            .put("object", "list")
                            .put("total_usage", plain(used.multiply(BigDecimal.valueOf(100)))));
        } catch (Refused refused) {
            return Answer.openAiError(refused);
        }
    }

    private boolean byToken() {
        return options.flag("DisplayTokenStatEnabled");
    }

    /** Quota units as the site shows them: dollars, yuan, or the units themselves. */
    private BigDecimal shown(long units) {
        BigDecimal amount = BigDecimal.valueOf(units);
        String display = options.current().quotaDisplayType();
        if (display.equals("TOKENS")) {
            return amount;
        }
        BigDecimal usd = amount.divide(options.prices().quotaPerUnit().toBigDecimal(), SCALE, RoundingMode.HALF_EVEN);
        return plain(display.equals("CNY") ? usd.multiply(options.number("USDExchangeRate")) : usd);
    }

    private static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}

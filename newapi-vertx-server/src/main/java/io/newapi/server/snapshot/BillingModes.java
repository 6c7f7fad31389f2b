package io.newapi.server.snapshot;

import io.newapi.core.pricing.expression.Expression;
import io.newapi.core.pricing.expression.ExpressionSyntaxException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Reads the options that say which models are priced by expressions, and by which. */
final class BillingModes {

    private static final String RATIO = "ratio";
    private static final String TIERED = "tiered_expr";

    private BillingModes() {}

    /**
     * The models that are priced by expressions.
     *
     * @param json {@code {model: "ratio" or "tiered_expr"}}
     * @throws IllegalArgumentException if there is another mode
     */
    static Set<String> tiered(String json) {
        Set<String> models = new HashSet<>();
        JsonText.texts(json).forEach((model, mode) -> {
            if (mode.equals(TIERED)) {
                models.add(model);
            } else if (!mode.equals(RATIO)) {
                throw new IllegalArgumentException("'" + model + "': must be " + RATIO + " or " + TIERED + ": " + mode);
            }
        });
        return models;
    }

    /**
     * The expressions by model; a model whose text is empty has none.
     *
     * @param json {@code {model: text}}
     * @throws IllegalArgumentException if a text is no expression; the message names the model and the place
     */
    static Map<String, Expression> expressions(String json) {
        Map<String, Expression> expressions = new HashMap<>();
        JsonText.texts(json).forEach((model, text) -> {
            try {
                if (!text.isBlank()) {
                    expressions.put(model, Expression.parse(text));
                }
            } catch (ExpressionSyntaxException e) {
                throw new IllegalArgumentException("'" + model + "': " + e.getMessage(), e);
            }
        });
        return expressions;
    }
}

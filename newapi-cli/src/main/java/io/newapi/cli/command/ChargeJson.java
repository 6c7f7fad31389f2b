package io.newapi.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.Json;
import io.newapi.core.pricing.Charge;
import io.newapi.core.pricing.ChargeLine;
import java.math.BigDecimal;

/** Shows a charge in documents; exact decimals are texts. */
final class ChargeJson {

    private ChargeJson() {}

    /** The lines that the charge is the sum of. */
    static ArrayNode lines(Charge charge) {
        ArrayNode lines = Json.object().arrayNode();
        for (ChargeLine line : charge.lines()) {
            ObjectNode view = lines.addObject().put("what", line.what()).put("count", line.count());
            ArrayNode factors = view.putArray("factors");
            line.factors()
                    .forEach(factor ->
                            factors.addObject().put("name", factor.name()).put("ratio", plain(factor.value())));
            view.put("subtotal", line.subtotal());
        }
        return lines;
    }

    /** What a log row of this call would say of its price. */
    static ObjectNode other(Charge charge) {
        ObjectNode other = Json.object();
        charge.other().forEach((key, value) -> {
            if (value instanceof Long number) {
                other.put(key, number);
            } else if (value instanceof Boolean truth) {
                other.put(key, truth);
            } else {
                other.put(key, value instanceof BigDecimal decimal ? plain(decimal) : value.toString());
            }
        });
        return other;
    }

    /** The number without exponent and without zeros at its end. */
    static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}

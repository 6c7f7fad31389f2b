package io.newapi.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.snapshot.InvalidOptionException;
import io.newapi.server.snapshot.OptionCatalog;
import io.newapi.server.store.OptionStore;
import io.newapi.server.store.Stores;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code /api/option}: the settings, for root. A value is parsed and checked first, then stored, then put into effect as a whole;
 * a bad one changes nothing. Secrets can be written and never read.
 */
final class OptionResource {

    /** Written out, 1e999999999 would fill the memory. */
    private static final int MAX_SCALE = 100;

    private final OptionStore store;
    private final ConsoleOptions options;
    private final Stores stores;
    private final Audit audit;
    private final Changes changes;
    private final OptionCatalog catalog = OptionCatalog.standard();

    OptionResource(OptionStore store, ConsoleOptions options, Stores stores, Audit audit, Changes changes) {
        this.store = store;
        this.options = options;
        this.stores = stores;
        this.audit = audit;
        this.changes = changes;
    }

    void mount(AdminRoutes routes) {
        routes.get("/api/option", Access.ROOT, this::list)
                .put("/api/option", Access.ROOT, this::update)
                .post("/api/option/rest_model_ratio", Access.ROOT, this::resetModelRatio);
    }

    private Answer list(AdminCall call) {
        ArrayNode list = Json.array();
        catalog.shown(options.current())
                .forEach((key, value) -> list.addObject().put("key", key).put("value", value));
        return Answer.ok(list);
    }

    private Answer update(AdminCall call) {
        Fields body = call.bodyObject().map(Fields::new).orElseThrow(() -> Refused.with(400, Message.BODY_INVALID));
        String name = body.text("key");
        if (name.isBlank()) {
            throw Refused.because(Message.FIELD_MISSING, "key");
        }
        if (catalog.find(name).isEmpty()) {
            throw Refused.because(Message.OPTION_UNKNOWN, name);
        }
        store(call, name, text(body.raw("value")));
        return Answer.ok();
    }

    /** Numbers and switches as they are, exactly; structures come as text, as the console sends them. */
    private static String text(JsonNode value) {
        if (value.isTextual()) {
            return value.textValue();
        }
        if (value.isBoolean() || value.isIntegralNumber()) {
            return value.asText();
        }
        if (value.isNumber()) {
            BigDecimal number = value.decimalValue();
            if (Math.abs((long) number.scale()) > MAX_SCALE) {
                throw Refused.because(Message.FIELD_TYPE, "value", "number of at most " + MAX_SCALE + " digits");
            }
            return number.toPlainString();
        }
        return value.isMissingNode() || value.isNull() ? "" : Json.text(value);
    }

    private void store(AdminCall call, String name, String value) {
        String key = catalog.nameOf(name);
        String text = normalised(name, value);
        Map<String, String> rows = new TreeMap<>(OptionCatalog.implied(key, text));
        rows.put(key, text);
        stores.atomically(() -> {
            Optional<String> before = store.get(key);
            store.put(rows);
            audit.changed(call, "option/" + key, recorded(key, before.orElse("")), recorded(key, text));
            return key;
        });
        changes.optionsChanged();
    }

    /** Not even a digest of a secret: short ones could be guessed from it. */
    private String recorded(String key, String value) {
        return catalog.mayShow(key) ? value : "secret";
    }

    private String normalised(String name, String value) {
        try {
            return catalog.normalised(name, value, options.current());
        } catch (InvalidOptionException e) {
            throw Refused.because(Message.OPTION_INVALID, name, String.valueOf(e.getMessage()));
        }
    }

    /** Back to the shipped table, which is what the default text of the option stands for. */
    private Answer resetModelRatio(AdminCall call) {
        store(call, "ModelRatio", catalog.find("ModelRatio").orElseThrow().defaultText());
        return Answer.ok();
    }
}

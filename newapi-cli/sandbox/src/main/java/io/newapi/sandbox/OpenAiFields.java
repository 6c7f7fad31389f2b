package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all requests in OpenAI's formats have in common. */
final class OpenAiFields {

    private OpenAiFields() {}

    /** @throws Refused without a model */
    static String model(JsonObject json) {
        String model = Fields.text(json, "model");
        if (model.isEmpty()) {
            throw Refused.because("you must provide a model parameter");
        }
        return model;
    }

    static Refused missing(String param) {
        return new Refused(new ApiError(
                400,
                "Missing required parameter: '" + param + "'.",
                "invalid_request_error",
                "missing_required_parameter",
                param));
    }

    static Refused unknown(String param, @Nullable Object value, String supported) {
        return new Refused(new ApiError(
                400,
                "Invalid value: '" + value + "'. Supported values are: " + supported + ".",
                "invalid_request_error",
                "invalid_value",
                param));
    }

    static Refused wrongType(String param, String expected) {
        return new Refused(new ApiError(
                400,
                "Invalid type for '" + param + "': expected " + expected + ".",
                "invalid_request_error",
                "invalid_type",
                param));
    }

    /** @throws Refused if it is there and no number from {@code least} to {@code most} */
    static void checkNumber(JsonObject json, String key, double least, double most) {
        Object value = json.getValue(key);
        if (value == null) {
            return;
        }
        if (!(value instanceof Number number)) {
            throw wrongType(key, "a number");
        }
        if (number.doubleValue() < least || number.doubleValue() > most) {
            throw new Refused(new ApiError(
                    400,
                    "Invalid '" + key + "': expected a value from " + least + " to " + most + ", but got " + value
                            + " instead.",
                    "invalid_request_error",
                    number.doubleValue() < least ? "decimal_below_min_value" : "decimal_above_max_value",
                    key));
        }
    }

    /** Whether an effort asks for any reasoning. */
    static boolean reasons(String effort) {
        return !effort.isEmpty() && !effort.equals("none") && !effort.equals("minimal");
    }

    /** The schema in {@code format}, which holds it, as chat does, or is it, as responses do; absent: free text. */
    static @Nullable JsonObject schema(JsonObject format) {
        return switch (Fields.text(format, "type")) {
            case "json_object" -> new JsonObject();
            case "json_schema" -> {
                JsonObject holder = format.getValue("json_schema") instanceof JsonObject inner ? inner : format;
                if (Fields.text(holder, "name").isEmpty()) {
                    throw missing("response_format.json_schema.name");
                }
                yield Fields.object(holder, "schema");
            }
            default -> null;
        };
    }

    /** @param choice a word, or an object that names the tool, within {@code function} as chat does or itself */
    static Toolbox toolbox(List<Tool> tools, @Nullable Object choice, boolean parallel) {
        if (choice instanceof JsonObject object) {
            JsonObject holder = object.getValue("function") instanceof JsonObject function ? function : object;
            String name = Fields.text(holder, "name");
            return name.isEmpty()
                    ? new Toolbox(tools, Toolbox.Choice.AUTO, "", parallel)
                    : new Toolbox(tools, Toolbox.Choice.NAMED, name, parallel);
        }
        Toolbox.Choice word = switch (choice == null ? "auto" : choice.toString()) {
            case "auto" -> Toolbox.Choice.AUTO;
            case "none" -> Toolbox.Choice.NONE;
            case "required" -> Toolbox.Choice.ANY;
            default -> throw unknown("tool_choice", choice, "'none', 'auto', and 'required'");
        };
        return new Toolbox(tools, word, "", parallel);
    }

    /** The usage of a chat, or of an older completion. */
    static JsonObject usage(Usage usage) {
        return new JsonObject()
                .put("prompt_tokens", usage.prompt())
                .put("completion_tokens", usage.completion())
                .put("total_tokens", usage.total())
                .put("prompt_tokens_details", new JsonObject().put("cached_tokens", usage.cached()))
                .put("completion_tokens_details", new JsonObject().put("reasoning_tokens", usage.reasoning()));
    }

    /** Why it ends in the words of a chat. */
    static String finishReason(Reply.Finish finish) {
        return switch (finish) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case CALLS -> "tool_calls";
        };
    }
}

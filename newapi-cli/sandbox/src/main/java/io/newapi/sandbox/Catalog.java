package io.newapi.sandbox;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The models that a sandbox lists, in each provider's form. Immutable. */
record Catalog(List<String> models) {

    private static final String OPENAI = "/v1/models";
    private static final String AZURE = "/openai/v1/models";
    private static final String GOOGLE = "/v1beta/models";

    /** The list or one of its models; absent if the path is none of theirs. */
    @Nullable
    Route find(HttpServerRequest request) {
        String path = request.path();
        if (path.startsWith(GOOGLE)) {
            return route(Provider.GOOGLE, path.substring(GOOGLE.length()), Catalog::google, this::googleList);
        }
        if (path.startsWith(AZURE)) {
            return route(Provider.AZURE, path.substring(AZURE.length()), Catalog::openAi, this::openAiList);
        }
        if (!path.startsWith(OPENAI)) {
            return null;
        }
        String rest = path.substring(OPENAI.length());
        return request.getHeader("anthropic-version") == null
                ? route(Provider.OPENAI, rest, Catalog::openAi, this::openAiList)
                : route(Provider.ANTHROPIC, rest, Catalog::anthropic, this::anthropicList);
    }

    /** How a list is written. */
    private interface Listing {
        JsonObject write();
    }

    private @Nullable Route route(Provider provider, String rest, Function<String, JsonObject> one, Listing all) {
        if (rest.isEmpty()) {
            return new Route(provider, call -> Answer.json(Script.PLAIN, all.write()), null);
        }
        if (!rest.startsWith("/")) {
            return null;
        }
        String model = rest.substring(1);
        return new Route(
                provider,
                call -> {
                    if (!models.contains(model)) {
                        throw new Refused(ApiError.ofStatus(404));
                    }
                    return Answer.json(Script.PLAIN, one.apply(model));
                },
                null);
    }

    private JsonObject openAiList() {
        return new JsonObject().put("object", "list").put("data", listed(Catalog::openAi));
    }

    private JsonObject anthropicList() {
        return new JsonObject()
                .put("data", listed(Catalog::anthropic))
                .put("has_more", false)
                .put("first_id", models.isEmpty() ? null : models.get(0))
                .put("last_id", models.isEmpty() ? null : models.get(models.size() - 1));
    }

    private JsonObject googleList() {
        return new JsonObject().put("models", listed(Catalog::google));
    }

    private JsonArray listed(Function<String, JsonObject> one) {
        JsonArray list = new JsonArray();
        models.forEach(model -> list.add(one.apply(model)));
        return list;
    }

    private static JsonObject openAi(String model) {
        return new JsonObject()
                .put("id", model)
                .put("object", "model")
                .put("created", Reply.CREATED_SECONDS)
                .put("owned_by", "sandbox");
    }

    private static JsonObject anthropic(String model) {
        return new JsonObject()
                .put("type", "model")
                .put("id", model)
                .put("display_name", model)
                .put("created_at", "2026-01-01T00:00:00Z");
    }

    private static JsonObject google(String model) {
        return new JsonObject()
                .put("name", "models/" + model)
                .put("version", "001")
                .put("displayName", model)
                .put("inputTokenLimit", 1_048_576)
                .put("outputTokenLimit", 65_536)
                .put(
                        "supportedGenerationMethods",
                        new JsonArray()
                                .add("generateContent")
                                .add("streamGenerateContent")
                                .add("countTokens")
                                .add("embedContent"));
    }
}

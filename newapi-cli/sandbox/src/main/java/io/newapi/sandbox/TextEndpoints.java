package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Older completions, embeddings, moderations and rankings. */
final class TextEndpoints {

    /** What a completion is limited to when nobody says anything else. */
    private static final long USUAL_COMPLETION = 16;

    private static final int USUAL_DIMENSIONS = 1536;
    private static final int LARGE_DIMENSIONS = 3072;
    private static final List<String> CATEGORIES = List.of(
            "harassment",
            "harassment/threatening",
            "hate",
            "hate/threatening",
            "illicit",
            "illicit/violent",
            "self-harm",
            "self-harm/instructions",
            "self-harm/intent",
            "sexual",
            "sexual/minors",
            "violence",
            "violence/graphic");

    private TextEndpoints() {}

    /** By the path below {@code /v1/}. */
    static Map<String, Endpoint> ofAll() {
        return Map.of(
                "completions", TextEndpoints::completions,
                "embeddings", TextEndpoints::embeddings,
                "moderations", TextEndpoints::moderations,
                "rerank", TextEndpoints::rerank);
    }

    private static Answer completions(Call call) {
        JsonObject json = call.json();
        String model = OpenAiFields.model(json);
        String prompt = String.join(" ", texts(json, "prompt"));
        OpenAiFields.checkNumber(json, "max_tokens", 1, Integer.MAX_VALUE);
        Long limit = Fields.whole(json, "max_tokens");
        Script script = call.script(json);
        Question question = new Question(
                model,
                Fields.isTrue(json, "stream"),
                limit == null ? USUAL_COMPLETION : limit,
                prompt,
                Math.max(1, Words.in(prompt)),
                List.of(),
                false,
                null);
        boolean usageInStream = Fields.isTrue(Fields.object(json, "stream_options"), "include_usage");
        Reply reply = Reply.to(question, script, call.number());
        return Answer.of(script, reply, new CompletionsWriter(reply, usageInStream), question.streamed());
    }

    private static Answer embeddings(Call call) {
        JsonObject json = call.json();
        String model = OpenAiFields.model(json);
        List<String> texts = texts(json, "input");
        if (texts.isEmpty() || texts.contains("")) {
            throw Refused.at("input", "Invalid 'input': input cannot be an empty string or list.");
        }
        OpenAiFields.checkNumber(json, "dimensions", 1, LARGE_DIMENSIONS);
        Long dimensions = Fields.whole(json, "dimensions");
        String encoding = String.valueOf(Fields.or(json, "encoding_format", "float"));
        if (!encoding.equals("float") && !encoding.equals("base64")) {
            throw OpenAiFields.unknown("encoding_format", encoding, "'float' and 'base64'");
        }
        int usual = model.contains("large") ? LARGE_DIMENSIONS : USUAL_DIMENSIONS;
        JsonArray data = new JsonArray();
        for (int i = 0; i < texts.size(); i++) {
            Embedding embedding = Embedding.of(texts.get(i), dimensions == null ? usual : dimensions.intValue());
            data.add(new JsonObject()
                    .put("object", "embedding")
                    .put("index", i)
                    .put("embedding", encoding.equals("base64") ? embedding.toBase64() : embedding.toJson()));
        }
        Script script = call.script(json);
        JsonObject answer =
                new JsonObject().put("object", "list").put("data", data).put("model", model);
        return Answer.json(script, withPromptUsage(answer, script, texts));
    }

    private static Answer moderations(Call call) {
        JsonObject json = call.json();
        List<String> texts = texts(json, "input");
        JsonArray results = new JsonArray();
        for (String text : texts) {
            JsonObject categories = new JsonObject();
            JsonObject scores = new JsonObject();
            JsonObject types = new JsonObject();
            boolean flagged = false;
            for (String category : CATEGORIES) {
                boolean named = text.toLowerCase(Locale.ROOT).contains(category);
                flagged |= named;
                categories.put(category, named);
                scores.put(category, named ? 0.9 : 0.0001);
                types.put(category, new JsonArray().add("text"));
            }
            results.add(new JsonObject()
                    .put("flagged", flagged)
                    .put("categories", categories)
                    .put("category_scores", scores)
                    .put("category_applied_input_types", types));
        }
        return Answer.json(
                call.script(json),
                new JsonObject()
                        .put("id", "modr-sandbox-" + call.number())
                        .put("model", Fields.or(json, "model", "omni-moderation-latest"))
                        .put("results", results));
    }

    private static Answer rerank(Call call) {
        JsonObject json = call.json();
        String model = OpenAiFields.model(json);
        String query = Fields.text(json, "query");
        if (query.isEmpty()) {
            throw OpenAiFields.missing("query");
        }
        List<String> documents = texts(json, "documents");
        OpenAiFields.checkNumber(json, "top_n", 1, Integer.MAX_VALUE);
        boolean returned = Fields.isTrue(json, "return_documents");
        List<JsonObject> results = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            JsonObject result =
                    new JsonObject().put("index", i).put("relevance_score", relevance(query, documents.get(i)));
            results.add(returned ? result.put("document", new JsonObject().put("text", documents.get(i))) : result);
        }
        results.sort(Comparator.comparing((JsonObject result) -> result.getDouble("relevance_score"))
                .reversed());
        JsonArray best = new JsonArray();
        results.stream().limit(Fields.limit(json, "top_n")).forEach(best::add);
        Script script = call.script(json);
        List<String> read = new ArrayList<>(documents);
        read.add(query);
        JsonObject answer = new JsonObject()
                .put("id", "rerank-sandbox-" + call.number())
                .put("object", "list")
                .put("model", model)
                .put("results", best);
        return Answer.json(script, withPromptUsage(answer, script, read));
    }

    /** The part of the query's words that the document has. */
    private static double relevance(String query, String document) {
        Set<String> wanted =
                new HashSet<>(List.of(query.toLowerCase(Locale.ROOT).strip().split("\\W+")));
        Set<String> found =
                new HashSet<>(List.of(document.toLowerCase(Locale.ROOT).strip().split("\\W+")));
        found.retainAll(wanted);
        return (double) found.size() / wanted.size();
    }

    private static JsonObject withPromptUsage(JsonObject answer, Script script, List<String> texts) {
        long words = Math.max(1, texts.stream().mapToLong(Words::in).sum());
        Usage usage = script.reported(Usage.of(script, words, 0, 0));
        return usage == null
                ? answer
                : answer.put(
                        "usage",
                        new JsonObject().put("prompt_tokens", usage.prompt()).put("total_tokens", usage.prompt()));
    }

    /**
     * A text, a list of texts, or tokens in a list or in lists; of an object its text.
     *
     * @throws Refused if it is not there or something else
     */
    private static List<String> texts(JsonObject json, String key) {
        Object value = json.getValue(key);
        if (value == null) {
            throw OpenAiFields.missing(key);
        }
        if (value instanceof String text) {
            return List.of(text);
        }
        List<String> texts = new ArrayList<>();
        List<String> tokens = new ArrayList<>();
        for (Object element : Fields.list(json, key)) {
            if (element instanceof String text) {
                texts.add(text);
            } else if (element instanceof JsonArray list) {
                texts.add(String.join(" ", list.stream().map(String::valueOf).toList()));
            } else if (element instanceof JsonObject part) {
                texts.add(Fields.text(part, "text"));
            } else {
                tokens.add(String.valueOf(element));
            }
        }
        if (!tokens.isEmpty()) {
            texts.add(String.join(" ", tokens));
        }
        if (texts.isEmpty()) {
            throw OpenAiFields.wrongType(key, "a string or a list with at least one element");
        }
        return texts;
    }
}

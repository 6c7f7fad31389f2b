package io.newapi.server.relay;

import io.newapi.server.relay.wire.WireFormat;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Google's Gemini. It signs calls; what others sign are thoughts. */
final class GeminiSpeaker extends Speaker {

    private static final String TOOL = "'tools':[{'functionDeclarations':[{'name':'weather',"
            + "'parametersJsonSchema':{'type':'object','properties':{'city':{'type':'string'}}}}]}]";

    GeminiSpeaker() {
        super(WireFormat.GEMINI, 24, "gemini-3-flash-preview");
    }

    @Override
    String path(boolean stream) {
        return "/v1beta/models/" + Chat.MODEL + (stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
    }

    @Override
    JsonObject question(Capability capability) {
        String rest = switch (capability) {
            case PLAIN, STREAMED, CACHE -> "{'role':'user','parts':[{'text':'Rain?'}]}]";
            case TOOLS -> """
                {'role':'user','parts':[{'text':'Rain?'}]},
                {'role':'model','parts':[
                {'functionCall':{'id':'call_1','name':'weather','args':{'city':'Rome'}}},
                {'functionCall':{'id':'call_2','name':'weather','args':{'city':'Nice'}}}]},
                {'role':'user','parts':[
                {'functionResponse':{'id':'call_1','name':'weather','response':{'output':'1 mm'}}},
                {'functionResponse':{'id':'call_2','name':'weather','response':{'output':'2 mm'}}}]}],
                """ + TOOL;
            case IMAGES -> """
                {'role':'user','parts':[{'text':'Look.'},
                {'inlineData':{'mimeType':'image/png','data':'%s'}},
                {'fileData':{'mimeType':'image/png','fileUri':'%s'}}]}]
                """.formatted(PICTURE, PICTURE_URL);
            case REASONING -> "{'role':'user','parts':[{'text':'Rain?'}]}]," + TOOL;
        };
        String thinking = capability == Capability.REASONING
                ? ",'thinkingConfig':{'thinkingLevel':'LOW','includeThoughts':true}"
                : "";
        return json("{'generationConfig':{'maxOutputTokens':2000" + thinking
                + "},'systemInstruction':{'parts':[{'text':'Be brief.'}]},'contents':[" + rest + "}");
    }

    @Override
    JsonObject streaming(JsonObject question) {
        return question;
    }

    @Override
    JsonObject next(JsonObject question, JsonObject answer) {
        JsonObject next = question.copy();
        next.getJsonArray("contents")
                .add(answer.getJsonArray("candidates").getJsonObject(0).getJsonObject("content"))
                .add(json("{'role':'user','parts':[{'functionResponse':{'id':'call_a','name':'weather',"
                        + "'response':{'output':'3 mm'}}}]}"));
        return next;
    }

    @Override
    List<String> asked(JsonObject request) {
        List<String> lines = new ArrayList<>();
        objects(request.getJsonObject("systemInstruction"), "parts")
                .forEach(part -> lines.add(line("system", part.getString("text"))));
        objects(request, "contents").forEach(content -> parts(objects(content, "parts"), lines));
        for (JsonObject tool : objects(request, "tools")) {
            for (JsonObject function : objects(tool, "functionDeclarations")) {
                lines.add(line(
                        "tool",
                        function.getString("name"),
                        object(function.getJsonObject("parametersJsonSchema"), "properties")
                                .fieldNames()));
            }
        }
        JsonObject generation = request.getJsonObject("generationConfig");
        lines.add(line("limit", generation.getInteger("maxOutputTokens")));
        if (generation.containsKey("thinkingConfig")) {
            lines.add("thinks");
        }
        return lines;
    }

    /** A thought that comes in parts is one; its signature may come behind it. */
    private static void parts(List<JsonObject> parts, List<String> lines) {
        StringBuilder thought = new StringBuilder();
        String signature = "";
        boolean thinking = false;
        for (JsonObject part : parts) {
            if (part.getBoolean("thought", false)) {
                thinking = true;
                thought.append(part.getString("text", ""));
                signature += part.getString("thoughtSignature", "");
                continue;
            }
            if (thinking) {
                lines.add(thought(thought.toString(), signature));
                thinking = false;
            }
            part(part, lines);
        }
    }

    private static void part(JsonObject part, List<String> lines) {
        if (part.containsKey("functionCall")) {
            JsonObject call = part.getJsonObject("functionCall");
            String said = part.getString("thoughtSignature", "");
            lines.add(call(
                    call.getString("id"),
                    call.getString("name"),
                    call.getValue("args"),
                    said.equals("skip_thought_signature_validator") ? "" : said));
        } else if (part.containsKey("functionResponse")) {
            JsonObject result = part.getJsonObject("functionResponse");
            lines.add(line(
                    "result",
                    result.getString("id"),
                    result.getJsonObject("response").getString("output")));
        } else if (part.containsKey("inlineData")) {
            JsonObject data = part.getJsonObject("inlineData");
            lines.add(line("picture", "data:" + data.getString("mimeType") + ";base64," + data.getString("data")));
        } else if (part.containsKey("fileData")) {
            lines.add(line("picture", part.getJsonObject("fileData").getString("fileUri")));
        } else if (!part.getString("text").isEmpty()) {
            lines.add("text " + part.getString("text"));
        }
    }

    @Override
    JsonObject answer(Capability capability) {
        String parts = switch (capability) {
            case PLAIN, STREAMED, IMAGES, CACHE -> "{'text':'No, sun.'}";
            case TOOLS ->
                "{'functionCall':{'id':'call_a','name':'weather','args':{'city':'Oslo'}}},"
                        + "{'functionCall':{'id':'call_b','name':'weather','args':{'city':'Bonn'}}}";
            case REASONING ->
                "{'text':'Think.','thought':true},{'text':'Wait.'},{'functionCall':{'id':'call_a',"
                        + "'name':'weather','args':{'city':'Oslo'}},'thoughtSignature':'sig-g'}";
        };
        return json("{'candidates':[{'content':{'parts':[" + parts + "],'role':'model'},'finishReason':'STOP',"
                + "'index':0}]," + usageOf(capability) + "}");
    }

    private static String usageOf(Capability capability) {
        return capability == Capability.CACHE
                ? "'usageMetadata':{'promptTokenCount':100,'cachedContentTokenCount':40,'candidatesTokenCount':4,"
                        + "'totalTokenCount':104}"
                : "'usageMetadata':{'promptTokenCount':10,'candidatesTokenCount':4,'totalTokenCount':14}";
    }

    @Override
    String events(Capability capability) {
        String said = switch (capability) {
            case PLAIN, STREAMED, IMAGES, CACHE -> """
                {'candidates':[{'content':{'parts':[{'text':'No,'}],'role':'model'},'index':0}]}
                {'candidates':[{'content':{'parts':[{'text':' sun.'}],'role':'model'},'index':0}]}
                """;
            case TOOLS -> """
                {'candidates':[{'content':{'parts':[{'functionCall':{'id':'call_a','name':'weather','args':{'city':'Oslo'}}},{'functionCall':{'id':'call_b','name':'weather','args':{'city':'Bonn'}}}],'role':'model'},'index':0}]}
                """;
            case REASONING -> """
                {'candidates':[{'content':{'parts':[{'text':'Thi','thought':true}],'role':'model'},'index':0}]}
                {'candidates':[{'content':{'parts':[{'text':'nk.','thought':true}],'role':'model'},'index':0}]}
                {'candidates':[{'content':{'parts':[{'text':'Wait.'}],'role':'model'},'index':0}]}
                {'candidates':[{'content':{'parts':[{'functionCall':{'id':'call_a','name':'weather','args':{'city':'Oslo'}},'thoughtSignature':'sig-g'}],'role':'model'},'index':0}]}
                """;
        };
        return events(
                "",
                said
                        + "{'candidates':[{'content':{'parts':[{'text':''}],'role':'model'},'finishReason':'STOP','index':0}],"
                        + usageOf(capability) + "}");
    }

    @Override
    JsonObject together(List<JsonObject> events) {
        JsonArray parts = new JsonArray();
        JsonObject candidate = new JsonObject()
                .put("content", new JsonObject().put("role", "model").put("parts", parts));
        JsonObject answer = new JsonObject().put("candidates", new JsonArray().add(candidate));
        for (JsonObject event : events) {
            JsonObject said = event.getJsonArray("candidates").getJsonObject(0);
            parts.addAll(said.getJsonObject("content").getJsonArray("parts"));
            if (said.containsKey("finishReason")) {
                candidate.put("finishReason", said.getString("finishReason"));
            }
            if (event.containsKey("usageMetadata")) {
                answer.put("usageMetadata", event.getJsonObject("usageMetadata"));
            }
        }
        return answer;
    }

    @Override
    List<String> told(JsonObject answer) {
        JsonObject candidate = answer.getJsonArray("candidates").getJsonObject(0);
        List<String> said = new ArrayList<>();
        parts(objects(candidate.getJsonObject("content"), "parts"), said);
        List<String> lines = new ArrayList<>(joined(said));
        boolean called = lines.stream().anyMatch(line -> line.startsWith("call "));
        String end = candidate.getString("finishReason");
        lines.add(line("end", end.equals("STOP") ? called ? "calls" : "stop" : end));
        JsonObject usage = answer.getJsonObject("usageMetadata");
        lines.add(usage(
                usage.getLong("promptTokenCount"),
                usage.getLong("cachedContentTokenCount", 0L),
                0,
                usage.getLong("candidatesTokenCount")));
        return lines;
    }

    @Override
    String piece(JsonObject event) {
        StringBuilder text = new StringBuilder();
        for (JsonObject candidate : objects(event, "candidates")) {
            objects(object(candidate, "content"), "parts").forEach(part -> text.append(part.getString("text", "")));
        }
        return text.toString();
    }

    @Override
    boolean isLast(String data) {
        return data.contains("\"finishReason\"");
    }

    @Override
    boolean isWholeWithUsage() {
        return true;
    }

    @Override
    String errorEvent(String message) {
        return events("", "{'error':{'code':503,'message':'" + message + "','status':'UNAVAILABLE'}}");
    }

    @Override
    Set<String> errorFields() {
        return Set.of("code", "message", "status");
    }
}

package io.newapi.server.relay;

import io.newapi.server.relay.wire.WireFormat;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** OpenAI's chat completions, with signatures as OpenRouter and Google have them there. */
final class ChatSpeaker extends Speaker {

    ChatSpeaker() {
        super(WireFormat.CHAT, 27, "glm-5");
    }

    @Override
    String path(boolean stream) {
        return "/v1/chat/completions";
    }

    @Override
    JsonObject question(Capability capability) {
        String rest = switch (capability) {
            case PLAIN, STREAMED, CACHE -> "{'role':'user','content':'Rain?'}]";
            case TOOLS -> """
                {'role':'user','content':'Rain?'},
                {'role':'assistant','content':null,'tool_calls':[
                {'id':'call_1','type':'function','function':{'name':'weather','arguments':'{\\"city\\":\\"Rome\\"}'}},
                {'id':'call_2','type':'function','function':{'name':'weather','arguments':'{\\"city\\":\\"Nice\\"}'}}]},
                {'role':'tool','tool_call_id':'call_1','content':'1 mm'},
                {'role':'tool','tool_call_id':'call_2','content':'2 mm'}],
                """ + TOOL;
            case IMAGES -> """
                {'role':'user','content':[{'type':'text','text':'Look.'},
                {'type':'image_url','image_url':{'url':'data:image/png;base64,%s'}},
                {'type':'image_url','image_url':{'url':'%s'}}]}]
                """.formatted(PICTURE, PICTURE_URL);
            case REASONING -> "{'role':'user','content':'Rain?'}],'reasoning_effort':'low'," + TOOL;
        };
        return json("{'model':'" + Chat.MODEL
                + "','max_tokens':2000,'messages':[{'role':'system','content':'Be brief.'}," + rest + "}");
    }

    private static final String TOOL = "'tools':[{'type':'function','function':{'name':'weather',"
            + "'parameters':{'type':'object','properties':{'city':{'type':'string'}}}}}]";

    @Override
    JsonObject streaming(JsonObject question) {
        return question.copy().put("stream", true).put("stream_options", new JsonObject().put("include_usage", true));
    }

    @Override
    JsonObject next(JsonObject question, JsonObject answer) {
        JsonObject next = question.copy();
        next.getJsonArray("messages")
                .add(message(answer))
                .add(json("{'role':'tool','tool_call_id':'call_a','content':'3 mm'}"));
        return next;
    }

    private static JsonObject message(JsonObject answer) {
        return answer.getJsonArray("choices").getJsonObject(0).getJsonObject("message");
    }

    @Override
    List<String> asked(JsonObject request) {
        List<String> lines = new ArrayList<>();
        for (JsonObject message : objects(request, "messages")) {
            switch (message.getString("role")) {
                case "system", "developer" -> lines.add(line("system", message.getValue("content")));
                case "user" -> content(message, lines);
                case "assistant" -> message(message, lines);
                default -> lines.add(line("result", message.getString("tool_call_id"), message.getValue("content")));
            }
        }
        for (JsonObject tool : objects(request, "tools")) {
            JsonObject function = tool.getJsonObject("function");
            lines.add(line(
                    "tool",
                    function.getString("name"),
                    object(function.getJsonObject("parameters"), "properties").fieldNames()));
        }
        lines.add(line("limit", request.getInteger("max_tokens", request.getInteger("max_completion_tokens"))));
        if (request.containsKey("reasoning_effort")) {
            lines.add("thinks");
        }
        return lines;
    }

    private static void content(JsonObject message, List<String> lines) {
        if (message.getValue("content") instanceof String text) {
            lines.add(line("text", text));
        }
        for (JsonObject part : objects(message, "content")) {
            lines.add(
                    part.containsKey("text")
                            ? line("text", part.getString("text"))
                            : line("picture", part.getJsonObject("image_url").getString("url")));
        }
    }

    private static void message(JsonObject message, List<String> lines) {
        StringBuilder signature = new StringBuilder();
        objects(message, "reasoning_details").forEach(detail -> signature.append(detail.getString("signature", "")));
        if (message.containsKey("reasoning_content") || !signature.isEmpty()) {
            lines.add(thought(message.getString("reasoning_content", ""), signature.toString()));
        }
        content(message, lines);
        for (JsonObject call : objects(message, "tool_calls")) {
            JsonObject function = call.getJsonObject("function");
            lines.add(call(
                    call.getString("id"),
                    function.getString("name"),
                    function.getString("arguments"),
                    object(object(call, "extra_content"), "google").getString("thought_signature", "")));
        }
    }

    private static final String CALL_A = "'id':'call_a','type':'function','function':{'name':'weather','arguments':'{";
    private static final String CALL_B = "'id':'call_b','type':'function','function':{'name':'weather','arguments':'{";

    @Override
    JsonObject answer(Capability capability) {
        String message = switch (capability) {
            case PLAIN, STREAMED, IMAGES, CACHE -> "'content':'No, sun.'},'finish_reason':'stop'";
            case TOOLS ->
                "'content':null,'tool_calls':[{" + CALL_A + "\\\"city\\\":\\\"Oslo\\\"}'}},{" + CALL_B
                        + "\\\"city\\\":\\\"Bonn\\\"}'}}]},'finish_reason':'tool_calls'";
            case REASONING ->
                "'content':'Wait.','reasoning_content':'Think.','reasoning_details':[{'type':'reasoning.text',"
                        + "'text':'Think.','signature':'sig-c','index':0}],'tool_calls':[{" + CALL_A
                        + "\\\"city\\\":\\\"Oslo\\\"}'}}]},'finish_reason':'tool_calls'";
        };
        return json("{'id':'c','object':'chat.completion','created':1,'model':'m','choices':[{'index':0,"
                + "'message':{'role':'assistant'," + message + "}]," + usageOf(capability) + "}");
    }

    private static String usageOf(Capability capability) {
        return capability == Capability.CACHE
                ? "'usage':{'prompt_tokens':100,'completion_tokens':4,'total_tokens':104,"
                        + "'prompt_tokens_details':{'cached_tokens':40}}"
                : "'usage':{'prompt_tokens':10,'completion_tokens':4,'total_tokens':14}";
    }

    @Override
    String events(Capability capability) {
        String said = switch (capability) {
            case PLAIN, STREAMED, IMAGES, CACHE -> """
                {'id':'c','choices':[{'index':0,'delta':{'role':'assistant','content':'No,'}}]}
                {'id':'c','choices':[{'index':0,'delta':{'content':' sun.'}}]}
                {'id':'c','choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}
                """;
            case TOOLS -> """
                {'id':'c','choices':[{'index':0,'delta':{'role':'assistant','tool_calls':[{'index':0,'id':'call_a','type':'function','function':{'name':'weather','arguments':''}}]}}]}
                {'id':'c','choices':[{'index':0,'delta':{'tool_calls':[{'index':1,'id':'call_b','type':'function','function':{'name':'weather','arguments':'{\\"city\\"'}}]}}]}
                {'id':'c','choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'function':{'arguments':'{\\"city\\":\\"Oslo\\"}'}}]}}]}
                {'id':'c','choices':[{'index':0,'delta':{'tool_calls':[{'index':1,'function':{'arguments':':\\"Bonn\\"}'}}]}}]}
                {'id':'c','choices':[{'index':0,'delta':{},'finish_reason':'tool_calls'}]}
                """;
            case REASONING -> """
                {'id':'c','choices':[{'index':0,'delta':{'role':'assistant','reasoning_content':'Thi','reasoning_details':[{'type':'reasoning.text','text':'Thi','index':0}]}}]}
                {'id':'c','choices':[{'index':0,'delta':{'reasoning_content':'nk.','reasoning_details':[{'type':'reasoning.text','text':'nk.','index':0}]}}]}
                {'id':'c','choices':[{'index':0,'delta':{'reasoning_details':[{'type':'reasoning.text','signature':'sig-c','index':0}]}}]}
                {'id':'c','choices':[{'index':0,'delta':{'content':'Wait.'}}]}
                {'id':'c','choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'call_a','type':'function','function':{'name':'weather','arguments':'{\\"city\\":\\"Oslo\\"}'}}]}}]}
                {'id':'c','choices':[{'index':0,'delta':{},'finish_reason':'tool_calls'}]}
                """;
        };
        return events("", said + "{'id':'c','choices':[]," + usageOf(capability) + "}") + "data: [DONE]\n\n";
    }

    @Override
    JsonObject together(List<JsonObject> events) {
        JsonObject message = new JsonObject().put("role", "assistant");
        JsonArray calls = new JsonArray();
        JsonObject choice = new JsonObject().put("message", message);
        JsonObject answer = new JsonObject().put("choices", new JsonArray().add(choice));
        for (JsonObject event : events) {
            if (event.getValue("usage") instanceof JsonObject usage) {
                answer.put("usage", usage);
            }
            for (JsonObject chunk : objects(event, "choices")) {
                JsonObject delta = object(chunk, "delta");
                append(message, delta, "content");
                append(message, delta, "reasoning_content");
                JsonArray details = message.getJsonArray("reasoning_details", new JsonArray());
                objects(delta, "reasoning_details").forEach(details::add);
                if (!details.isEmpty()) {
                    message.put("reasoning_details", details);
                }
                objects(delta, "tool_calls").forEach(call -> add(call, calls));
                if (chunk.getString("finish_reason") != null) {
                    choice.put("finish_reason", chunk.getString("finish_reason"));
                }
            }
        }
        if (!calls.isEmpty()) {
            message.put("tool_calls", calls);
        }
        return answer;
    }

    private static void append(JsonObject message, JsonObject delta, String name) {
        String more = delta.getString(name, "");
        if (more != null && !more.isEmpty()) {
            message.put(name, message.getString(name, "") + more);
        }
    }

    private static void add(JsonObject call, JsonArray to) {
        int index = call.getInteger("index");
        if (index == to.size()) {
            to.add(call.copy());
            to.getJsonObject(index).remove("index");
        } else {
            JsonObject function = to.getJsonObject(index).getJsonObject("function");
            append(function, call.getJsonObject("function"), "arguments");
        }
    }

    @Override
    List<String> told(JsonObject answer) {
        List<String> lines = new ArrayList<>();
        message(message(answer), lines);
        String end = answer.getJsonArray("choices").getJsonObject(0).getString("finish_reason");
        lines.add(line("end", end.equals("tool_calls") ? "calls" : end));
        JsonObject usage = answer.getJsonObject("usage");
        JsonObject details = object(usage, "prompt_tokens_details");
        lines.add(usage(
                usage.getLong("prompt_tokens"),
                details.getLong("cached_tokens", 0L),
                details.getLong("cache_write_tokens", 0L),
                usage.getLong("completion_tokens")));
        return lines;
    }

    @Override
    String piece(JsonObject event) {
        StringBuilder text = new StringBuilder();
        objects(event, "choices")
                .forEach(choice -> text.append(object(choice, "delta").getString("content", "")));
        return text.toString();
    }

    @Override
    boolean isLast(String data) {
        return data.equals("[DONE]");
    }

    @Override
    String errorEvent(String message) {
        return events("", "{'error':{'message':'" + message + "','type':'server_error'}}");
    }

    @Override
    Set<String> errorFields() {
        return Set.of("message", "type", "param", "code");
    }
}

package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.relay.wire.WireFormat;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Anthropic's messages; signatures of Google's calls stand in a redacted thought before them. */
final class MessagesSpeaker extends Speaker {

    private static final String CARRIED = "newapi.call-signature:";
    private static final String TOOL = "'tools':[{'name':'weather',"
            + "'input_schema':{'type':'object','properties':{'city':{'type':'string'}}}}]";

    MessagesSpeaker() {
        super(WireFormat.MESSAGES, 14, "claude-sonnet-4-5");
    }

    @Override
    String path(boolean stream) {
        return "/v1/messages";
    }

    @Override
    JsonObject question(Capability capability) {
        String rest = switch (capability) {
            case PLAIN, STREAMED, CACHE -> "{'role':'user','content':'Rain?'}]";
            case TOOLS -> """
                {'role':'user','content':'Rain?'},
                {'role':'assistant','content':[
                {'type':'tool_use','id':'call_1','name':'weather','input':{'city':'Rome'}},
                {'type':'tool_use','id':'call_2','name':'weather','input':{'city':'Nice'}}]},
                {'role':'user','content':[{'type':'tool_result','tool_use_id':'call_1','content':'1 mm'},
                {'type':'tool_result','tool_use_id':'call_2','content':'2 mm'}]}],
                """ + TOOL;
            case IMAGES -> """
                {'role':'user','content':[{'type':'text','text':'Look.'},
                {'type':'image','source':{'type':'base64','media_type':'image/png','data':'%s'}},
                {'type':'image','source':{'type':'url','url':'%s'}}]}]
                """.formatted(PICTURE, PICTURE_URL);
            case REASONING ->
                "{'role':'user','content':'Rain?'}],'thinking':{'type':'enabled','budget_tokens':1280}," + TOOL;
        };
        return json("{'model':'" + Chat.MODEL + "','max_tokens':2000,'system':'Be brief.','messages':[" + rest + "}");
    }

    @Override
    JsonObject streaming(JsonObject question) {
        return question.copy().put("stream", true);
    }

    @Override
    JsonObject next(JsonObject question, JsonObject answer) {
        JsonObject next = question.copy();
        next.getJsonArray("messages")
                .add(new JsonObject().put("role", "assistant").put("content", answer.getJsonArray("content")))
                .add(json(
                        "{'role':'user','content':[{'type':'tool_result','tool_use_id':'call_a','content':'3 mm'}]}"));
        return next;
    }

    @Override
    List<String> asked(JsonObject request) {
        List<String> lines = new ArrayList<>();
        lines.add(line("system", words(request, "system")));
        for (JsonObject message : objects(request, "messages")) {
            if (message.getValue("content") instanceof String text) {
                lines.add(line("text", text));
            } else {
                blocks(objects(message, "content"), lines);
            }
        }
        for (JsonObject tool : objects(request, "tools")) {
            lines.add(line(
                    "tool",
                    tool.getString("name"),
                    object(tool.getJsonObject("input_schema"), "properties").fieldNames()));
        }
        lines.add(line("limit", request.getInteger("max_tokens")));
        if (request.containsKey("thinking")) {
            lines.add("thinks");
        }
        return lines;
    }

    private static String words(JsonObject owner, String name) {
        if (owner.getValue(name) instanceof String text) {
            return text;
        }
        StringBuilder text = new StringBuilder();
        objects(owner, name).forEach(block -> text.append(block.getString("text")));
        return text.toString();
    }

    private static void blocks(List<JsonObject> blocks, List<String> lines) {
        String carried = "";
        for (JsonObject block : blocks) {
            switch (block.getString("type")) {
                case "text" -> lines.add(line("text", block.getString("text")));
                case "thinking" -> lines.add(thought(block.getString("thinking"), block.getString("signature")));
                case "redacted_thinking" -> carried = block.getString("data").substring(CARRIED.length());
                case "tool_use" -> {
                    lines.add(call(block.getString("id"), block.getString("name"), block.getValue("input"), carried));
                    carried = "";
                }
                case "tool_result" ->
                    lines.add(line("result", block.getString("tool_use_id"), words(block, "content")));
                case "image" -> {
                    JsonObject source = block.getJsonObject("source");
                    lines.add(line(
                            "picture",
                            source.getString("type").equals("url")
                                    ? source.getString("url")
                                    : "data:" + source.getString("media_type") + ";base64,"
                                            + source.getString("data")));
                }
                default -> lines.add("unknown " + block.encode());
            }
        }
    }

    @Override
    JsonObject answer(Capability capability) {
        String content = switch (capability) {
            case PLAIN, STREAMED, IMAGES, CACHE -> "[{'type':'text','text':'No, sun.'}],'stop_reason':'end_turn'";
            case TOOLS ->
                "[{'type':'tool_use','id':'call_a','name':'weather','input':{'city':'Oslo'}},"
                        + "{'type':'tool_use','id':'call_b','name':'weather','input':{'city':'Bonn'}}],"
                        + "'stop_reason':'tool_use'";
            case REASONING ->
                "[{'type':'thinking','thinking':'Think.','signature':'sig-m'},{'type':'text','text':'Wait.'},"
                        + "{'type':'tool_use','id':'call_a','name':'weather','input':{'city':'Oslo'}}],"
                        + "'stop_reason':'tool_use'";
        };
        return json("{'id':'msg','type':'message','role':'assistant','model':'m','content':" + content
                + ",'stop_sequence':null," + usageOf(capability, 4) + "}");
    }

    private static String usageOf(Capability capability, int output) {
        return capability == Capability.CACHE
                ? "'usage':{'input_tokens':50,'cache_read_input_tokens':40,'cache_creation_input_tokens':10,"
                        + "'output_tokens':" + output + "}"
                : "'usage':{'input_tokens':10,'output_tokens':" + output + "}";
    }

    @Override
    String events(Capability capability) {
        String said = switch (capability) {
            case PLAIN, STREAMED, IMAGES, CACHE -> """
                {'type':'content_block_start','index':0,'content_block':{'type':'text','text':''}}
                {'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':'No,'}}
                {'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':' sun.'}}
                {'type':'content_block_stop','index':0}
                """;
            case TOOLS -> """
                {'type':'content_block_start','index':0,'content_block':{'type':'tool_use','id':'call_a','name':'weather','input':{}}}
                {'type':'content_block_delta','index':0,'delta':{'type':'input_json_delta','partial_json':'{\\"city\\":'}}
                {'type':'content_block_delta','index':0,'delta':{'type':'input_json_delta','partial_json':'\\"Oslo\\"}'}}
                {'type':'content_block_stop','index':0}
                {'type':'content_block_start','index':1,'content_block':{'type':'tool_use','id':'call_b','name':'weather','input':{}}}
                {'type':'content_block_delta','index':1,'delta':{'type':'input_json_delta','partial_json':'{\\"city\\":\\"Bonn\\"}'}}
                {'type':'content_block_stop','index':1}
                """;
            case REASONING -> """
                {'type':'content_block_start','index':0,'content_block':{'type':'thinking','thinking':'','signature':''}}
                {'type':'content_block_delta','index':0,'delta':{'type':'thinking_delta','thinking':'Thi'}}
                {'type':'content_block_delta','index':0,'delta':{'type':'thinking_delta','thinking':'nk.'}}
                {'type':'content_block_delta','index':0,'delta':{'type':'signature_delta','signature':'sig-m'}}
                {'type':'content_block_stop','index':0}
                {'type':'content_block_start','index':1,'content_block':{'type':'text','text':''}}
                {'type':'content_block_delta','index':1,'delta':{'type':'text_delta','text':'Wait.'}}
                {'type':'content_block_stop','index':1}
                {'type':'content_block_start','index':2,'content_block':{'type':'tool_use','id':'call_a','name':'weather','input':{}}}
                {'type':'content_block_delta','index':2,'delta':{'type':'input_json_delta','partial_json':'{\\"city\\":\\"Oslo\\"}'}}
                {'type':'content_block_stop','index':2}
                """;
        };
        boolean called = capability == Capability.TOOLS || capability == Capability.REASONING;
        return events(
                "event",
                "{'type':'message_start','message':{'id':'msg','type':'message','role':'assistant','model':'m',"
                        + "'content':[]," + usageOf(capability, 1) + "}}\n" + said
                        + "{'type':'message_delta','delta':{'stop_reason':'" + (called ? "tool_use" : "end_turn")
                        + "','stop_sequence':null},'usage':{'output_tokens':4}}\n{'type':'message_stop'}");
    }

    @Override
    JsonObject together(List<JsonObject> events) {
        JsonObject answer = new JsonObject();
        JsonArray content = new JsonArray();
        JsonObject usage = new JsonObject();
        StringBuilder json = new StringBuilder();
        for (JsonObject event : events) {
            switch (event.getString("type")) {
                case "message_start" ->
                    usage.mergeIn(event.getJsonObject("message").getJsonObject("usage"));
                case "content_block_start" -> {
                    content.add(event.getJsonObject("content_block").copy());
                    json.setLength(0);
                }
                case "content_block_delta" ->
                    delta(event.getJsonObject("delta"), content.getJsonObject(event.getInteger("index")), json);
                case "content_block_stop" -> {
                    JsonObject block = content.getJsonObject(event.getInteger("index"));
                    if (block.containsKey("input")) {
                        block.put("input", new JsonObject(json.toString()));
                    }
                }
                case "message_delta" -> {
                    answer.mergeIn(event.getJsonObject("delta"));
                    usage.mergeIn(event.getJsonObject("usage"));
                }
                default -> {}
            }
        }
        return answer.put("content", content).put("usage", usage);
    }

    private static void delta(JsonObject delta, JsonObject block, StringBuilder json) {
        json.append(delta.getString("partial_json", ""));
        for (String name : List.of("text", "thinking", "signature")) {
            if (delta.containsKey(name)) {
                block.put(name, block.getString(name, "") + delta.getString(name));
            }
        }
    }

    @Override
    List<String> told(JsonObject answer) {
        List<String> lines = new ArrayList<>();
        blocks(objects(answer, "content"), lines);
        String end = answer.getString("stop_reason");
        lines.add(line("end", end.equals("tool_use") ? "calls" : end.equals("end_turn") ? "stop" : end));
        JsonObject usage = answer.getJsonObject("usage");
        long cached = usage.getLong("cache_read_input_tokens", 0L);
        long written = usage.getLong("cache_creation_input_tokens", 0L);
        lines.add(usage(
                usage.getLong("input_tokens") + cached + written, cached, written, usage.getLong("output_tokens")));
        return lines;
    }

    @Override
    String piece(JsonObject event) {
        return object(event, "delta").getString("text", "");
    }

    @Override
    boolean isLast(String data) {
        return data.contains("\"message_stop\"");
    }

    @Override
    String errorEvent(String message) {
        return events("event", "{'type':'error','error':{'type':'api_error','message':'" + message + "'}}");
    }

    @Override
    Set<String> errorFields() {
        return Set.of("message", "type");
    }

    @Override
    String error(JsonObject answer) {
        assertThat(answer.getString("type")).isEqualTo("error");
        return super.error(answer);
    }

    @Override
    String errorOfStream(String eventName, int number, JsonObject event) {
        assertThat(eventName).isEqualTo("error");
        return error(event);
    }
}

package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.relay.wire.WireFormat;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** OpenAI's responses, of a client who keeps all of the conversation itself. */
final class ResponsesSpeaker extends Speaker {

    private static final String TOOL = "'tools':[{'type':'function','name':'weather',"
            + "'parameters':{'type':'object','properties':{'city':{'type':'string'}}}}]";
    private static final String CALL_A = "{'type':'function_call','id':'fc_a','status':'completed','call_id':'call_a',"
            + "'name':'weather','arguments':'{\\\"city\\\":\\\"Oslo\\\"}'}";
    private static final String CALL_B = "{'type':'function_call','id':'fc_b','status':'completed','call_id':'call_b',"
            + "'name':'weather','arguments':'{\\\"city\\\":\\\"Bonn\\\"}'}";
    private static final String THOUGHT = "{'type':'reasoning','id':'rs','summary':[{'type':'summary_text',"
            + "'text':'Think.'}],'encrypted_content':'sig-r'}";

    ResponsesSpeaker() {
        super(WireFormat.RESPONSES, 1, "gpt-5.1");
    }

    @Override
    String path(boolean stream) {
        return "/v1/responses";
    }

    @Override
    JsonObject question(Capability capability) {
        String rest = switch (capability) {
            case PLAIN, STREAMED, CACHE -> "{'role':'user','content':'Rain?'}]";
            case TOOLS -> """
                {'role':'user','content':'Rain?'},
                {'type':'function_call','call_id':'call_1','name':'weather','arguments':'{\\"city\\":\\"Rome\\"}'},
                {'type':'function_call','call_id':'call_2','name':'weather','arguments':'{\\"city\\":\\"Nice\\"}'},
                {'type':'function_call_output','call_id':'call_1','output':'1 mm'},
                {'type':'function_call_output','call_id':'call_2','output':'2 mm'}],
                """ + TOOL;
            case IMAGES -> """
                {'role':'user','content':[{'type':'input_text','text':'Look.'},
                {'type':'input_image','image_url':'data:image/png;base64,%s'},
                {'type':'input_image','image_url':'%s'}]}]
                """.formatted(PICTURE, PICTURE_URL);
            case REASONING ->
                "{'role':'user','content':'Rain?'}],'reasoning':{'effort':'low','summary':'auto'},"
                        + "'include':['reasoning.encrypted_content']," + TOOL;
        };
        return json("{'model':'" + Chat.MODEL
                + "','max_output_tokens':2000,'store':false,'instructions':'Be brief.','input':[" + rest + "}");
    }

    @Override
    JsonObject streaming(JsonObject question) {
        return question.copy().put("stream", true);
    }

    @Override
    JsonObject next(JsonObject question, JsonObject answer) {
        JsonObject next = question.copy();
        JsonArray input = next.getJsonArray("input").addAll(answer.getJsonArray("output"));
        input.add(json("{'type':'function_call_output','call_id':'call_a','output':'3 mm'}"));
        return next;
    }

    @Override
    List<String> asked(JsonObject request) {
        List<String> lines = new ArrayList<>();
        lines.add(line("system", request.getString("instructions")));
        objects(request, "input").forEach(item -> item(item, lines));
        for (JsonObject tool : objects(request, "tools")) {
            lines.add(line(
                    "tool",
                    tool.getString("name"),
                    object(tool.getJsonObject("parameters"), "properties").fieldNames()));
        }
        lines.add(line("limit", request.getInteger("max_output_tokens")));
        if (object(request, "reasoning").containsKey("effort")) {
            lines.add("thinks");
        }
        return lines;
    }

    private static void item(JsonObject item, List<String> lines) {
        switch (item.getString("type", "message")) {
            case "message" -> {
                if (item.getValue("content") instanceof String text) {
                    lines.add(line("text", text));
                }
                for (JsonObject part : objects(item, "content")) {
                    lines.add(
                            part.containsKey("text")
                                    ? line("text", part.getString("text"))
                                    : line("picture", part.getString("image_url")));
                }
            }
            case "reasoning" -> {
                StringBuilder text = new StringBuilder();
                objects(item, "summary").forEach(part -> text.append(part.getString("text")));
                lines.add(thought(text.toString(), item.getString("encrypted_content", "")));
            }
            case "function_call" ->
                lines.add(call(
                        item.getString("call_id"),
                        item.getString("name"),
                        item.getString("arguments"),
                        object(object(item, "extra_content"), "google").getString("thought_signature", "")));
            case "function_call_output" ->
                lines.add(line("result", item.getString("call_id"), item.getString("output")));
            default -> lines.add("unknown " + item.encode());
        }
    }

    private static String output(Capability capability) {
        return switch (capability) {
            case PLAIN, STREAMED, IMAGES, CACHE -> message("No, sun.");
            case TOOLS -> CALL_A + "," + CALL_B;
            case REASONING -> THOUGHT + "," + message("Wait.") + "," + CALL_A;
        };
    }

    private static String message(String text) {
        return "{'type':'message','id':'msg','status':'completed','role':'assistant','content':[{'type':'output_text',"
                + "'text':'" + text + "','annotations':[]}]}";
    }

    @Override
    JsonObject answer(Capability capability) {
        String usage = capability == Capability.CACHE
                ? "{'input_tokens':100,'input_tokens_details':{'cached_tokens':40},'output_tokens':4,"
                        + "'output_tokens_details':{'reasoning_tokens':0},'total_tokens':104}"
                : "{'input_tokens':10,'output_tokens':4,'total_tokens':14}";
        return json("{'id':'resp','object':'response','created_at':1,'status':'completed','model':'m','output':["
                + output(capability) + "],'usage':" + usage + "}");
    }

    @Override
    String events(Capability capability) {
        String said = switch (capability) {
            case PLAIN, STREAMED, IMAGES, CACHE -> """
                {'type':'response.output_item.added','output_index':0,'item':{'type':'message','id':'msg','status':'in_progress','role':'assistant','content':[]}}
                {'type':'response.output_text.delta','item_id':'msg','output_index':0,'content_index':0,'delta':'No,'}
                {'type':'response.output_text.delta','item_id':'msg','output_index':0,'content_index':0,'delta':' sun.'}
                """;
            case TOOLS -> """
                {'type':'response.output_item.added','output_index':0,'item':{'type':'function_call','id':'fc_a','call_id':'call_a','name':'weather','arguments':''}}
                {'type':'response.output_item.added','output_index':1,'item':{'type':'function_call','id':'fc_b','call_id':'call_b','name':'weather','arguments':''}}
                {'type':'response.function_call_arguments.delta','item_id':'fc_b','output_index':1,'delta':'{\\"city\\":'}
                {'type':'response.function_call_arguments.delta','item_id':'fc_a','output_index':0,'delta':'{\\"city\\":\\"Oslo\\"}'}
                {'type':'response.function_call_arguments.delta','item_id':'fc_b','output_index':1,'delta':'\\"Bonn\\"}'}
                """;
            case REASONING -> """
                {'type':'response.output_item.added','output_index':0,'item':{'type':'reasoning','id':'rs','summary':[]}}
                {'type':'response.reasoning_summary_text.delta','item_id':'rs','output_index':0,'summary_index':0,'delta':'Thi'}
                {'type':'response.reasoning_summary_text.delta','item_id':'rs','output_index':0,'summary_index':0,'delta':'nk.'}
                {'type':'response.output_item.done','output_index':0,'item':%s}
                {'type':'response.output_text.delta','item_id':'msg','output_index':1,'content_index':0,'delta':'Wait.'}
                {'type':'response.output_item.added','output_index':2,'item':{'type':'function_call','id':'fc_a','call_id':'call_a','name':'weather','arguments':''}}
                {'type':'response.function_call_arguments.delta','item_id':'fc_a','output_index':2,'delta':'{\\"city\\":\\"Oslo\\"}'}
                """.formatted(THOUGHT);
        };
        return events(
                        "event",
                        "{'type':'response.created','response':{'id':'resp','object':'response','model':'m','output':[]}}\n"
                                + said)
                + "event: response.completed\ndata: "
                + new JsonObject()
                        .put("type", "response.completed")
                        .put("response", answer(capability))
                        .encode() + "\n\n";
    }

    @Override
    JsonObject together(List<JsonObject> events) {
        StringBuilder deltas = new StringBuilder();
        JsonObject whole = events.get(events.size() - 1).getJsonObject("response");
        for (JsonObject event : events) {
            if (event.getString("type").equals("response.output_text.delta")) {
                deltas.append(event.getString("delta"));
            }
        }
        return whole.put("told in pieces", deltas.toString());
    }

    @Override
    List<String> told(JsonObject answer) {
        List<String> lines = new ArrayList<>();
        objects(answer, "output").forEach(item -> item(item, lines));
        boolean called = lines.stream().anyMatch(line -> line.startsWith("call "));
        String pieces = answer.getString("told in pieces");
        if (pieces != null && !pieces.isEmpty() && !lines.contains("text " + pieces)) {
            lines.add("other pieces: " + pieces);
        }
        String status = answer.getString("status");
        lines.add(line("end", status.equals("completed") ? called ? "calls" : "stop" : status));
        JsonObject usage = answer.getJsonObject("usage");
        JsonObject details = object(usage, "input_tokens_details");
        lines.add(usage(
                usage.getLong("input_tokens"),
                details.getLong("cached_tokens", 0L),
                details.getLong("cache_write_tokens", 0L),
                usage.getLong("output_tokens")));
        return lines;
    }

    @Override
    String piece(JsonObject event) {
        return event.getString("type", "").equals("response.output_text.delta") ? event.getString("delta") : "";
    }

    @Override
    boolean isLast(String data) {
        return data.contains("\"response.completed\"");
    }

    @Override
    boolean isWholeWithUsage() {
        return true;
    }

    @Override
    String errorEvent(String message) {
        return events(
                "event",
                "{'type':'error','sequence_number':3,'error':{'type':'server_error','code':'server_error','message':'"
                        + message + "','param':null}}");
    }

    @Override
    Set<String> errorFields() {
        return Set.of("message", "type", "param", "code");
    }

    /** As the reference has it, and as OpenAI really sends it, where the same stands in an object. */
    @Override
    String errorOfStream(String eventName, int number, JsonObject event) {
        JsonObject error = event.getJsonObject("error");
        assertThat(eventName).isEqualTo("error");
        assertThat(event.getString("type")).isEqualTo("error");
        assertThat(event.getInteger("sequence_number")).isEqualTo(number);
        for (String name : List.of("message", "param", "code")) {
            assertThat(event.getString(name)).isEqualTo(error.getString(name));
        }
        return error(event);
    }
}

package io.newapi.server.relay.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever writes what their format does not have is told so, with the field's path. */
class MalformedWireTest {

    private static final List<Object> OF_EACH_TYPE = Arrays.asList(
            "text", 7, new BigDecimal("-1.5"), true, null, new JsonObject(), new JsonArray(), new JsonArray().add(1));

    private static Codec codec(String name) {
        return name.startsWith("messages/") ? new MessagesCodec() : GeminiCodec.events();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "messages/request-tools.json",
                "messages/request-sampling.json",
                "messages/request-schema.json",
                "gemini/request-tools.json",
                "gemini/request-sounds.json",
                "gemini/request-snake.json"
            })
    void aRequestWithAValueOfAnotherTypeIsReadOrUnreadable(String name) {
        String model = name.startsWith("gemini/") ? "gemini-3-flash" : "";
        List<String> complaints = new ArrayList<>();

        forEachChange(Golden.json(name), body -> writeInBoth(codec(name).read(body, model, false)), complaints::add);

        assertThat(complaints).isNotEmpty().allSatisfy(path -> assertThat(path).isNotEmpty());
    }

    private static void writeInBoth(Conversation asked) {
        for (Codec codec : List.of(new MessagesCodec(), GeminiCodec.events())) {
            try {
                Golden.sent(codec.write(asked, Golden.TERMS).body());
            } catch (Unsayable e) {
                assertThat(e.what()).isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"messages/reply-tools.json", "messages/reply-stopped.json", "gemini/reply-tools.json"})
    void anAnswerWithAValueOfAnotherTypeIsReadOrUnreadable(String name) {
        List<String> complaints = new ArrayList<>();

        forEachChange(Golden.json(name), codec(name)::readReply, complaints::add);

        assertThat(complaints).isNotEmpty().allSatisfy(path -> assertThat(path).isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "messages/stream-tools.txt",
                "messages/stream-text.txt",
                "gemini/stream-tools.txt",
                "gemini/stream-picture.txt",
                "gemini/stream-blocked.txt"
            })
    void anEventWithAValueOfAnotherTypeIsReadOrUnreadable(String name) {
        List<String> complaints = new ArrayList<>();
        for (String event : Golden.events(Golden.text(name))) {
            String data = event.substring(event.indexOf("data: ") + 6);
            forEachChange(
                    Golden.parsed(data),
                    changed -> codec(name).pieceReader().event("", changed.encode()),
                    complaints::add);
        }

        assertThat(complaints).isNotEmpty().allSatisfy(path -> assertThat(path).isNotEmpty());
    }

    @Test
    void theComplaintNamesTheField() {
        JsonObject body = Golden.json("messages/request-tools.json");
        body.getJsonArray("messages")
                .getJsonObject(1)
                .getJsonArray("content")
                .getJsonObject(3)
                .put("input", "Kyoto");

        assertThatThrownBy(() -> new MessagesCodec().read(body, "", false))
                .isInstanceOfSatisfying(
                        Unreadable.class, e -> assertThat(e.field()).isEqualTo("messages[1].content[3].input"))
                .hasMessage("must be an object");
    }

    @Test
    void aComplaintAboutANameInTheOtherSpellingHasThatName() {
        JsonObject body = Golden.json("gemini/request-snake.json");
        body.getJsonObject("generation_config").put("max_output_tokens", "many");

        assertThatThrownBy(() -> GeminiCodec.events().read(body, "gemini-3-flash", false))
                .isInstanceOfSatisfying(
                        Unreadable.class, e -> assertThat(e.field()).isEqualTo("generation_config.max_output_tokens"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "7", "{\"type\":"})
    void anEventThatIsNoObjectIsUnreadable(String data) {
        assertThatThrownBy(() -> new MessagesCodec().pieceReader().event("ping", data))
                .isInstanceOf(Unreadable.class);
        assertThatThrownBy(() -> GeminiCodec.events().pieceReader().event("", data))
                .isInstanceOf(Unreadable.class);
    }

    /** Puts a value of each type in each place, one at a time. */
    private static void forEachChange(JsonObject whole, Consumer<JsonObject> reading, Consumer<String> complaint) {
        for (List<Object> path : paths(whole, List.of())) {
            for (Object value : OF_EACH_TYPE) {
                JsonObject changed = whole.copy();
                put(changed, path, value);
                try {
                    reading.accept(Golden.sent(changed));
                } catch (Unreadable e) {
                    complaint.accept(e.field());
                }
            }
        }
    }

    private static List<List<Object>> paths(Object at, List<Object> here) {
        List<List<Object>> all = new ArrayList<>();
        if (!here.isEmpty()) {
            all.add(here);
        }
        if (at instanceof JsonObject object) {
            object.forEach(field -> all.addAll(paths(field.getValue(), plus(here, field.getKey()))));
        } else if (at instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                all.addAll(paths(array.getValue(i), plus(here, i)));
            }
        }
        return all;
    }

    private static List<Object> plus(List<Object> path, Object step) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }

    private static void put(JsonObject whole, List<Object> path, Object value) {
        Object at = whole;
        for (Object step : path.subList(0, path.size() - 1)) {
            at = at instanceof JsonObject object
                    ? object.getValue((String) step)
                    : ((JsonArray) at).getValue((Integer) step);
        }
        Object last = path.get(path.size() - 1);
        if (at instanceof JsonObject object) {
            object.put((String) last, value);
        } else {
            ((JsonArray) at).set((Integer) last, value);
        }
    }
}

package io.newapi.server.relay.wire.chat;

import static io.newapi.server.relay.wire.chat.OpenAiFixtures.TERMS;
import static io.newapi.server.relay.wire.chat.OpenAiFixtures.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each value of each recorded request and answer replaced by each other kind of value: it is read, or complained about. */
class MalformedOpenAiTest {

    private static final List<Object> VALUES = Arrays.asList(
            null,
            true,
            0,
            -7L,
            new BigDecimal("1.5"),
            new BigInteger("123456789012345678901234567890"),
            "",
            "text",
            new JsonArray(),
            new JsonArray().add(1),
            new JsonArray().add(new JsonObject()),
            new JsonObject(),
            new JsonObject().put("type", "text"));

    private int complaints;

    @ParameterizedTest
    @CsvSource({"conversation", "media", "thoughts", "reasoning-model", "from-responses-conversation"})
    void chatRequests(String name) {
        Codec codec = new ChatCodec();
        everyChange(json("chat/" + name + ".json"), body -> codec.write(codec.read(body, "", false), TERMS));
    }

    @ParameterizedTest
    @CsvSource({"conversation", "from-chat-media", "from-chat-thoughts", "from-chat-reasoning-model", "for-chat"})
    void requestsForResponses(String name) {
        Codec codec = new ResponsesCodec();
        everyChange(json("responses/" + name + ".json"), body -> codec.write(codec.read(body, "", false), TERMS));
    }

    @ParameterizedTest
    @CsvSource({"reply", "from-responses-reply"})
    void chatAnswers(String name) {
        everyChange(json("chat/" + name + ".json"), new ChatCodec()::readReply);
    }

    @ParameterizedTest
    @CsvSource({"reply", "from-chat-reply"})
    void responses(String name) {
        everyChange(json("responses/" + name + ".json"), new ResponsesCodec()::readReply);
    }

    private void everyChange(JsonObject body, Consumer<JsonObject> reading) {
        for (Runnable[] change : changes(body)) {
            change[0].run();
            try {
                reading.accept(body);
            } catch (Unreadable e) {
                complaints++;
                assertThat(e.field()).isNotEmpty();
                assertThat(e.reason()).isNotEmpty();
            } catch (Unsayable e) {
                assertThat(e.what()).isNotEmpty();
            } catch (RuntimeException e) {
                fail("for " + body.encode(), e);
            }
            change[1].run();
        }
        assertThat(complaints).isGreaterThan(20);
    }

    /** Ways to change one value, each with the way back. */
    private static List<Runnable[]> changes(Object in) {
        List<Runnable[]> changes = new ArrayList<>();
        if (in instanceof JsonObject object) {
            for (String name : List.copyOf(object.fieldNames())) {
                Object was = object.getValue(name);
                for (Object value : VALUES) {
                    changes.add(new Runnable[] {() -> object.put(name, value), () -> object.put(name, was)});
                }
                changes.addAll(changes(was));
            }
        } else if (in instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                int at = i;
                Object was = array.getValue(at);
                for (Object value : VALUES) {
                    changes.add(new Runnable[] {() -> array.set(at, value), () -> array.set(at, was)});
                }
                changes.addAll(changes(was));
            }
        }
        return changes;
    }
}

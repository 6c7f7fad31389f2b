package io.newapi.server.relay.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventDigestTest {

    private static final String PICTURE = "iVBORw0KGgo".repeat(20_000);
    private static final String TEXT = "so it goes on and on \\\"and\\\" on, ".repeat(3_000);

    private static EventDigest of(String event) {
        EventDigest digest = new EventDigest();
        byte[] bytes = event.getBytes(UTF_8);
        Random random = new Random(5);
        for (int at = 0; at < bytes.length; ) {
            int next = Math.min(bytes.length, at + 1 + random.nextInt(5_000));
            digest.feed(bytes, at, next);
            at = next;
        }
        assertThat(digest.json()).hasSizeLessThanOrEqualTo(EventDigest.MAX_BYTES);
        return digest;
    }

    private static JsonObject read(EventDigest digest) {
        return new JsonObject(new String(digest.json(), UTF_8));
    }

    @Test
    void longTextsGoAndTheRestStays() {
        EventDigest digest = of("event: x\ndata: {\"a\":\"" + PICTURE + "\",\"b\":[1,\"zwei\",{\"c\":\"" + TEXT
                + "\"}],\"usage\":{\"n\":7}}\n\n");

        assertThat(read(digest))
                .isEqualTo(new JsonObject("{\"a\":\"\",\"b\":[1,\"zwei\",{\"c\":\"\"}],\"usage\":{\"n\":7}}"));
    }

    @Test
    void writtenTextIsCountedAndPicturesAreNot() {
        assertThat(of("data: {\"a\":\"" + PICTURE + "\"}\n\n").writtenBytes()).isZero();
        assertThat(of("data: {\"a\":\"" + TEXT + "\"}\n\n").writtenBytes()).isEqualTo(TEXT.length());
        assertThat(of("data: {\"a\":\"" + TEXT).writtenBytes()).as("cut off").isEqualTo(TEXT.length());
    }

    @Test
    void ofAListThatIsTooLongNothingStays() {
        String many = new JsonArray(Collections.nCopies(9_000, "word")).encode();
        EventDigest digest = of(
                "data: {\"first\":[1],\"output\":[{\"parts\":" + many + ",\"why\":\"stop\"}],\"usage\":{\"n\":7}}\n\n");

        assertThat(read(digest))
                .isEqualTo(new JsonObject(
                        "{\"first\":[1],\"output\":[{\"parts\":[],\"why\":\"stop\"}],\"usage\":{\"n\":7}}"));
    }

    @Test
    void ofManyShortListsTheOneAroundThemGoes() {
        String item = "{\"parts\":[\"one\",\"two\"],\"id\":\"x\"},";
        EventDigest digest = of("data: {\"output\":[" + item.repeat(5_000) + "{}],\"usage\":{\"n\":7}}\n\n");

        assertThat(read(digest)).isEqualTo(new JsonObject("{\"output\":[],\"usage\":{\"n\":7}}"));
    }

    /** The list may be full at any byte, its last one too. */
    @Test
    void whereverRoomEndsTheJsonIsWhole() {
        // a list, and one inside of it, may be as long as this
        int room = EventDigest.MAX_BYTES - 2 * 4096;
        for (int extra = 0; extra < 4096 + 60; extra += extra < 60 || extra > 4056 ? 1 : 500) {
            String almost = "\"word\",".repeat((room - 60) / 7);
            EventDigest digest =
                    of("data: {\"p\":\"" + "y".repeat(extra) + "\",\"l\":[" + almost + "[[1],\"z\"]],\"n\":7}\n\n");

            assertThat(read(digest).getInteger("n")).as("with %d more", extra).isEqualTo(7);
        }
    }

    @Test
    void whatIsCutOffOrStrangeSaysNothing() {
        assertThat(of("data: {\"a\":\"" + PICTURE).json()).isEmpty();
        assertThat(of("data: {\"a\":{\"b\":1}").json()).isEmpty();
        assertThat(of("data: {" + "\"key\":1,".repeat(20_000) + "\"z\":1}").json())
                .isEmpty();
    }

    @Test
    void linesThatAreNoDataAreLeftOutAndJsonMayHaveSeveral() {
        EventDigest digest = of("event: {\nid: [\ndata: {\"a\":\ndata:  1,\ndatum: }\ndata: \"b\":2}\n\n");

        assertThat(read(digest)).isEqualTo(new JsonObject("{\"a\":1,\"b\":2}"));
    }
}

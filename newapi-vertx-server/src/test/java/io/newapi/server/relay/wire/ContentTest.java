package io.newapi.server.relay.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that do not lie in memory are understood, and change on their way, like those that do. */
class ContentTest {

    private static final String TYPE = "multipart/form-data; boundary=b";

    /** Bytes that say that they are elsewhere. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Elsewhere(byte[] held) implements Content {
        @Override
        public int length() {
            return held.length;
        }

        @Override
        public boolean inMemory() {
            return false;
        }

        @Override
        public void read(int from, byte[] into, int at, int count) {
            System.arraycopy(held, from, into, at, count);
        }
    }

    private static ClientRequest understood(ClientRequest.Scan scan) {
        return scan.match(request -> request, refused -> {
            throw new AssertionError(refused);
        });
    }

    private static String edited(ClientRequest request) {
        return new String(request.edited("the-upstreams-name", true, Set.of()).bytes(), UTF_8);
    }

    private static void alike(ClientRequest there, ClientRequest here) {
        assertThat(edited(there)).isEqualTo(edited(here));
        assertThat(there.model()).isEqualTo(here.model());
        assertThat(there.stream()).isEqualTo(here.stream());
        assertThat(there.estimatedPromptTokens()).isEqualTo(here.estimatedPromptTokens());
        assertThat(there.isInMemory()).isFalse();
        assertThat(there.inMemory().body()).isEqualTo(here.body());
        assertThat(there.facts(name -> null).param("size"))
                .isEqualTo(here.facts(name -> null).param("size"));
    }

    /** The reader's buffer has 8000 bytes: wherever a field is torn apart, its place is the same. */
    @Test
    void placesInJsonAreTheSameWhereverTheBufferEnds() {
        for (int pad = 7850; pad < 8050; pad++) {
            byte[] body = ("{\"messages\":[{\"role\":\"user\",\"content\":\"" + "ä".repeat(pad / 2)
                            + "x".repeat(pad % 2)
                            + "\"}],\"size\" : 3, \"service_tier\":\"flex\",\"store\":true,\"model\" : \"m-\\u0061\", "
                            + "\"stream\":true,\"stream_options\":{\"include_obfuscation\":false}}")
                    .getBytes(UTF_8);
            ClientRequest there = understood(ClientRequest.scan(WireFormat.CHAT, new Elsewhere(body)));
            ClientRequest here = understood(ClientRequest.scan(WireFormat.CHAT, body));

            alike(there, here);
            assertThat(there.conversation()).isEqualTo(here.conversation());
        }
    }

    /** A window has 65536 bytes. */
    @Test
    void placesInFormsAreTheSameWhereverTheWindowEnds() {
        for (int pad = 65_300; pad < 65_600; pad++) {
            byte[] body = ("--b\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n" + "-".repeat(pad)
                            + "\r\n--\r\n--\r\n--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n"
                            + "--b\r\nContent-Disposition: form-data; name=\"size\"\r\n\r\n12\r\n--b--")
                    .getBytes(UTF_8);
            alike(
                    understood(ClientRequest.scanForm(WireFormat.TRANSCRIPTIONS, new Elsewhere(body), TYPE)),
                    understood(ClientRequest.scanForm(WireFormat.TRANSCRIPTIONS, Content.of(body), TYPE)));
        }
    }

    @Test
    void aPromptOfAFormIsBounded() {
        String form = "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\n" + "p".repeat(1024 * 1024 + 1)
                + "\r\n--b--";

        assertThat(ClientRequest.scanForm(WireFormat.TRANSCRIPTIONS, Content.of(form.getBytes(UTF_8)), TYPE)
                        .match(request -> "", RelayError::message))
                .contains("the field prompt is too long");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"model\":1}", "\u0000{}"})
    void whatIsRefusedIsRefusedElsewhereToo(String body) {
        assertThat(ClientRequest.scan(WireFormat.CHAT, new Elsewhere(body.getBytes(UTF_8))))
                .isEqualTo(ClientRequest.scan(WireFormat.CHAT, body.getBytes(UTF_8)));
    }

    /** Any part of a spliced body is that part of its whole. */
    @Test
    void splicedBytesAreReadFromAnywhere() {
        Splice splice = new Splice(Content.of("0123456789".getBytes(UTF_8)));
        splice.replace(0, 0, "<".getBytes(UTF_8));
        splice.replace(2, 5, "abc".getBytes(UTF_8));
        splice.replace(5, 6, new byte[0]);
        splice.replace(10, 10, ">".getBytes(UTF_8));
        Content content = splice.content();
        String whole = "<01abc6789>";
        Random random = new Random(1);

        assertThat(new String(content.bytes(), UTF_8)).isEqualTo(whole);
        for (int i = 0; i < 500; i++) {
            int from = random.nextInt(whole.length());
            int count = random.nextInt(whole.length() - from + 1);
            byte[] read = new byte[count + 2];
            content.read(from, read, 1, count);
            assertThat(new String(read, 1, count, UTF_8)).isEqualTo(whole.substring(from, from + count));
            assertThat(read[0] + read[count + 1]).isZero();
        }
    }
}

package io.newapi.server.relay.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class FormScannerTest {

    private static final String TYPE = "multipart/form-data; boundary=\"b o\"";
    private static final String FORM = String.join(
            "\r\n",
            "--b o",
            "Content-Disposition: form-data; name=\"model\"",
            "",
            "whisper-1",
            "--b o",
            "Content-Type: audio/mpeg",
            "content-disposition: form-data; name=file; filename=\"a.mp3\"",
            "",
            "",
            "--b",
            "--b o bytes",
            "--b o",
            "Content-Disposition: form-data; name=\"prompt\"",
            "",
            "",
            "--b o--");

    private static final String ADDED = "--b o\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n";

    private static ClientRequest.Scan scan(byte[] body) {
        return ClientRequest.scanForm(WireFormat.TRANSCRIPTIONS, Content.of(body), TYPE);
    }

    private static byte[] renamed(byte[] body) {
        return scan(body).match(request -> request.forUpstream("other", false, Set.of()), refused -> {
            throw new AssertionError(refused);
        });
    }

    @Test
    void aLineThatBeginsLikeTheBoundaryMakesTheFormUnreadable() {
        assertThat(scan(FORM.getBytes(UTF_8))).isInstanceOf(ClientRequest.Scan.Refused.class);
    }

    @Test
    void aFieldMayBeEmptyAndTheFormMayBeginWithAnEmptyLine() {
        String form = FORM.replace("\r\n--b o bytes", "");

        assertThat(new String(renamed(form.getBytes(UTF_8)), UTF_8)).isEqualTo(form.replace("whisper-1", "other"));
        assertThat(new String(renamed(("\r\n" + form).getBytes(UTF_8)), UTF_8))
                .isEqualTo("\r\n" + form.replace("whisper-1", "other"));
    }

    /** Whatever comes is refused or understood, and what is understood keeps all of its bytes; a model that it no longer names is added. */
    @RepeatedTest(20)
    void damagedFormsAreRefusedOrKeepTheirBytes(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        for (int i = 0; i < 200; i++) {
            byte[] body = FORM.replace("\r\n--b o bytes", "").getBytes(UTF_8);
            for (int damage = random.nextInt(4); damage >= 0; damage--) {
                body[random.nextInt(body.length)] = (byte) "\r\n-\"=;: bx\u0000".charAt(random.nextInt(11));
            }
            byte[] damaged = body;
            scan(damaged)
                    .match(
                            request -> assertThat(new String(
                                            request.forUpstream(request.model(), false, Set.of()), ISO_8859_1))
                                    .isIn(new String(damaged, ISO_8859_1), ADDED + new String(damaged, ISO_8859_1)),
                            refused -> assertThat(refused.status()).isEqualTo(400));
        }
    }
}

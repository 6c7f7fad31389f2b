package io.newapi.server.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What nodes tell each other can be read and written only by who has the secret. */
class FrameSealTest {

    private static final String SENDER = "00112233445566778899aabbccddeeff";
    private static final Frame FRAME = Frame.tell(SENDER, 7, "newapi.changes", Buffer.buffer("user 7"));

    private final FrameSeal seal = seal("secret");

    private static FrameSeal seal(String secret) {
        return new FrameSeal(secret.getBytes(UTF_8), new SecureRandom());
    }

    private Buffer sealed(Frame frame) {
        return seal.seal(frame).orElseThrow();
    }

    @Test
    void whoHasTheSecretReadsWhatWasWritten() {
        assertThat(seal("secret").open(sealed(FRAME))).contains(FRAME);
    }

    @Test
    void nothingOfItCanBeSeen() {
        assertThat(sealed(FRAME).toString("ISO-8859-1")).doesNotContain("user").doesNotContain("newapi.changes");
        assertThat(sealed(FRAME)).isNotEqualTo(sealed(FRAME));
    }

    @Test
    void anotherSecretOpensNothing() {
        assertThat(seal("other").open(sealed(FRAME))).isEmpty();
    }

    @Test
    void aFrameThatWasChangedAnywhereIsNone() {
        Buffer whole = sealed(FRAME);
        for (int i = 0; i < whole.length(); i++) {
            Buffer changed = whole.copy().setByte(i, (byte) (whole.getByte(i) ^ 1));
            assertThat(seal.open(changed)).as("byte %d", i).isEmpty();
        }
    }

    @Test
    void whatIsNoFrameIsNone() {
        assertThat(seal.open(Buffer.buffer())).isEmpty();
        assertThat(seal.open(Buffer.buffer("hello"))).isEmpty();
        assertThat(seal.open(Buffer.buffer(new byte[2 * FrameSeal.MAX_BYTES]))).isEmpty();
        assertThat(Frame.of(new byte[3])).isEmpty();
        assertThat(Frame.of(Frame.tell(SENDER, 1, "a", Buffer.buffer()).bytes()))
                .isPresent();
    }

    @Test
    void anAddressThatIsSaidToBeLongerThanTheFrameIsNone() {
        byte[] bytes = Frame.tell(SENDER, 1, "a", Buffer.buffer()).bytes();
        bytes[50] = 9;

        assertThat(Frame.of(bytes)).isEmpty();
    }

    @Test
    void aQuestionComesAsItWasAsked() {
        Frame question =
                new Frame(SENDER, 8, Frame.Purpose.ASK, "f".repeat(32), 42, "newapi.writes", Buffer.buffer("body"));

        assertThat(seal.open(sealed(question))).contains(question);
    }

    @Test
    void aFrameOfALaterVersionIsNone() {
        byte[] bytes = FRAME.bytes();
        bytes[24] = 77;

        assertThat(Frame.of(bytes)).isEmpty();
    }

    @Test
    void whatIsTooLargeIsNotSealed() {
        assertThat(seal.seal(Frame.tell(SENDER, 1, "a", Buffer.buffer(new byte[FrameSeal.MAX_BYTES]))))
                .isEqualTo(Optional.empty());
        assertThat(sealed(Frame.tell(SENDER, 1, "a", Buffer.buffer(new byte[FrameSeal.MAX_BYTES - 100])))
                        .length())
                .isLessThanOrEqualTo(FrameSeal.MAX_BYTES);
    }
}

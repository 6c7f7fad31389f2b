package io.newapi.server.relay.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.estimate.TextEstimator;
import io.newapi.core.pricing.AudioUsage;
import io.newapi.core.pricing.Usage;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RealtimeMeterTest {

    private static final String MODEL = "gpt-realtime";
    private static final String UNREPORTED = "{'type':'response.done','response':{'id':'r'}}";

    private final RealtimeMeter meter = new RealtimeMeter(MODEL);

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(UTF_8);
    }

    private void client(String json) {
        meter.fromClient(bytes(json));
    }

    private RealtimeMeter.Heard provider(String json) {
        return meter.fromProvider(bytes(json));
    }

    private static String sound(int bytes) {
        return Base64.getEncoder().encodeToString(new byte[bytes]);
    }

    private static long tokens(String text) {
        return TextEstimator.forModel(MODEL).estimate(text);
    }

    private AudioUsage audio() {
        return Objects.requireNonNull(meter.metered().audio());
    }

    @Test
    void whatIsReportedTakesThePlaceOfWhatWasCounted() {
        client("{'type':'session.update','session':{'instructions':'Be brief'}}");
        provider("{'type':'response.created'}");
        provider("{'type':'response.text.delta','delta':'some words'}");

        assertThat(provider("{'response':{'usage':{'input_tokens':10,'output_tokens':4,"
                        + "'input_token_details':{'text_tokens':3,'audio_tokens':7},"
                        + "'output_token_details':{'text_tokens':1,'audio_tokens':3}}},'type':'response.done'}"))
                .isEqualTo(RealtimeMeter.Heard.TURN_OVER);

        assertThat(meter.metered())
                .isEqualTo(
                        new MeteredUsage(Usage.of(10, 4), false, MeteredUsage.AS_ORDERED, new AudioUsage(3, 7, 1, 3)));
        assertThat(meter.isTurnUnderWay()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'input_tokens':10,'output_tokens':4}",
                "{'input_tokens':10,'output_tokens':4,'input_token_details':{'image_tokens':5,'text_tokens':5}}",
                "{'input_token_details':{'text_tokens':10},'output_token_details':{'text_tokens':4}}"
            })
    void whatIsNotSaidToBeSoundIsText(String usage) {
        provider("{'type':'response.done','response':{'usage':" + usage + "}}");

        assertThat(audio()).isEqualTo(new AudioUsage(10, 0, 4, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'type':'response.done'}", UNREPORTED, "{'type':'response.done','response':{'usage':{}}}"})
    void aTurnWithoutFiguresIsCounted(String done) {
        client("{'type':'session.update','session':{'instructions':'Be brief'}}");
        provider("{'type':'response.output_text.delta','delta':'some '}");
        provider("{'type':'response.output_audio_transcript.delta','delta':'more'}");
        provider("{'type':'response.function_call_arguments.delta','delta':' words'}");
        provider(done);

        assertThat(audio()).isEqualTo(new AudioUsage(tokens("Be brief"), 0, tokens("some more words"), 0));
        assertThat(meter.metered().estimated()).isTrue();
    }

    @Test
    void zeroIsZero() {
        client("{'type':'session.update','session':{'instructions':'Be brief'}}");
        provider("{'type':'response.done','response':{'usage':{'input_tokens':0,'output_tokens':0}}}");

        assertThat(audio().isZero()).isTrue();
        assertThat(meter.metered().estimated()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "{}, 1728, 3456",
        "{'input_audio_format':'pcm16'}, 1728, 3456",
        "{'input_audio_format':'g711_ulaw'}, 288, 3456",
        "{'output_audio_format':'g711_alaw'}, 1728, 576",
        "{'audio':{'input':{'format':{'type':'audio/pcmu'}}}}, 288, 3456",
        "{'audio':{'output':{'format':{'type':'audio/pcma'}}}}, 1728, 576",
        "{'audio':{'output':{'format':{'type':'audio/pcm'}}}}, 1728, 3456"
    })
    void soundIsCountedByItsFormat(String session, int heard, int spoken) {
        provider("{'type':'session.updated','session':" + session + "}");
        client("{'type':'input_audio_buffer.append','audio':'" + sound(2 * heard) + "'}");
        client("{'audio':'" + sound(heard) + "','type':'input_audio_buffer.append'}");
        provider("{'type':'response.audio.delta','delta':'" + sound(2 * spoken + spoken - 1) + "'}");
        provider(UNREPORTED);

        assertThat(audio()).isEqualTo(new AudioUsage(0, 3, 0, 2));
    }

    @Test
    void toolsCountFromTheSecondTurnOn() {
        client("{'type':'session.update','session':{'tools':[{'name':'a'},{'name':'b'}]}}");
        provider(UNREPORTED);
        assertThat(audio().isZero()).isTrue();

        provider(UNREPORTED);

        assertThat(audio().textInput()).isEqualTo(2 * 8 + tokens("name a ") + tokens("name b "));
    }

    @Test
    void whatAUserWritesCountsWhenTheProviderHasIt() {
        String message = "{'type':'%s','item':{'content':[{'type':'input_text','text':'hello there'},"
                + "{'type':'input_audio','text':'no'},{'type':'text','text':'no'}],'type':'%s'}}";
        client(message.formatted("conversation.item.create", "message"));
        provider(message.formatted("conversation.item.created", "message"));
        provider(message.formatted("conversation.item.done", "message"));
        provider(message.formatted("conversation.item.created", "function_call"));
        provider(UNREPORTED);

        assertThat(audio()).isEqualTo(new AudioUsage(tokens("hello there"), 0, 0, 0));
    }

    @Test
    void whatWasSaidOutsideATurnIsNotCountedAtTheEnd() {
        client("{'type':'session.update','session':{'instructions':'Be brief'}}");
        assertThat(audio().isZero()).isTrue();

        provider("{'type':'response.created'}");

        assertThat(meter.isTurnUnderWay()).isTrue();
        assertThat(audio().textInput()).isEqualTo(tokens("Be brief"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{'type':",
                "{'type':7}",
                "{'type':'response.done','response':{'usage':{'input_tokens':"
            })
    void whatCannotBeReadCountsNothing(String message) {
        client(message);
        provider(message);

        assertThat(audio().isZero()).isTrue();
    }

    @Test
    void figuresThatNoConnectionHasAreCut() {
        for (int turn = 0; turn < 2; turn++) {
            provider("{'type':'response.done','response':{'usage':{'input_tokens':1e300,'output_tokens':1}}}");
        }

        assertThat(meter.metered().usage()).isEqualTo(Usage.of(Usage.MAX_COUNT, 2));
    }
}

package io.newapi.core.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttemptFailureTest {

    @ParameterizedTest
    @CsvSource({
        "401,true,true",
        "402,true,true",
        "403,true,true",
        "429,true,true",
        "407,true,false",
        "408,true,false",
        "500,true,false",
        "503,true,false",
        "504,true,false",
        "529,true,false",
        "307,true,false",
        "0,true,false",
        "999,true,false",
        "400,false,false",
        "404,false,false",
        "405,false,false",
        "413,false,false",
        "422,false,false",
        "499,false,false"
    })
    void aStatusSpeaksAboutTheKeyTheChannelOrTheClient(int status, boolean channel, boolean key) {
        assertThat(AttemptFailure.ofStatus(status).speaksOfChannel()).isEqualTo(channel);
        assertThat(AttemptFailure.ofStatus(status).speaksOfKey()).isEqualTo(key);
    }

    @Test
    void aCallThatAChannelCannotTakeSaysNothingAboutTheNextOne() {
        assertThat(AttemptFailure.ofMisfit().speaksOfChannel()).isFalse();
        assertThat(AttemptFailure.ofMisfit().speaksOfKey()).isFalse();
    }

    @Test
    void whatHappensOnTheWaySpeaksAboutTheChannel() {
        assertThat(AttemptFailure.ofTransport(true).speaksOfChannel()).isTrue();
        assertThat(AttemptFailure.ofBadBody(502).speaksOfChannel()).isTrue();
        assertThat(AttemptFailure.ofChannel().speaksOfChannel()).isTrue();
    }

    @Test
    void theFaultOfTheCallSpeaksAboutNobodyElse() {
        assertThat(AttemptFailure.ofClient(500).speaksOfChannel()).isFalse();
        assertThat(AttemptFailure.ofClient(401).speaksOfKey()).isFalse();
    }
}

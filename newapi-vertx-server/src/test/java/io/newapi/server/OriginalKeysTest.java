package io.newapi.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OriginalKeysTest {

    @Test
    void aTokenIsKeptUnderAHashOfItsKeyThatTheSecretIsPartOf() {
        OriginalKeys keys = new OriginalKeys("your_unique_crypto_secret".getBytes(UTF_8));

        assertThat(keys.ofToken("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKL"))
                .isEqualTo("token:20b47ee9f6526c806129381470cb4bf1a42ede8f12b495d3fff6cf1589d33931");
    }

    @Test
    void aUserIsKeptUnderHisId() {
        assertThat(OriginalKeys.ofUser(42)).isEqualTo("user:42");
    }
}

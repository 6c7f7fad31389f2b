package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.newapi.core.channel.ChannelKeys;
import io.newapi.server.snapshot.ChannelReader;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.ChannelInfo;
import io.newapi.server.store.ChannelRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MultiKeysTest {

    @TempDir
    Path directory;

    private AdminServer server;

    @BeforeEach
    void start() {
        server = AdminServer.start(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theRelayReadsBackExactlyTheKeysThatWereJoined() {
        for (List<String> keys : List.of(
                List.of("k1", "k2"),
                List.of("{\"a\":1}", "plain"),
                List.of("plain", "[odd"),
                List.of("{no json", "k2"),
                List.of("two\nlines", "k2"))) {
            assertThat(ChannelReader.splitKeys(MultiKeys.join(keys))).isEqualTo(keys);
            ChannelRow row = channel(MultiKeys.join(keys), ChannelInfo.multi(keys.size(), "random"));
            assertThat(ChannelReader.read(row).keys().slots())
                    .extracting(ChannelKeys.Slot::key)
                    .isEqualTo(keys);
        }
    }

    @Test
    void aKeyWrittenWithBlanksKeepsWhatIsKnownAboutIt() {
        ChannelRow row = channel(
                MultiKeys.join(List.of("{\"a\":1}", "{\"b\":2}")),
                new ChannelInfo(true, 2, Map.of(1, 3), Map.of(), Map.of(), 0, "random"));
        ChannelChange change = ChannelChange.none();

        MultiKeys.of(row).orElseThrow().applyTo(change, List.of("{ \"b\": 2 }", "plain"), false, "");

        ChannelRow after = server.stores.channels().update(row.id(), change).orElseThrow();
        assertThat(after.key()).isEqualTo("[{\"b\":2},\"plain\"]");
        assertThat(ChannelInfo.parse(after.channelInfo()).statuses()).isEqualTo(Map.of(0, 3));
    }

    @Test
    void keysThatCannotBeToldApartAreNotTakenForNone() {
        ChannelRow row = channel("[k1,k2]", ChannelInfo.multi(2, "random"));

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> MultiKeys.of(row))
                .matches(refused -> refused.reason() == Message.FIELD_INVALID);
    }

    private ChannelRow channel(String key, ChannelInfo info) {
        long id = server.stores
                .channels()
                .create(ChannelChange.none()
                        .type(1)
                        .name("c")
                        .models("m")
                        .key(key)
                        .channelInfo(info));
        return server.stores.channels().byId(id).orElseThrow();
    }
}

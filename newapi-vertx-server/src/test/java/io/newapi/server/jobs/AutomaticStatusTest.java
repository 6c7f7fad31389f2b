package io.newapi.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.newapi.server.snapshot.Changes;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.ChannelInfo;
import io.newapi.server.store.ChannelRow;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqliteLocation;
import io.newapi.server.store.Stores;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AutomaticStatusTest {

    private static final long NOW = 1_700_000_000;
    private static final String WHY = "status 401: no";

    @TempDir
    Path directory;

    private final List<Notice> told = new ArrayList<>();
    private int announced;
    private Database database;
    private Stores stores;
    private AutomaticStatus status;

    @BeforeEach
    void open() {
        database = Database.open(DatabaseConfig.of(SqliteLocation.of(directory.resolve("one-api.db"))));
        Schema.create(database);
        InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(NOW));
        stores = Stores.of(database, clock);
        status = new AutomaticStatus(stores, new Announced(), told::add, clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** Counts what is announced, which must be committed by then. */
    private final class Announced implements Changes {
        @Override
        public void channelsChanged() {
            announced++;
        }

        @Override
        public void optionsChanged() {
            throw new AssertionError("no option was changed");
        }

        @Override
        public void userChanged(long userId) {
            throw new AssertionError("no user was changed");
        }

        @Override
        public void tokenChanged(long userId, long tokenId) {
            throw new AssertionError("no token was changed");
        }

        @Override
        public void balanceChanged(int kind, long accountId) {
            throw new AssertionError("no balance was changed");
        }
    }

    private long create(ChannelChange with) {
        return stores.channels().create(with.type(1).name("primary").models("m"));
    }

    private long single() {
        return create(ChannelChange.none().key(" key-a ").otherInfo("{\"source\":\"import\"}"));
    }

    private long multi(String keys) {
        return create(
                ChannelChange.none().key(keys).channelInfo(ChannelInfo.multi(keys.split("\n").length, "polling")));
    }

    private ChannelRow row(long id) {
        return stores.channels().byId(id).orElseThrow();
    }

    private ChannelInfo info(long id) {
        return ChannelInfo.parse(row(id).channelInfo());
    }

    private boolean serves(long id) {
        assertThat(row(id).status()).isIn(1, 3);
        return stores.channels().enabledModels().contains("m");
    }

    @Test
    void aChannelIsDisabledWithItsCauseAndTimeOnce() {
        long id = single();

        assertThat(status.disable(id, "key-a", WHY)).isTrue();
        assertThat(status.disable(id, "key-a", "again")).isFalse();

        ChannelRow row = row(id);
        assertThat(row.status()).isEqualTo(3);
        assertThat(new JsonObject(row.otherInfo()))
                .isEqualTo(new JsonObject()
                        .put("source", "import")
                        .put("status_reason", WHY)
                        .put("status_time", NOW));
        assertThat(row.key()).as("as it was written").isEqualTo(" key-a ");
        assertThat(serves(id)).isFalse();
        assertThat(announced).isEqualTo(1);
        assertThat(told).singleElement().satisfies(notice -> {
            assertThat(notice.type()).isEqualTo("channel_update_" + id + "_3");
            assertThat(notice.content()).isEqualTo("Channel " + id + " (primary) was disabled: " + WHY);
        });
    }

    @Test
    void itIsEnabledAgainWhenItsKeyWorks() {
        long id = single();
        status.disable(id, "key-a", WHY);

        assertThat(status.enable(id, "key-a", "a test has passed")).isTrue();
        assertThat(status.enable(id, "key-a", "again")).isFalse();

        assertThat(row(id).status()).isEqualTo(1);
        assertThat(new JsonObject(row(id).otherInfo()).getString("status_reason"))
                .isEqualTo("a test has passed");
        assertThat(serves(id)).isTrue();
        assertThat(announced).isEqualTo(2);
        assertThat(told.get(1).type()).isEqualTo("channel_update_" + id + "_1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void whatAPersonHasDisabledIsNeverTouched(int by) {
        long id = create(ChannelChange.none().key("key-a").status(by));

        assertThat(status.disable(id, "key-a", WHY)).isFalse();
        assertThat(status.disableWhole(id, WHY)).isFalse();
        assertThat(status.enable(id, "key-a", WHY)).isFalse();

        assertThat(row(id).status()).isEqualTo(by);
        assertThat(announced).isZero();
        assertThat(told).isEmpty();
    }

    @Test
    void aChannelThatMayNotBeDisabledIsNotWhateverTheOneWhoFoundOutBelieved() {
        long id = create(ChannelChange.none().key("key-a").autoBan(false));

        assertThat(status.disable(id, "key-a", WHY)).isFalse();
        assertThat(status.disableWhole(id, WHY)).isFalse();
    }

    @Test
    void aKeyThatWasReplacedMeanwhileIsNotTakenForTheNewOne() {
        long id = single();
        long several = multi("a\nb");
        stores.channels().update(id, ChannelChange.none().key("key-new"));

        assertThat(status.disable(id, "key-a", WHY)).isFalse();
        assertThat(status.disable(several, "c", WHY)).isFalse();
        assertThat(status.disable(99, "c", WHY)).isFalse();

        assertThat(info(several).statuses()).isEmpty();
        assertThat(announced).isZero();
    }

    @Test
    void ofSeveralKeysOnlyTheOneIsDisabled() {
        long id = multi("a\nb\nc");

        assertThat(status.disable(id, "b", WHY)).isTrue();
        assertThat(status.disable(id, "b", "again")).isFalse();

        ChannelInfo info = info(id);
        assertThat(info.statuses()).containsExactly(Map.entry(1, 3));
        assertThat(info.disabledReasons()).containsExactly(Map.entry(1, WHY));
        assertThat(info.disabledTimes()).containsExactly(Map.entry(1, NOW));
        assertThat(info.mode()).isEqualTo("polling");
        assertThat(row(id).status()).isEqualTo(1);
        assertThat(serves(id)).isTrue();
        assertThat(told)
                .extracting(Notice::content)
                .containsExactly("Key 1 of channel " + id + " (primary) was disabled: " + WHY);
    }

    @Test
    void aKeyThatStandsThereTwiceIsDisabledTwice() {
        long id = multi("a\nb\na");

        status.disable(id, "a", WHY);

        assertThat(info(id).statuses()).containsOnlyKeys(0, 2);
    }

    @Test
    void keysOfAJsonArrayAreFoundAsTheyAreCalled() {
        long id = create(ChannelChange.none()
                .key("[{\"project\":\"p\"}, \"text\"]")
                .channelInfo(ChannelInfo.multi(2, "random")));

        status.disable(id, "{\"project\":\"p\"}", WHY);

        assertThat(info(id).statuses()).containsOnlyKeys(0);
    }

    @Test
    void theChannelGoesWithItsLastKeyAndComesBackWithTheFirst() {
        long id = multi("a\nb\nc");
        stores.channels()
                .update(id, ChannelChange.none().channelInfo(info(id).withStatus(3, List.of(2), 2, "by hand", 1)));
        status.disable(id, "a", WHY);
        status.disable(id, "b", WHY);

        assertThat(row(id).status()).isEqualTo(3);
        assertThat(new JsonObject(row(id).otherInfo()).getString("status_reason"))
                .isEqualTo("All keys are disabled");
        assertThat(serves(id)).isFalse();

        assertThat(status.enable(id, "c", "a test has passed"))
                .as("was disabled by hand")
                .isFalse();
        assertThat(status.enable(id, "b", "a test has passed")).isTrue();
        assertThat(row(id).status()).isEqualTo(1);
        assertThat(info(id).statuses()).isEqualTo(Map.of(0, 3, 2, 2));
        assertThat(info(id).disabledReasons()).containsOnlyKeys(0, 2);
        assertThat(serves(id)).isTrue();
    }

    @Test
    void aSlowChannelWithSeveralKeysIsDisabledAsAWholeAndEnabledByAnyOfThem() {
        long id = multi("a\nb");

        assertThat(status.disableWhole(id, "slow")).isTrue();
        assertThat(row(id).status()).isEqualTo(3);
        assertThat(info(id).statuses()).isEmpty();

        assertThat(status.enable(id, "b", "a test has passed")).isTrue();
        assertThat(row(id).status()).isEqualTo(1);
    }

    @Test
    void nobodyIsToldOfWhatWasNotKept() {
        long id = single();

        assertThatIllegalStateException()
                .isThrownBy(() -> stores.atomically(() -> {
                    status.disable(id, "key-a", WHY);
                    throw new IllegalStateException("fenced off");
                }));

        assertThat(row(id).status()).isEqualTo(1);
        assertThat(announced).isZero();
        assertThat(told).isEmpty();
    }
}

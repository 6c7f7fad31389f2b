package io.newapi.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelKeys;
import io.newapi.core.channel.ChannelStatus;
import io.newapi.core.channel.KeyMode;
import io.newapi.server.shape.ChannelShape;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.ChannelInfo;
import io.newapi.server.store.ChannelRow;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.DatabaseException;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqliteLocation;
import io.newapi.server.store.Stores;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsTest {

    @TempDir
    Path directory;

    private Database database;
    private Stores stores;

    @BeforeEach
    void open() {
        database = Database.open(DatabaseConfig.of(SqliteLocation.of(directory.resolve("one-api.db"))));
        Schema.create(database);
        stores = Stores.of(database, InstantSource.system());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void anEmptyDatabaseGivesTheDefaults() {
        GatewaySnapshot snapshot = load().current();

        assertThat(snapshot.options()).isEqualTo(Options.defaults());
        assertThat(snapshot.channels().channels()).isEmpty();
        assertThat(snapshot.prices().modelRatios()).isNotEmpty();
    }

    @Test
    void aSnapshotDoesNotChangeUntilItIsReloaded() {
        Snapshots snapshots = load();
        GatewaySnapshot before = snapshots.current();
        stores.options().put(Map.of("RetryTimes", "3"));
        stores.channels().create(channel("a"));

        assertThat(snapshots.current()).isSameAs(before);
        GatewaySnapshot after = snapshots.reload();

        assertThat(snapshots.current()).isSameAs(after);
        assertThat(after.options().retryTimes()).isEqualTo(3);
        assertThat(after.channels().serves("default", "gpt-4o")).isTrue();
        assertThat(before.options().retryTimes()).isZero();
    }

    @Test
    void pricesAreKeptWhileOptionsStayTheSame() {
        Snapshots snapshots = load();
        GatewaySnapshot before = snapshots.current();
        stores.channels().create(channel("a"));

        assertThat(snapshots.reload().prices()).isSameAs(before.prices());

        stores.options().put(Map.of("ModelRatio", "{\"m\":1}"));
        assertThat(snapshots.reload().prices().modelRatios()).hasSize(1);
    }

    @Test
    void aBadOptionKeepsWhatWasThereAndIsReported() {
        stores.options().put(Map.of("ModelRatio", "{\"m\":2}"));
        Snapshots snapshots = load();
        assertThat(snapshots.problems()).isEmpty();

        stores.options().put(Map.of("ModelRatio", "{broken", "RetryTimes", "2"));
        snapshots.reload();
        snapshots.reload();

        assertThat(snapshots.current().prices().modelRatios()).containsOnlyKeys("m");
        assertThat(snapshots.current().options().retryTimes()).isEqualTo(2);
        assertThat(snapshots.problems()).extracting(Problem::subject).containsExactly("ModelRatio");
    }

    @Test
    void aFailedReloadKeepsTheOldSnapshot() {
        Snapshots snapshots = load();
        GatewaySnapshot before = snapshots.current();
        database.close();

        assertThatExceptionOfType(DatabaseException.class).isThrownBy(snapshots::reload);

        assertThat(snapshots.current()).isSameAs(before);
    }

    @Test
    void aChannelThatCannotBeUnderstoodIsLeftOut() {
        stores.channels()
                .create(List.of(channel("good"), channel("bad").modelMapping("{\"a\":"), channel("also good")));

        Snapshots snapshots = load();

        assertThat(snapshots.current().channels().channels())
                .extracting(Channel::name)
                .containsExactlyInAnyOrder("good", "also good");
        assertThat(snapshots.problems()).hasSize(1);
        assertThat(snapshots.problems().get(0).toString()).contains("channel 2").contains("model_mapping");
    }

    @Test
    void whatAChannelCannotChangeIsReportedAndStaysInItsRow() {
        long id = stores.channels()
                .create(channel("a")
                        .paramOverride("{\"operations\":[{\"mode\":\"explode\"}]}")
                        .setting("{oops"));
        ChannelRow row = stores.channels().byId(id).orElseThrow();

        Snapshots snapshots = load();
        snapshots.reload();

        assertThat(snapshots.current().channels().byId(id)).isPresent();
        assertThat(snapshots.current().shapes().of(id).fault()).isPresent();
        assertThat(snapshots.problems()).singleElement().asString().contains("channel " + id, "operation 1 (explode)");
        assertThat(stores.channels().byId(id)).contains(row);
    }

    @Test
    void whatAChannelChangesIsReadWhenItChanges() {
        long id = stores.channels().create(channel("a").paramOverride("{\"a\":1}"));
        Snapshots snapshots = load();
        ChannelShape before = snapshots.current().shapes().of(id);
        stores.channels().create(channel("b"));

        assertThat(snapshots.reload().shapes().of(id)).isSameAs(before);

        stores.channels().update(id, ChannelChange.none().headerOverride("{\"A\":\"1\"}"));
        assertThat(snapshots.reload().shapes().of(id).headers().isEmpty()).isFalse();
    }

    @Test
    void aChannelCarriesWhatItsRowSays() {
        long id = stores.channels()
                .create(channel("a")
                        .type(14)
                        .status(3)
                        .group("default, vip")
                        .models("gpt-4o,claude")
                        .priority(-2)
                        .weight(7)
                        .baseUrl(" https://one.example ")
                        .organization("org")
                        .modelMapping("{\"gpt-4o\":\"gpt-4o-2024\"}")
                        .statusCodeMapping("{\"500\":\"503\",\"404\":502}")
                        .autoBan(false));

        Channel channel = load().current().channels().byId(id).orElseThrow();

        assertThat(channel.type()).isEqualTo(14);
        assertThat(channel.status()).isEqualTo(ChannelStatus.AUTO_DISABLED);
        assertThat(channel.groups()).containsExactly("default", "vip");
        assertThat(channel.models()).containsExactly("gpt-4o", "claude");
        assertThat(channel.priority()).isEqualTo(-2);
        assertThat(channel.weight()).isEqualTo(7);
        assertThat(channel.baseUrl()).isEqualTo("https://one.example");
        assertThat(channel.upstreamModel("gpt-4o")).isEqualTo("gpt-4o-2024");
        assertThat(channel.reportedStatus(500)).isEqualTo(503);
        assertThat(channel.reportedStatus(404)).isEqualTo(502);
        assertThat(channel.autoBan()).isFalse();
        assertThat(channel.keys()).isEqualTo(ChannelKeys.single("key of a"));
    }

    @Test
    void severalKeysKeepTheirNumbersAndStates() {
        ChannelInfo info = new ChannelInfo(true, 4, Map.of(1, 3), Map.of(), Map.of(), 0, "polling");
        stores.channels().create(channel("a").key("k0\nk1\n\nk3\n").channelInfo(info));

        ChannelKeys keys = load().current().channels().byId(1).orElseThrow().keys();

        assertThat(keys)
                .isEqualTo(ChannelKeys.multi(
                        List.of(
                                new ChannelKeys.Slot(0, "k0", true),
                                new ChannelKeys.Slot(1, "k1", false),
                                new ChannelKeys.Slot(2, "", false),
                                new ChannelKeys.Slot(3, "k3", true)),
                        KeyMode.POLLING));
    }

    @Test
    void keysMayBeTheElementsOfAJsonArray() {
        assertThat(ChannelReader.splitKeys("[{\"client\":\"a\"},\"plain\"]"))
                .containsExactly("{\"client\":\"a\"}", "plain");
        assertThat(ChannelReader.splitKeys("one")).containsExactly("one");
        assertThat(ChannelReader.splitKeys("")).isEmpty();
    }

    @Test
    void aProblemRepeatsNoKey() {
        stores.channels()
                .create(List.of(
                        channel("a").key("[\"s3cret\",").channelInfo(ChannelInfo.multi(2, "random")),
                        channel("b").key("").channelInfo(ChannelInfo.multi(2, "random"))));

        Snapshots snapshots = load();

        assertThat(snapshots.problems()).extracting(Problem::subject).containsExactly("channel 1", "channel 2");
        assertThat(snapshots.problems().toString()).contains("key").doesNotContain("s3cret");
    }

    private Snapshots load() {
        return Snapshots.load(new SnapshotLoader(stores));
    }

    private static ChannelChange channel(String name) {
        return ChannelChange.none().type(1).name(name).key("key of " + name).models("gpt-4o");
    }
}

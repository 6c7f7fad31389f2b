package io.newapi.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.channel.ChannelSelector;
import io.newapi.server.admin.ChannelTestResult;
import io.newapi.server.relay.ChannelProbe;
import io.newapi.server.relay.UpstreamClients;
import io.newapi.server.relay.provider.ProviderCatalog;
import io.newapi.server.snapshot.SnapshotLoader;
import io.newapi.server.snapshot.Snapshots;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqliteLocation;
import io.newapi.server.store.Stores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelTestsTest {

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final List<String> hosts = new CopyOnWriteArrayList<>();
    private Database database;
    private ChannelTests tests;
    private long channel;

    @BeforeEach
    void start() throws Exception {
        HttpServer upstream = await(vertx.createHttpServer()
                .requestHandler(request -> {
                    hosts.add(request.getHeader("Host"));
                    request.response().end("{\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}");
                })
                .listen(0, "127.0.0.1"));
        database = Database.open(DatabaseConfig.of(
                SqliteLocation.parse(directory.resolve("one-api.db").toString())));
        Schema.create(database);
        Stores stores = Stores.of(database, InstantSource.system());
        channel = stores.channels()
                .create(ChannelChange.none()
                        .type(1)
                        .name("c")
                        .key("k")
                        .models("m")
                        .baseUrl("http://localhost:" + upstream.actualPort()));
        tests = new ChannelTests(
                stores.channels(),
                Snapshots.load(new SnapshotLoader(stores)),
                new ChannelProbe(clients(), new ChannelSelector(), new ProviderCatalog()));
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
        database.close();
    }

    @Test
    void aNameThatLeadsToAPrivateAddressIsCalledOnlyForThoseWhoMay() throws Exception {
        ChannelTestResult refused = await(tests.test(channel, "", false));
        assertThat(refused.success()).isFalse();
        assertThat(refused.message()).contains("may not be called");
        assertThat(hosts).isEmpty();

        ChannelTestResult allowed = await(tests.test(channel, "", true));
        assertThat(allowed.message()).isEmpty();
        assertThat(hosts).singleElement().asString().startsWith("localhost:");
    }

    private UpstreamClients clients() {
        HttpClient client = vertx.createHttpClient();
        return new UpstreamClients(
                client, proxy -> vertx.createHttpClient(new HttpClientOptions().setProxyOptions(proxy)));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}

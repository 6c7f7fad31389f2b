package io.newapi.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.NewUser;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqliteLocation;
import io.newapi.server.store.Stores;
import io.newapi.server.store.UserStore;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginsTest {

    @TempDir
    Path directory;

    private Database database;
    private Stores stores;
    private Logins logins;

    @BeforeEach
    void open() {
        database = Database.open(DatabaseConfig.of(
                SqliteLocation.parse(directory.resolve("one-api.db").toString())));
        Schema.create(database);
        stores = Stores.of(database, InstantSource.system());
        logins = new Logins(
                new LoginCookies("secret".getBytes(UTF_8), () -> false),
                stores.logins(),
                stores.users(),
                InstantSource.system());
        stores.users().create(NewUser.of("ann", "old hash", "Ann", 1, 0), 0);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aPasswordThatIsChangedWhileTheOldOneIsComparedEndsTheLoginBeforeItBegins() {
        UserStore.LoginCandidate candidate =
                stores.users().loginCandidate("ann").orElseThrow();
        long id = candidate.user().id();
        assertThat(logins.find(cookie(logins.start(id, candidate.authVersion(), false))))
                .isPresent();

        stores.users().setPassword(id, "new hash");

        assertThat(logins.find(cookie(logins.start(id, candidate.authVersion(), false))))
                .isEmpty();
    }

    @Test
    void whoIsLoggedInOnTheConsoleHasToSayThatItIsHe() {
        UserStore.LoginCandidate candidate =
                stores.users().loginCandidate("ann").orElseThrow();
        long id = candidate.user().id();
        String cookie = LoginCookies.NAME + "="
                + cookie(logins.start(id, candidate.authVersion(), false)).get(0);
        String he = Long.toString(id);
        Vertx vertx = Vertx.vertx();
        try {
            ConsoleUsers console = ConsoleUsers.of(logins, vertx.createSharedWorkerExecutor("logins", 1));

            assertThat(console.find(headers("Cookie", cookie, "New-Api-User", he))
                            .await())
                    .hasValueSatisfying(user -> assertThat(user.username()).isEqualTo("ann"));
            assertThat(console.find(headers("Cookie", cookie)).await()).isEmpty();
            assertThat(console.find(headers("Cookie", cookie, "New-Api-User", "7" + he))
                            .await())
                    .isEmpty();
            assertThat(console.find(headers("Cookie", cookie + "x", "New-Api-User", he))
                            .await())
                    .isEmpty();
            assertThat(console.find(headers("New-Api-User", he)).await()).isEmpty();
        } finally {
            vertx.close().await();
        }
    }

    private static MultiMap headers(String... namesAndValues) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    private static List<String> cookie(String setCookie) {
        return List.of(setCookie.substring(setCookie.indexOf('=') + 1, setCookie.indexOf(';')));
    }
}

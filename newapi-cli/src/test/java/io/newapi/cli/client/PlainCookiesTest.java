package io.newapi.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlainCookiesTest {

    private static final URI SERVER = URI.create("http://127.0.0.1:3000/");

    private final PlainCookies cookies = new PlainCookies();

    @Test
    void aCookieWithAMaximumAgeIsSentBackWithoutQuotes() throws IOException {
        cookies.put(SERVER, Map.of("Set-Cookie", List.of("session=1.a-b; Path=/; Max-Age=60; HttpOnly; SameSite=Strict")));

        assertThat(cookies.get(SERVER, Map.of())).isEqualTo(Map.of("Cookie", List.of("session=1.a-b")));
    }

    @Test
    void aClearedCookieIsNotSentAgain() throws IOException {
        cookies.put(SERVER, Map.of("set-cookie", List.of("session=1.a-b; Path=/; Max-Age=60")));
        cookies.put(SERVER, Map.of("set-cookie", List.of("session=; Path=/; Max-Age=0")));

        assertThat(cookies.get(SERVER, Map.of())).isEmpty();
    }
}

package io.newapi.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LoginCookiesTest {

    private static final LoginTicket TICKET = new LoginTicket("0123456789abcdef0123456789abcdef", 42, 7);
    private final LoginCookies cookies = new LoginCookies("secret one".getBytes(UTF_8), () -> false);

    @Test
    void aTicketComesBackAsItWasWritten() {
        assertThat(cookies.read(cookies.value(TICKET))).contains(TICKET);
        assertThat(new LoginCookies("secret one".getBytes(UTF_8), () -> true).read(cookies.value(TICKET)))
                .contains(TICKET);
    }

    @Test
    void anotherSecretSeesNoLogin() {
        assertThat(new LoginCookies("secret two".getBytes(UTF_8), () -> false).read(cookies.value(TICKET)))
                .isEmpty();
    }

    @Property
    void aValueWithAnyCharacterChangedIsNoLogin(@ForAll @IntRange(min = 0, max = 200) int position, @ForAll char c) {
        String value = cookies.value(TICKET);
        int at = position % value.length();
        String changed = value.substring(0, at) + c + value.substring(at + 1);

        assertThat(cookies.read(changed).isPresent()).isEqualTo(changed.equals(value));
    }

    @Property
    void foreignTextIsNoLoginAndNoError(@ForAll String text) {
        assertThat(cookies.read(text)).isEmpty();
    }

    @Test
    void theAttributesKeepTheCookieFromScriptsAndOtherSites() {
        assertThat(cookies.setHeader(TICKET, false))
                .startsWith("session=1.")
                .endsWith("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict");
        assertThat(new LoginCookies("s".getBytes(UTF_8), () -> true).setHeader(TICKET, false))
                .endsWith("; Secure");
        assertThat(cookies.clearHeader(false)).startsWith("session=; Path=/; Max-Age=0;");
    }

    @Test
    void whetherHttpsIsNeededIsAskedEachTime() {
        AtomicBoolean https = new AtomicBoolean();
        LoginCookies changing = new LoginCookies("s".getBytes(UTF_8), https::get);
        assertThat(changing.setHeader(TICKET, false)).doesNotContain("Secure");

        https.set(true);

        assertThat(changing.setHeader(TICKET, false)).endsWith("; Secure");
    }

    @Test
    void whatIsSentOverHttpsComesBackOverHttpsOnly() {
        assertThat(cookies.setHeader(TICKET, true)).endsWith("; Secure");
        assertThat(cookies.clearHeader(true)).endsWith("; Secure");
    }

    @Test
    void anEmptySecretIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LoginCookies(new byte[0], () -> false));
    }

    @Test
    void whatWasSignedWithTheSecretBeforeStillHoldsWhileThatIsAccepted() {
        LoginCookies changed = new LoginCookies("secret two".getBytes(UTF_8), () -> false);
        LoginCookies both = changed.accepting("secret one".getBytes(UTF_8));

        assertThat(changed.read(cookies.value(TICKET))).isEmpty();
        assertThat(both.read(cookies.value(TICKET))).contains(TICKET);
        assertThat(both.value(TICKET)).as("new ones are signed with the new").isEqualTo(changed.value(TICKET));
        assertThat(both.read(new LoginCookies("secret three".getBytes(UTF_8), () -> false).value(TICKET)))
                .isEmpty();
    }
}

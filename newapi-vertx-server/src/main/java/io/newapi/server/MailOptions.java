package io.newapi.server;

import io.newapi.server.mail.MailServer;
import io.newapi.server.snapshot.Options;
import java.util.Optional;

/** What options say of mail. */
final class MailOptions {

    private MailOptions() {}

    /** The server that takes mail; empty unless one is named. */
    static Optional<MailServer> server(Options options) {
        return options.text("SMTPServer").isBlank()
                ? Optional.empty()
                : Optional.of(new MailServer(
                        options.text("SMTPServer"),
                        Math.toIntExact(options.wholeNumber("SMTPPort")),
                        options.flag("SMTPSSLEnabled"),
                        options.text("SMTPAccount"),
                        options.text("SMTPToken"),
                        options.text("SMTPFrom")));
    }
}

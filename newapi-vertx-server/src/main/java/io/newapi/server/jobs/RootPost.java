package io.newapi.server.jobs;

import io.newapi.server.mail.Mail;
import io.newapi.server.mail.MailFailure;
import io.newapi.server.mail.MailSender;
import io.newapi.server.mail.MailServer;
import io.newapi.server.outbound.OutboundAnswer;
import io.newapi.server.outbound.OutboundClient;
import io.newapi.server.outbound.OutboundFailure;
import io.newapi.server.outbound.OutboundRequest;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What notices are sent with. Any answer of 2xx counts as taken; so does a mail that its server has accepted.
 *
 * <p>Blocks: for threads that may. Thread-safe.
 */
final class RootPost {

    private final OutboundClient web;
    private final BooleanSupplier privateAllowed;
    private final MailSender mails;
    private final Supplier<Optional<MailServer>> mailServer;

    /**
     * @param privateAllowed whether a web address may be in a private network or on this machine; asked each time
     * @param mailServer what takes mail, if that is set up; asked each time
     */
    RootPost(
            OutboundClient web,
            BooleanSupplier privateAllowed,
            MailSender mails,
            Supplier<Optional<MailServer>> mailServer) {
        this.web = web;
        this.privateAllowed = privateAllowed;
        this.mails = mails;
        this.mailServer = mailServer;
    }

    /** Whether mail can be sent at all. */
    boolean hasMailServer() {
        return mailServer.get().isPresent();
    }

    void get(String url) throws NotTold {
        ask(OutboundRequest.get(url, Map.of(), privateAllowed.getAsBoolean()));
    }

    void post(String url, Map<String, String> headers, Buffer body) throws NotTold {
        ask(OutboundRequest.post(url, headers, body, privateAllowed.getAsBoolean()));
    }

    private void ask(OutboundRequest request) throws NotTold {
        try {
            OutboundAnswer answer = web.ask(request);
            if (answer.status() / 100 != 2) {
                throw new NotTold("status " + answer.status(), false);
            }
        } catch (OutboundFailure e) {
            throw new NotTold(String.valueOf(e.getMessage()), e.reason() == OutboundFailure.Reason.ADDRESS_REFUSED);
        }
    }

    void mail(Mail mail) throws NotTold {
        MailServer server = mailServer.get().orElseThrow(() -> new NotTold("there is no mail server any more", true));
        try {
            mails.send(server, mail);
        } catch (MailFailure e) {
            throw new NotTold(e.getMessage() + ", from the mail server " + server, e.isLasting());
        }
    }
}

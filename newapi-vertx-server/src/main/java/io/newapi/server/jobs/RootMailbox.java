package io.newapi.server.jobs;

import io.newapi.server.mail.Mail;
import java.time.Instant;
import java.util.Optional;

/** A root user's mailbox. */
record RootMailbox(String address) implements RootAddress {

    /** @param own the address that the user has anyway, for where no other one is set */
    static Optional<RootAddress> of(NotifySetting setting, String own) {
        String set = setting.text("notification_email");
        String address = set.isEmpty() ? own.strip() : set;
        return address.isEmpty() ? Optional.empty() : Optional.of(new RootMailbox(address));
    }

    @Override
    public boolean isReachable(RootPost post) {
        return post.hasMailServer();
    }

    @Override
    public void send(Telling telling, RootPost post) throws NotTold {
        Notice notice = telling.notice();
        post.mail(new Mail(
                telling.id(),
                Instant.ofEpochSecond(telling.timestamp()),
                address,
                notice.title(),
                notice.content() + "\n\n" + notice.type() + "\n"));
    }

    @Override
    public String toString() {
        return "a mailbox";
    }
}

package io.newapi.server.jobs;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The address at which a root user's Bark is told.
 *
 * @param template a web address with {@code {{title}}} and {@code {{content}}} where these belong
 */
record RootBark(String template) implements RootAddress {

    static Optional<RootAddress> of(NotifySetting setting) {
        String template = setting.text("bark_url");
        return template.isEmpty() ? Optional.empty() : Optional.of(new RootBark(template));
    }

    @Override
    public void send(Telling telling, RootPost post) throws NotTold {
        post.get(filled(telling.notice().title(), telling.notice().content()));
    }

    private String filled(String title, String content) {
        return template.replace("{{title}}", encoded(title)).replace("{{content}}", encoded(content));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return RootAddress.host(filled("", ""));
    }
}

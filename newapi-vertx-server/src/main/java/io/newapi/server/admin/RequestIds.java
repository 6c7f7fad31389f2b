package io.newapi.server.admin;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ThreadLocalRandom;

/** Ids for {@code X-Oneapi-Request-Id}: local time, nanoseconds of the second, eight random characters. */
final class RequestIds {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmssn");
    private static final String CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private RequestIds() {}

    static String next() {
        StringBuilder id = new StringBuilder(32).append(TIME.format(LocalDateTime.now(ZoneId.systemDefault())));
        for (int i = 0; i < 8; i++) {
            id.append(CHARACTERS.charAt(ThreadLocalRandom.current().nextInt(CHARACTERS.length())));
        }
        return id.toString();
    }
}

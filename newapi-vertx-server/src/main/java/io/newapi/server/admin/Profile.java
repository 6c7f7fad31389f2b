package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.core.access.Role;
import io.newapi.server.auth.Passwords;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The rules for names and passwords of people, and what a new user starts with. */
final class Profile {

    static final int MAX_NAME = 20;
    private static final int MIN_PASSWORD = 8;
    private static final int MAX_PASSWORD = 20;
    private static final int MAX_REMARK_BYTES = 255;

    private Profile() {}

    /** The trimmed user name, refused unless it has 1 to {@code maxLength} harmless characters. */
    static String username(String text, int maxLength) {
        String name = text.strip();
        boolean harmless = name.codePoints().noneMatch(c -> Character.isISOControl(c) || c == '@');
        if (name.isEmpty() || name.codePointCount(0, name.length()) > maxLength || !harmless) {
            throw Refused.because(Message.USERNAME_INVALID, maxLength);
        }
        return name;
    }

    static String displayName(String text) {
        String name = text.strip();
        if (name.codePointCount(0, name.length()) > MAX_NAME) {
            throw Refused.because(Message.DISPLAY_NAME_INVALID, MAX_NAME);
        }
        return name;
    }

    /** A password for everyday accounts. */
    static String password(String text) {
        int length = text.codePointCount(0, text.length());
        if (length < MIN_PASSWORD || length > MAX_PASSWORD) {
            throw Refused.because(Message.PASSWORD_LENGTH, MIN_PASSWORD, MAX_PASSWORD);
        }
        return shortEnough(text);
    }

    /** The first root's password: no upper limit but that of the hash. */
    static String rootPassword(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length < MIN_PASSWORD) {
            throw Refused.because(Message.PASSWORD_TOO_SHORT, MIN_PASSWORD);
        }
        return shortEnough(text);
    }

    private static String shortEnough(String password) {
        if (password.getBytes(StandardCharsets.UTF_8).length > Passwords.MAX_BYTES) {
            throw Refused.because(Message.PASSWORD_TOO_LONG, Passwords.MAX_BYTES);
        }
        return password;
    }

    static String remark(Fields body) {
        return body.text("remark", MAX_REMARK_BYTES);
    }

    /** The settings of a new user: which parts of the console he sees. */
    static String newSetting(Role role) {
        ObjectNode sections = Json.object();
        sections.set("chat", allOn(List.of("enabled", "playground", "chat")));
        sections.set("console", allOn(List.of("enabled", "detail", "token", "log", "midjourney", "task")));
        sections.set("personal", allOn(List.of("enabled", "topup", "personal")));
        if (role.atLeast(Role.ADMIN)) {
            sections.set(
                    "admin",
                    allOn(List.of("enabled", "channel", "models", "redemption", "user"))
                            .put("setting", role == Role.ROOT));
        }
        return Json.text(Json.object().put("gotify_priority", 0).put("sidebar_modules", Json.text(sections)));
    }

    private static ObjectNode allOn(List<String> names) {
        ObjectNode section = Json.object();
        names.forEach(name -> section.put(name, true));
        return section;
    }
}

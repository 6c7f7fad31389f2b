package io.newapi.server.mail;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A mail of plain text to one person.
 *
 * @param id by which a mailbox knows it again when it is sent twice: letters, digits and hyphens
 * @param date when it was written
 * @param to an address without a name
 * @param subject one line: what is no printable sign of it is sent as a blank
 * @param text lines
 */
public record Mail(String id, Instant date, String to, String subject, String text) {

    private static final Pattern ID = Pattern.compile("[0-9A-Za-z-]+");
    private static final Pattern ADDRESS = Pattern.compile("[!-~&&[^\"(),:;<>@\\[\\\\\\]]]+@[0-9A-Za-z.-]+");
    private static final Pattern NOT_PRINTABLE = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029]+");

    /** @throws IllegalArgumentException if the id has other signs */
    public Mail {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("no id of a mail: " + id);
        }
        subject = NOT_PRINTABLE.matcher(subject).replaceAll(" ").strip();
    }

    /** Whether mail may come from or go to it: an address as almost all have, without quotes and letters beyond ASCII. */
    public static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }
}

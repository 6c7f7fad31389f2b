package io.newapi.server.admin;

import io.newapi.server.store.AuditEntry;
import io.newapi.server.store.AuditStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Writes down what administrators change: who, from where, how he had proved himself, what, and a digest of it before and after.
 * Called inside the transaction of the change, so that neither is kept without the other.
 */
final class Audit {

    private static final int DIGEST_LENGTH = 32;

    private final AuditStore store;

    Audit(AuditStore store) {
        this.store = store;
    }

    /** Something was made. */
    void created(AdminCall call, String target, Object after) {
        append(call, target, "", digest(after));
    }

    /** Something was changed. */
    void changed(AdminCall call, String target, Object before, Object after) {
        append(call, target, digest(before), digest(after));
    }

    /** Something was removed. */
    void deleted(AdminCall call, String target, Object before) {
        append(call, target, digest(before), "");
    }

    /** Something was done that leaves no state to compare. */
    void done(AdminCall call, String target) {
        append(call, target, "", "");
    }

    private void append(AdminCall call, String target, String before, String after) {
        Actor actor = call.actor();
        store.append(new AuditEntry(
                0,
                0,
                actor.id(),
                actor.username(),
                actor.method().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                call.clientAddress(),
                call.method() + " " + call.path(),
                target,
                before,
                after));
    }

    /** A digest only: the content may be secret, and short secrets could be guessed from a digest of their own. */
    private static String digest(Object content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(content.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, DIGEST_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }
}

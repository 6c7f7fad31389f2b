package io.newapi.server.ops;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Why something failed, for the operator: what each failure of a chain of causes says beyond the one before. */
public final class Reason {

    private static final int MOST_CAUSES = 10;
    private static final int MOST_CHARS = 1000;

    private Reason() {}

    /** One line without control characters, never empty; a failure without a message is named by its class. */
    public static String of(Throwable failure) {
        StringBuilder text = new StringBuilder();
        Throwable at = failure;
        for (int i = 0; at != null && i < MOST_CAUSES; i++) {
            String said = said(at);
            if (!said.isEmpty() && text.indexOf(said) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(said);
            }
            at = at.getCause();
        }
        String line = text.toString().replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= MOST_CHARS ? line : line.substring(0, MOST_CHARS) + "...";
    }

    private static String said(Throwable failure) {
        if (failure instanceof FileSystemException trouble) {
            return aboutFile(trouble);
        }
        Throwable cause = failure.getCause();
        String message = failure.getMessage();
        // A wrapper without words of its own repeats its cause.
        if (cause != null && (message == null || message.equals(cause.toString()))) {
            return "";
        }
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    /** The messages of these are often nothing but the file. */
    private static String aboutFile(FileSystemException trouble) {
        String file = shown(trouble.getFile());
        if (trouble instanceof AccessDeniedException) {
            return file + "permission denied";
        }
        if (trouble instanceof NoSuchFileException) {
            return file + "no such file or directory";
        }
        if (trouble instanceof FileAlreadyExistsException) {
            return file + "exists and is something else";
        }
        String reason = trouble.getReason();
        return file + (reason == null ? trouble.getClass().getSimpleName() : reason);
    }

    private static String shown(@Nullable String file) {
        return file == null ? "" : file + ": ";
    }
}

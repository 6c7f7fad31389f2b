package io.newapi.core.quota;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** Names the place of a file so that a copy of it, on the same machine or another, has another name. */
final class JournalPlace {

    private static final List<Path> MACHINE_IDS =
            List.of(Path.of("/etc/machine-id"), Path.of("/var/lib/dbus/machine-id"));
    private static final int MAX_MACHINE_CHARS = 64;

    private JournalPlace() {}

    /** The machine, the device and the file; where a system tells no such thing, less of it. */
    static String of(Path file) throws IOException {
        return machine() + ":" + fileId(file);
    }

    private static String machine() {
        for (Path path : MACHINE_IDS) {
            try {
                String id = Files.readString(path).strip();
                if (!id.isEmpty() && id.length() <= MAX_MACHINE_CHARS) {
                    return id;
                }
            } catch (IOException missing) {
                // the next one, or none: containers often have no such file
            }
        }
        return "unknown";
    }

    private static String fileId(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return Files.getAttribute(file, "unix:dev") + ":" + Files.getAttribute(file, "unix:ino");
        }
        // a copy is made later
        return String.valueOf(Files.readAttributes(file, BasicFileAttributes.class)
                .creationTime()
                .toMillis());
    }
}

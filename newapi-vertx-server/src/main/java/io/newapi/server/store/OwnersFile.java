package io.newapi.server.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file that is its owner's alone (rw-------), because it holds keys in clear. Where files have no POSIX modes it is a
 * file like any other.
 */
final class OwnersFile {

    private OwnersFile() {}

    /** Makes the empty file if there is none; SQLite gives the files beside it the same mode. */
    static void create(Path file) throws IOException {
        if (!Files.exists(file)) {
            if (hasModes(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(file);
            }
        }
    }

    /** Whether anybody but the owner may read the file. */
    static boolean isReadableByOthers(Path file) throws IOException {
        return hasModes(file)
                && Files.getPosixFilePermissions(file).stream()
                        .anyMatch(mode ->
                                mode == PosixFilePermission.GROUP_READ || mode == PosixFilePermission.OTHERS_READ);
    }

    private static boolean hasModes(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}

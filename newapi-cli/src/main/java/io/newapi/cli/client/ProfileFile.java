package io.newapi.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * The file that remembers profiles: readable and writable by its owner alone (600, in a directory made with 700), and
 * replaced as a whole, so that a reader never sees half of it.
 */
public final class ProfileFile {

    private static final long MOST_BYTES = 1 << 20;

    private final Path path;

    /** The file at {@code path}, which need not exist. */
    public ProfileFile(Path path) {
        this.path = path;
    }

    /**
     * {@code NEWAPI_CONFIG}, else {@code newapi/config.json} in {@code XDG_CONFIG_HOME}, else in {@code .config} of
     * {@code HOME}, which a shell means by {@code ~}, else of {@code home}.
     */
    public static ProfileFile find(Map<String, String> variables, Path home) {
        String named = variables.getOrDefault("NEWAPI_CONFIG", "");
        if (!named.isEmpty()) {
            return new ProfileFile(Path.of(named));
        }
        String directory = variables.getOrDefault("XDG_CONFIG_HOME", "");
        // The XDG rules say that a relative path is to be ignored.
        Path config = directory.startsWith("/")
                ? Path.of(directory)
                : shellHome(variables).orElse(home).resolve(".config");
        return new ProfileFile(config.resolve("newapi").resolve("config.json"));
    }

    private static Optional<Path> shellHome(Map<String, String> variables) {
        return Optional.of(variables.getOrDefault("HOME", ""))
                .filter(named -> named.startsWith("/"))
                .map(Path::of);
    }

    /** Where the file is or will be. */
    public Path path() {
        return path;
    }

    /**
     * The profile of this name, if the file has it.
     *
     * @throws Failure if the file is there and cannot be used
     */
    public Optional<Profile> profile(String name) {
        JsonNode profile = read().path("profiles").path(name);
        if (!profile.isObject()) {
            return Optional.empty();
        }
        return Optional.of(new Profile(
                Json.text(profile, "url"),
                profile.path("user_id").asLong(),
                Json.text(profile, "token"),
                profile.path("token_id").asLong()));
    }

    /** Whether others than the owner may read the file. */
    public boolean isOpenToOthers() {
        try {
            return hasModes()
                    && Files.exists(path)
                    && Files.getPosixFilePermissions(path).stream()
                            .anyMatch(permission -> !permission.name().startsWith("OWNER_"));
        } catch (IOException e) {
            throw unusable("cannot be inspected", e);
        }
    }

    /**
     * Puts a profile in, beside the others.
     *
     * @throws Failure if the file cannot be written
     */
    public void save(String name, Profile profile) {
        ObjectNode file = read();
        ObjectNode entry = Json.object()
                .put("url", profile.url())
                .put("user_id", profile.userId())
                .put("token", profile.token());
        if (profile.tokenId() > 0) {
            entry.put("token_id", profile.tokenId());
        }
        file.withObjectProperty("profiles").set(name, entry);
        try {
            replace((Json.pretty(file) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unusable("cannot be written", e);
        }
    }

    private ObjectNode read() {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw unusable("is larger than " + MOST_BYTES + " bytes", null);
            }
            if (Json.parse(Files.readAllBytes(path)) instanceof ObjectNode object) {
                return object;
            }
            throw unusable("holds no JSON object", null);
        } catch (NoSuchFileException e) {
            return Json.object();
        } catch (IOException e) {
            throw unusable("cannot be read", e);
        }
    }

    private void replace(byte[] content) throws IOException {
        Path absolute = path.toAbsolutePath();
        Path directory = Optional.ofNullable(absolute.getParent())
                .orElseThrow(() -> new IllegalArgumentException("not a file: " + absolute));
        Files.createDirectories(directory, modes("rwx------"));
        Path temporary = Files.createTempFile(directory, "config", ".tmp", modes("rw-------"));
        try {
            Files.write(temporary, content);
            Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static FileAttribute<?>[] modes(String modes) {
        return hasModes()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(modes))}
                : new FileAttribute<?>[0];
    }

    private static boolean hasModes() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    private Failure unusable(String why, @org.jspecify.annotations.Nullable Exception cause) {
        Failure failure = Failure.ofUsage("the profile file " + path + " " + why, "NEWAPI_CONFIG names another");
        if (cause != null) {
            failure.initCause(cause);
        }
        return failure;
    }
}

package io.newapi.cli.command;

import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Credential;
import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Profile;
import io.newapi.cli.client.ProfileFile;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a command finds its gateway and the credential for it. */
final class Connection {

    private static final String STANDARD_URL = "http://localhost:3000";
    private static final String STANDARD_PROFILE = "default";

    @Option(
            names = "--url",
            paramLabel = "URL",
            order = 101,
            description = "The gateway's address (default: NEWAPI_URL, else the profile's, else " + STANDARD_URL + ").")
    private @Nullable String url;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            order = 102,
            description = "Profile to use (default: NEWAPI_PROFILE, else " + STANDARD_PROFILE + ").")
    private @Nullable String profile;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            order = 103,
            description = "Longest wait for one answer: seconds, or with a unit as 500ms, 30s, 2m"
                    + " (default: 30s; 120s where an upstream provider is asked).")
    private @Nullable String timeout;

    /** A client for calls that anybody may make. */
    AdminClient anonymous(Surroundings surroundings, Duration usualTimeout) {
        return new AdminClient(address(surroundings), Credential.NONE, timeout(usualTimeout));
    }

    /**
     * A client with the user's credential.
     *
     * @throws Failure if there is none for this address
     */
    AdminClient authenticated(Surroundings surroundings, Duration usualTimeout) {
        Credential credential = credential(surroundings)
                .orElseThrow(() -> new Failure(
                        ExitCode.NOT_AUTHENTICATED,
                        "no credential for " + address(surroundings),
                        "newapi login, or set NEWAPI_TOKEN and NEWAPI_USER_ID"));
        return new AdminClient(address(surroundings), credential, timeout(usualTimeout));
    }

    /** The credential for the chosen address, from the environment or the profile. */
    Optional<Credential> credential(Surroundings surroundings) {
        String token = surroundings.variable("NEWAPI_TOKEN").strip();
        if (!token.isEmpty()) {
            return Optional.of(accessToken(userId(surroundings), token, "NEWAPI_TOKEN"));
        }
        ProfileFile file = profileFile(surroundings);
        Optional<Profile> found = file.profile(profileName(surroundings));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        // A token goes only where it was made for; another address must bring its own.
        if (!address(found.get().url()).equals(address(surroundings))) {
            return Optional.empty();
        }
        if (file.isOpenToOthers()) {
            surroundings.err().println("newapi: warning: others may read " + file.path() + " (chmod 600)");
        }
        return Optional.of(accessToken(
                found.get().userId(), found.get().token(), file.path().toString()));
    }

    /** Where the gateway is. */
    URI address(Surroundings surroundings) {
        String named = url == null ? surroundings.variable("NEWAPI_URL") : url;
        if (!named.isBlank()) {
            return address(named);
        }
        return address(profileFile(surroundings)
                .profile(profileName(surroundings))
                .map(Profile::url)
                .orElse(STANDARD_URL));
    }

    /**
     * Remembers a token under the chosen profile, and ends the one that this program made for that profile before: nobody
     * knows that one any more, and it would be good for ever. Any other token stays as it is.
     *
     * @param client for this connection's address
     */
    void save(Surroundings surroundings, AdminClient client, Login.Made made) {
        ProfileFile file = profileFile(surroundings);
        Optional<Profile> former = file.profile(profileName(surroundings));
        String url = address(surroundings).toString();
        Credential.AccessToken token = made.token();
        boolean same =
                former.filter(profile -> profile.token().equals(token.token())).isPresent();
        long id = same ? former.map(Profile::tokenId).orElse(0L) : made.id();
        file.save(profileName(surroundings), new Profile(url, token.userId(), token.token(), id));
        if (!same) {
            former.filter(profile -> profile.tokenId() > 0 && profile.url().equals(url))
                    .ifPresent(profile -> end(surroundings, client, profile));
        }
    }

    /**
     * The former token ends itself. That it is accepted proves that its number still means it: at an address where another
     * gateway listens by now, the same number may be anybody's.
     */
    private static void end(Surroundings surroundings, AdminClient client, Profile former) {
        try {
            client.as(new Credential.AccessToken(former.userId(), former.token()))
                    .call("DELETE", "/api/user/access_tokens/" + former.tokenId(), null);
        } catch (IllegalArgumentException e) {
            // Somebody wrote into the file what no gateway made.
        } catch (Failure failure) {
            if (failure.code() != ExitCode.NOT_AUTHENTICATED && failure.code() != ExitCode.NOT_FOUND) {
                surroundings
                        .err()
                        .println("newapi: warning: the former access token, number " + former.tokenId()
                                + ", is still good: " + failure.line());
            }
        }
    }

    /** The chosen profile's name. */
    String profileName(Surroundings surroundings) {
        if (profile != null) {
            return profile;
        }
        String named = surroundings.variable("NEWAPI_PROFILE");
        return named.isEmpty() ? STANDARD_PROFILE : named;
    }

    private static ProfileFile profileFile(Surroundings surroundings) {
        return ProfileFile.find(surroundings.variables(), surroundings.home());
    }

    private Duration timeout(Duration usual) {
        return timeout == null ? usual : TimeText.duration("--timeout", timeout);
    }

    private static long userId(Surroundings surroundings) {
        String id = surroundings.variable("NEWAPI_USER_ID").strip();
        if (!id.matches("[1-9][0-9]{0,17}")) {
            throw new Failure(
                    ExitCode.NOT_AUTHENTICATED,
                    id.isEmpty()
                            ? "NEWAPI_TOKEN is set without NEWAPI_USER_ID"
                            : "NEWAPI_USER_ID is not a user id: " + id,
                    "set it to the id of the token's user");
        }
        return Long.parseLong(id);
    }

    private static Credential accessToken(long userId, String token, String where) {
        try {
            return new Credential.AccessToken(userId, token);
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.NOT_AUTHENTICATED, where + ": " + e.getMessage(), "newapi login");
        }
    }

    private static URI address(String text) {
        String trimmed = text.strip().replaceAll("/+$", "");
        try {
            URI uri = URI.create(trimmed);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean usable = (scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null;
            if (usable) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below, as for any other text that is no address.
        }
        throw Failure.ofUsage("not the address of a gateway: " + trimmed, "as http://host:3000");
    }
}

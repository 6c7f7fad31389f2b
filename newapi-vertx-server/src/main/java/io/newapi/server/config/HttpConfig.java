package io.newapi.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * Where the node listens, and where browsers find the console.
 *
 * @param port the port, on all interfaces; 0 lets the system choose a free one
 * @param frontendBaseUrl where a slave sends browsers, an absolute HTTP address without a slash at its end; empty for nowhere
 */
public record HttpConfig(int port, Optional<URI> frontendBaseUrl) {

    static final Variable<Integer> PORT = Variable.of(
            "PORT",
            Kind.wholeNumber(0, 65_535),
            String.valueOf(Flags.DEFAULT_PORT),
            "Port to listen on, on all interfaces; 0 takes any free one. Wins over the flag --port.");

    static final Variable<Optional<URI>> FRONTEND_BASE_URL = Variable.of(
            "FRONTEND_BASE_URL",
            new Kind<>(
                    "URL",
                    "",
                    "",
                    (text, warn) -> base(text),
                    base -> base.map(URI::toString).orElse("")),
            "",
            "Where a slave sends browsers that ask for a page, as in https://gateway.example.com; those that are there already get"
                    + " the page from it. A master serves its own.");

    static final Section SECTION = Section.of("HTTP", PORT, FRONTEND_BASE_URL);

    static HttpConfig read(Settings settings) {
        return new HttpConfig(settings.get(PORT), settings.get(FRONTEND_BASE_URL));
    }

    private static Optional<URI> base(String text) throws BadValueException {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI base = new URI(text.replaceFirst("/+$", ""));
            boolean web = "http".equalsIgnoreCase(base.getScheme()) || "https".equalsIgnoreCase(base.getScheme());
            if (web
                    && base.getHost() != null
                    && base.getRawUserInfo() == null
                    && base.getRawQuery() == null
                    && base.getRawFragment() == null) {
                return Optional.of(base);
            }
        } catch (URISyntaxException e) {
            throw notAnAddress();
        }
        throw notAnAddress();
    }

    private static BadValueException notAnAddress() {
        return new BadValueException("must be an address such as https://gateway.example.com");
    }
}

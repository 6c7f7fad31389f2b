package io.newapi.server.config;

/**
 * Where the node listens.
 *
 * @param port the port, on all interfaces; 0 lets the system choose a free one
 */
public record HttpConfig(int port) {

    static final Variable<Integer> PORT = Variable.of(
            "PORT",
            Kind.wholeNumber(0, 65_535),
            String.valueOf(Flags.DEFAULT_PORT),
            "Port to listen on, on all interfaces; 0 takes any free one. Wins over the flag --port.");

    static final Section SECTION = Section.of("HTTP", PORT);

    static HttpConfig read(Settings settings) {
        return new HttpConfig(settings.get(PORT));
    }
}

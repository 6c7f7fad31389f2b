package io.newapi.server.relay;

import io.newapi.server.relay.wire.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every client, provider and capability: what {@link TranslationMatrixTest} tries out, and what the table of {@code
 * docs/api.md} has to say, no more and no less ({@link TranslationPageTest}).
 */
final class TranslationMatrix {

    static final List<Speaker> SPEAKERS =
            List.of(new ChatSpeaker(), new ResponsesSpeaker(), new MessagesSpeaker(), new GeminiSpeaker());

    private TranslationMatrix() {}

    /** One of the table's cells. */
    record Cell(Speaker client, Speaker provider, Capability capability) {

        /** What stands in it: a provider that speaks the client's format is asked in the client's own bytes. */
        String word() {
            return isNative() ? "native" : "done";
        }

        boolean isNative() {
            return client.format() == provider.format();
        }

        /**
         * Whether a node asks so: whoever reads responses reads chat completions too, and is asked in those by all clients but
         * those of responses.
         */
        boolean isServedByNodes() {
            return isNative() || provider.format() != WireFormat.RESPONSES;
        }

        /** What the provider has to read. */
        List<String> asked() {
            List<String> lines = new ArrayList<>(List.of("system Be brief."));
            lines.add(capability == Capability.IMAGES ? "text Look." : "text Rain?");
            switch (capability) {
                case PLAIN, STREAMED, CACHE, REASONING -> {}
                case TOOLS ->
                    lines.addAll(List.of(
                            "call call_1 weather {\"city\":\"Rome\"}",
                            "call call_2 weather {\"city\":\"Nice\"}",
                            "result call_1 1 mm",
                            "result call_2 2 mm"));
                case IMAGES ->
                    lines.addAll(List.of(
                            "picture data:image/png;base64," + Speaker.PICTURE, "picture " + Speaker.PICTURE_URL));
            }
            return settings(lines);
        }

        /** What it has to read when the client hands back what it answered, and the result of the call. */
        List<String> askedNext() {
            List<String> lines = new ArrayList<>(List.of("system Be brief.", "text Rain?"));
            lines.addAll(said());
            lines.add("result call_a 3 mm");
            return settings(lines);
        }

        private List<String> settings(List<String> lines) {
            if (capability == Capability.TOOLS || capability == Capability.REASONING) {
                lines.add("tool weather [city]");
            }
            lines.add("limit 2000");
            if (capability == Capability.REASONING) {
                lines.add("thinks");
            }
            return lines;
        }

        /** What the client has to read. */
        List<String> told() {
            List<String> lines = new ArrayList<>(said());
            boolean calls = capability == Capability.TOOLS || capability == Capability.REASONING;
            lines.add(calls ? "end calls" : "end stop");
            lines.add(usage());
            return lines;
        }

        private List<String> said() {
            String first = "call call_a weather {\"city\":\"Oslo\"}";
            return switch (capability) {
                case PLAIN, STREAMED, IMAGES, CACHE -> List.of("text No, sun.");
                case TOOLS -> List.of(first, "call call_b weather {\"city\":\"Bonn\"}");
                case REASONING ->
                    switch (provider.format()) {
                        case CHAT -> List.of("thought Think. sig-c", "text Wait.", first);
                        case RESPONSES -> List.of("thought Think. sig-r", "text Wait.", first);
                        case MESSAGES -> List.of("thought Think. sig-m", "text Wait.", first);
                        case GEMINI -> List.of("thought Think.", "text Wait.", first + " sig-g");
                        default -> throw new IllegalStateException("no format of conversations");
                    };
            };
        }

        /** Only Anthropic counts what was written to the cache, and Google has no field for it. */
        private String usage() {
            if (capability != Capability.CACHE) {
                return Speaker.usage(10, 0, 0, 4);
            }
            boolean written = provider.format() == WireFormat.MESSAGES && client.format() != WireFormat.GEMINI;
            return Speaker.usage(100, 40, written ? 10 : 0, 4);
        }

        @Override
        public String toString() {
            return client + " to " + provider + ", " + capability.column();
        }
    }

    static Stream<Cell> cells() {
        return SPEAKERS.stream()
                .flatMap(client -> SPEAKERS.stream()
                        .flatMap(provider -> Stream.of(Capability.values())
                                .map(capability -> new Cell(client, provider, capability))));
    }
}

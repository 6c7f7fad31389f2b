package io.newapi.server.relay;

import io.newapi.server.relay.provider.Provider;
import io.newapi.server.relay.wire.chat.Codec;
import io.newapi.server.relay.wire.chat.ModelSuffix;
import io.newapi.server.snapshot.ModelOptions;

/** What the options say of a model, in the words of the formats. */
final class ModelTerms {

    private ModelTerms() {}

    /** What the end of a provider's name for a model asks for. */
    static ModelSuffix suffix(String upstreamModel, Provider provider, ModelOptions options) {
        boolean kept = options.keptNames().contains(upstreamModel);
        return kept
                ? ModelSuffix.none(upstreamModel)
                : switch (provider.suffixes()) {
                    case CLAUDE -> ModelSuffix.ofClaude(upstreamModel, options.claudeThinking(), options.claudeShare());
                    case GEMINI ->
                        options.geminiThinking()
                                ? ModelSuffix.ofGemini(upstreamModel, options.geminiShare())
                                : ModelSuffix.none(upstreamModel);
                    default -> ModelSuffix.of(provider.suffixes(), upstreamModel);
                };
    }

    /** What a request needs beyond what the client says. */
    static Codec.WriteTerms of(String upstreamModel, ModelSuffix suffix, ModelOptions options) {
        return new Codec.WriteTerms(options.claudeMaxTokens(upstreamModel, suffix.model()), options.geminiSafety());
    }
}

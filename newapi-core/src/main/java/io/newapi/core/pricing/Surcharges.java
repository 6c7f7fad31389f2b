package io.newapi.core.pricing;

import io.newapi.core.pricing.ChargeLine.Factor;

/**
 * What a call costs beside its tokens or its price: calls of tools, images that tools made, and audio input with a price of
 * its own. All of it is in USD and at the group's ratio; a model that is free does not make it free.
 *
 * @param quote the terms
 * @param use what was used
 * @param audioTokens audio input tokens that are charged here
 */
record Surcharges(Quote quote, CallUse use, long audioTokens) {

    /** Of a call whose audio input is charged elsewhere, or not apart. */
    static Surcharges withoutAudio(Quote quote, CallUse use) {
        return new Surcharges(quote, use, 0);
    }

    void addTo(Lines lines) {
        lines.pricedByMillion(
                "audio input tokens",
                audioTokens,
                new Factor("USD per million", GeminiAudio.usdPerMillion(quote.model())));
        for (ToolUse tool : use.tools()) {
            lines.pricedByThousand(tool.tool() + " calls", tool.calls(), price(tool));
        }
        for (ImageCall call : use.imageCalls()) {
            lines.priced("image_generation_call", 1, new Factor("price in USD", call.usd()));
        }
    }

    private Ratio price(ToolUse tool) {
        return quote.terms()
                .tools()
                .usdPerThousand(tool.tool(), quote.model(), use.usage().semantics());
    }

    void log(LogFields fields) {
        for (ToolUse tool : use.tools()) {
            if (tool.calls() != 0) {
                fields.putTool(tool, price(tool));
            }
        }
        if (!use.imageCalls().isEmpty()) {
            fields.flag("image_generation_call");
            fields.put("image_generation_call_price", use.imageCalls().get(0).usd());
            if (use.imageCalls().size() > 1) {
                fields.put("image_generation_call_count", use.imageCalls().size());
            }
        }
        if (audioTokens != 0) {
            // "seperate" is how the established key is spelt.
            fields.flag("audio_input_seperate_price");
            fields.put("audio_input_token_count", audioTokens);
            fields.put("audio_input_price", GeminiAudio.usdPerMillion(quote.model()));
        }
    }
}

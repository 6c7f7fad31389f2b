package io.newapi.core.pricing;

import io.newapi.core.pricing.ChargeLine.Factor;
import io.newapi.core.pricing.Price.ByRatio;
import java.util.List;

/**
 * The bill of a call that tells audio from text in both directions. What was read from a cache has no price of its own here.
 *
 * @param quote the terms
 * @param price the price in them
 * @param use the totals, and what is charged beside tokens
 * @param audio what was used, all of it
 * @param kind what kind of call it was
 */
record AudioBill(Quote quote, ByRatio price, CallUse use, AudioUsage audio, AudioCall kind) implements Bill {

    @Override
    public String model() {
        return quote.model();
    }

    @Override
    public boolean nothingUsed() {
        return audio.isZero() && use.usage().isZero();
    }

    @Override
    public boolean free() {
        return quote.free();
    }

    @Override
    public List<ChargeLine> lines() {
        if (nothingUsed()) {
            return List.of();
        }
        Lines lines = new Lines(quote.groupRatio(), quote.terms().quotaPerUnit());
        Ratio model = price.modelRatio();
        Factor input = new Factor("audio ratio", price.audio().inputRatio());
        lines.tokens("text input tokens", audio.textInput(), model);
        lines.tokens(
                "text output tokens",
                audio.textOutput(),
                model,
                new Factor("completion ratio", price.completionRatio()));
        lines.tokens("audio input tokens", audio.audioInput(), model, input);
        lines.tokens(
                "audio output tokens",
                audio.audioOutput(),
                model,
                input,
                new Factor("audio completion ratio", price.audio().outputRatio()));
        Surcharges.withoutAudio(quote, use).addTo(lines);
        return lines.toList();
    }

    @Override
    public boolean baseClamped() {
        return false;
    }

    @Override
    public List<String> remarks() {
        return List.of();
    }

    @Override
    public void log(LogFields fields) {
        fields.putPrice(price, quote.groupRatio(), 0);
        fields.flag(kind.key());
        fields.put("audio_input", audio.audioInput());
        fields.put("audio_output", audio.audioOutput());
        fields.put("text_input", audio.textInput());
        fields.put("text_output", audio.textOutput());
        fields.put("audio_ratio", price.audio().inputRatio());
        fields.put("audio_completion_ratio", price.audio().outputRatio());
        Surcharges.withoutAudio(quote, use).log(fields);
    }
}

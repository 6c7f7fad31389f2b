package io.newapi.server.relay.wire;

import io.newapi.core.pricing.ImageOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a scanner has found in a body so far. Not thread-safe; not changed any more once it was understood. */
final class Found {
    final WireFormat format;
    final Content body;
    final String model;
    List<ModelPlace> modelPlaces = List.of();
    String contentType = ClientRequest.JSON;
    String form = "";
    boolean stream;
    boolean list;

    @Nullable
    UsageSwitch usageSwitch;

    boolean usageWanted;
    long maxCompletionTokens;
    int choices = 1;
    String reasoningEffort = "";
    List<Guarded> guarded = List.of();
    long estimatedPromptTokens;
    boolean foreignThoughts;
    boolean base64;

    @Nullable
    ImageOrder images;

    Found(WireFormat format, Content body, String model) {
        this.format = format;
        this.body = body;
        this.model = model;
    }

    /** None where the format has the model in the path only. */
    Found modelAt(List<ModelPlace> places) {
        modelPlaces = List.copyOf(places);
        return this;
    }

    /** What is no JSON: its media type, and its short fields as a JSON object. */
    Found form(String mediaType, String fields) {
        contentType = mediaType;
        form = fields;
        return this;
    }

    Found stream(boolean streamed) {
        stream = streamed;
        return this;
    }

    /** Whether what is streamed is to be a JSON list. */
    Found list(boolean wanted) {
        list = wanted;
        return this;
    }

    /** For formats that do not report usage unasked. */
    Found usage(UsageSwitch asking, boolean wanted) {
        usageSwitch = asking;
        usageWanted = wanted;
        return this;
    }

    Found limit(long maxTokensOfEach, int answers) {
        maxCompletionTokens = maxTokensOfEach;
        choices = answers;
        return this;
    }

    Found effort(String word) {
        reasoningEffort = word;
        return this;
    }

    Found guarded(List<Guarded> fields) {
        guarded = List.copyOf(fields);
        return this;
    }

    Found prompt(long tokens) {
        estimatedPromptTokens = tokens;
        return this;
    }

    /** Whether some of its thoughts may stem from another provider. */
    Found foreignThoughts(boolean there) {
        foreignThoughts = there;
        return this;
    }

    /** Whether numbers are to be written as bytes in base64. */
    Found base64(boolean wanted) {
        base64 = wanted;
        return this;
    }

    Found images(ImageOrder order) {
        images = order;
        return this;
    }

    ClientRequest.Scan understood() {
        return new ClientRequest.Scan.Understood(new ClientRequest(this));
    }
}

package io.newapi.server.relay.wire.chat;

import java.util.Optional;

/** In words what an answer must look like, for models that cannot be told otherwise. */
final class FormInstruction {

    private FormInstruction() {}

    /** The words; none if the form is the usual one. */
    static Optional<String> of(AnswerForm form) {
        String json = "Answer with exactly one JSON object, without any other text and without a code fence.";
        return switch (form.kind()) {
            case TEXT -> Optional.empty();
            case JSON -> Optional.of(json);
            case SCHEMA ->
                Optional.of(
                        form.schema() == null
                                ? json
                                : json + " It must fit this JSON Schema: " + CallInput.write(form.schema()));
        };
    }
}

package io.newapi.server.shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What a channel's {@code setting} says about calls.
 *
 * @param systemPrompt put into requests that have no instructions for the model; empty for none
 * @param systemPromptOverride whether it is put in front of those that there are, too
 * @param passThrough whether a provider that speaks the client's format gets its body as it is
 * @param forceFormat whether answers to chat completions have the fields of that format only
 * @param thinkingToContent whether what is thought in a stream stands in the text of the answer
 * @param proxy between this node and the provider
 */
public record ChannelSetting(
        String systemPrompt,
        boolean systemPromptOverride,
        boolean passThrough,
        boolean forceFormat,
        boolean thinkingToContent,
        Optional<ProxyAddress> proxy) {

    private static final ChannelSetting NONE = new ChannelSetting("", false, false, false, false, Optional.empty());

    /** Says nothing. */
    public static ChannelSetting none() {
        return NONE;
    }

    /**
     * Reads a channel's text; fields that it does not know are others' business.
     *
     * @param json an object; a blank text says nothing
     * @throws InvalidShapeException if a field is not what it has to be; the message names it
     */
    public static ChannelSetting parse(String json) {
        if (json.isBlank() || json.strip().equals("null")) {
            return NONE;
        }
        ObjectNode object = Trees.object(json).orElseThrow(() -> new InvalidShapeException("not a JSON object"));
        String proxy = text(object, "proxy").strip();
        return new ChannelSetting(
                text(object, "system_prompt"),
                flag(object, "system_prompt_override"),
                flag(object, "pass_through_body_enabled"),
                flag(object, "force_format"),
                flag(object, "thinking_to_content"),
                proxy.isEmpty() ? Optional.empty() : Optional.of(ProxyAddress.parse(proxy)));
    }

    private static String text(ObjectNode object, String name) {
        JsonNode field = object.path(name);
        if (!field.isTextual() && !field.isMissingNode() && !field.isNull()) {
            throw new InvalidShapeException(name + " must be a text");
        }
        return field.isTextual() ? field.textValue() : "";
    }

    private static boolean flag(ObjectNode object, String name) {
        JsonNode field = object.path(name);
        if (!field.isBoolean() && !field.isMissingNode() && !field.isNull()) {
            throw new InvalidShapeException(name + " must be true or false");
        }
        return field.booleanValue();
    }

    /** Without the prompt, which may be long, and the proxy's credentials. */
    @Override
    public String toString() {
        return "ChannelSetting[passThrough=" + passThrough + ", proxy=" + proxy + "]";
    }
}

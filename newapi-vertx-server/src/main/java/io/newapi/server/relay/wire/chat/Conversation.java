package io.newapi.server.relay.wire.chat;

import java.util.List;

/**
 * What a client asks of a chat model. Immutable.
 *
 * @param model its name
 * @param stream whether the answer is wanted in pieces
 * @param instructions what the model is told before anybody speaks; texts, in their order
 * @param turns who said what, in the order of time; never two of one role behind each other
 * @param tools what the model may call
 * @param toolChoice whether it must
 * @param sampling how it chooses its words, and how many
 * @param thinking how much it is to think before
 * @param form what its answer must look like
 * @param user who asks, in the client's words; empty if it does not say
 * @param unheld names of fields that were asked for in the client's format and have no place here, as {@code logit_bias}
 */
public record Conversation(
        String model,
        boolean stream,
        List<Part.Text> instructions,
        List<Turn> turns,
        List<Tool> tools,
        ToolChoice toolChoice,
        Sampling sampling,
        Thinking thinking,
        AnswerForm form,
        String user,
        List<String> unheld) {

    /** Immutable copies. */
    public Conversation {
        instructions = List.copyOf(instructions);
        turns = List.copyOf(turns);
        tools = List.copyOf(tools);
        unheld = List.copyOf(unheld);
    }

    /** The same, asked of another model. */
    public Conversation withModel(String other) {
        return new Conversation(
                other, stream, instructions, turns, tools, toolChoice, sampling, thinking, form, user, unheld);
    }

    /** The same, thought about in another way. */
    public Conversation withThinking(Thinking other) {
        return new Conversation(
                model, stream, instructions, turns, tools, toolChoice, sampling, other, form, user, unheld);
    }

    /** The same, answered in other words. */
    public Conversation withSampling(Sampling other) {
        return new Conversation(
                model, stream, instructions, turns, tools, toolChoice, other, thinking, form, user, unheld);
    }

    /** The same with other instructions. */
    public Conversation withInstructions(List<Part.Text> others) {
        return new Conversation(
                model, stream, others, turns, tools, toolChoice, sampling, thinking, form, user, unheld);
    }
}

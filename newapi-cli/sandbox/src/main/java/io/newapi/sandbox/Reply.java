package io.newapi.sandbox;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the assistant says, in no format yet. Equal questions have equal replies but for their numbers. Immutable.
 *
 * @param number the request's number, which makes ids
 * @param model the model as it was asked for
 * @param blocks its parts in their order, at least one
 * @param finish why it ends
 * @param usage what it reports; absent: nothing
 */
record Reply(
        long number,
        String model,
        List<Block> blocks,
        Finish finish,
        @Nullable Usage usage) {

    /** The same for all answers, so that a rehearsal can be repeated byte for byte. */
    static final long CREATED_SECONDS = 1_767_225_600;

    enum Finish {
        STOP,
        LENGTH,
        CALLS
    }

    /** The reply that {@code script} wants, else calls of the wanted tools, else an echo of the question. */
    static Reply to(Question question, Script script, long number) {
        List<Block> blocks = new ArrayList<>();
        long thoughtWords = 0;
        String thought = thought(question, script);
        if (thought != null) {
            Pieces pieces = Words.of(thought, null);
            thoughtWords = pieces.words();
            blocks.add(Block.thinking(pieces));
        }
        Finish finish = answer(question, script, number, blocks);
        long words = blocks.stream().mapToLong(block -> block.pieces().words()).sum();
        if (script.fault().is(Fault.Kind.HUGE_LINE)) {
            blocks.add(
                    0, Block.text(new Fragments("x".repeat((int) script.fault().number()), 1)));
        }
        Usage usage = script.reported(Usage.of(script, question.promptWords(), words, thoughtWords));
        return new Reply(number, question.model(), List.copyOf(blocks), finish, usage);
    }

    private static @Nullable String thought(Question question, Script script) {
        String wanted = script.thinking();
        return wanted == null && question.thinking() ? "Thinking about: " + question.text() : wanted;
    }

    private static Finish answer(Question question, Script script, long number, List<Block> blocks) {
        if (!question.calls().isEmpty()) {
            for (Tool tool : question.calls()) {
                String id = "call_sandbox_" + number + (blocks.isEmpty() ? "" : "_" + blocks.size());
                Pieces arguments = Fragments.of(Example.of(tool.schema()).encode(), script.chunks());
                blocks.add(Block.call(id, tool.name(), arguments));
            }
            return Finish.CALLS;
        }
        String content = script.content();
        Long tokens = script.completionTokens();
        if (content != null) {
            blocks.add(Block.text(Words.of(content, script.chunks())));
        } else if (question.schema() != null) {
            blocks.add(Block.text(Fragments.of(Example.of(question.schema()).encode(), script.chunks())));
        } else if (tokens != null) {
            blocks.add(Block.text(Words.madeUp(tokens, script.chunks())));
        } else {
            String echo = "Echo: " + question.text();
            blocks.add(Block.text(Words.beginning(echo, question.maxTokens(), script.chunks())));
            return question.maxTokens() < Words.in(echo) ? Finish.LENGTH : Finish.STOP;
        }
        return Finish.STOP;
    }

    /** The same with every call's arguments in one piece, as some formats send them. */
    Reply withWholeCalls() {
        List<Block> whole = blocks.stream()
                .map(block -> block.is(Block.Kind.CALL)
                        ? Block.call(block.id(), block.name(), new Fragments(block.whole(), 1))
                        : block)
                .toList();
        return new Reply(number, model, whole, finish, usage);
    }

    /** Content chunks of the streamed form. */
    long chunks() {
        return blocks.stream().mapToLong(block -> block.pieces().count()).sum();
    }

    boolean has(Block.Kind kind) {
        return blocks.stream().anyMatch(block -> block.is(kind));
    }

    /** The texts of all blocks of one kind, joined. */
    String joined(Block.Kind kind) {
        StringBuilder text = new StringBuilder();
        blocks.stream().filter(block -> block.is(kind)).forEach(block -> text.append(block.whole()));
        return text.toString();
    }

    /** The index among the calls of the block at {@code index}. */
    int callIndex(int index) {
        return (int) blocks.subList(0, index).stream()
                .filter(block -> block.is(Block.Kind.CALL))
                .count();
    }
}

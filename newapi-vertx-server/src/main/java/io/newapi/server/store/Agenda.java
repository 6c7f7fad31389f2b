package io.newapi.server.store;

import io.newapi.server.store.Conversation.Said;
import io.newapi.server.store.Conversation.Saying;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.ResultQuery;

/**
 * What is still to be said in a {@link Conversation}, each statement with what its answer leads to. Answers may put more
 * on it: that is the next stage. Not thread-safe.
 */
final class Agenda {

    private final Conversation conversation;
    private final List<Saying> sayings = new ArrayList<>();
    private final List<Consumer<Said>> consequences = new ArrayList<>();

    Agenda(Conversation conversation) {
        this.conversation = conversation;
    }

    DSLContext context() {
        return conversation.context();
    }

    /** @param answer is given the rows */
    @SuppressWarnings("unchecked")
    <R extends Record> void ask(ResultQuery<R> query, Consumer<List<R>> answer) {
        // whoever answers builds the rows from the query's own fields
        put(query, Misfits.END_IT, said -> answer.accept((List<R>) said.rows()));
    }

    void add(Query statement) {
        put(statement, Misfits.END_IT, said -> {});
    }

    /** @param answer is given how many rows the statement has matched */
    void add(Query statement, IntConsumer answer) {
        put(statement, Misfits.END_IT, said -> answer.accept(said.matched()));
    }

    /**
     * @param answer is given how many rows the statement has matched
     * @param otherwise is run instead when it was left out
     */
    void add(Query statement, Misfits misfits, IntConsumer answer, Runnable otherwise) {
        put(statement, misfits, said -> {
            if (said.fits()) {
                answer.accept(said.matched());
            } else {
                otherwise.run();
            }
        });
    }

    /** The same where only a misfit has consequences. */
    void add(Query statement, Misfits misfits, Runnable otherwise) {
        add(statement, misfits, matched -> {}, otherwise);
    }

    private void put(Query statement, Misfits misfits, Consumer<Said> consequence) {
        sayings.add(new Saying(statement, misfits));
        consequences.add(consequence);
    }

    /** Says all of it, and what follows from it, until nothing is left. */
    void settle() {
        while (!sayings.isEmpty()) {
            List<Saying> stage = List.copyOf(sayings);
            List<Consumer<Said>> then = List.copyOf(consequences);
            sayings.clear();
            consequences.clear();
            List<Said> answers = conversation.say(stage);
            for (int i = 0; i < answers.size(); i++) {
                then.get(i).accept(answers.get(i));
            }
        }
    }
}

package io.newapi.server.store;

import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.ResultQuery;

/** Over JDBC each statement waits for the answer to the one before. */
final class StepByStep implements Conversation {

    private final DSLContext context;

    /** In the transaction that the context is open in. */
    StepByStep(DSLContext context) {
        this.context = context;
    }

    @Override
    public DSLContext context() {
        return context;
    }

    @Override
    public List<Said> say(List<Saying> stage) {
        List<Said> answers = new ArrayList<>(stage.size());
        for (Saying saying : stage) {
            answers.add(say(saying));
        }
        return answers;
    }

    private Said say(Saying saying) {
        Said[] answer = {Said.doesNotFit()};
        saying.misfits().fits(context, () -> answer[0] = execute(saying.query()));
        return answer[0];
    }

    private static Said execute(Query query) {
        return query instanceof ResultQuery<?> asking ? Said.rows(asking.fetch()) : Said.matched(query.execute());
    }
}

package io.newapi.core.quota;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/** An authority that makes one of the mistakes of {@link Flaw}, if it is one of an authority's. For one thread. */
final class FlawedAuthority implements QuotaAuthority {

    private final ReplicatedAuthority inner;
    private final Flaw flaw;
    private final RandomGenerator chance;
    private final Map<WriterId, Long> furthest = new HashMap<>();

    FlawedAuthority(ReplicatedAuthority inner, Flaw flaw, RandomGenerator chance) {
        this.inner = inner;
        this.flaw = flaw;
        this.chance = chance;
    }

    @Override
    public CompletionStage<Void> register(WriterId writer) {
        return inner.register(writer);
    }

    @Override
    public CompletionStage<Answer> exchange(Exchange asked) {
        if (flaw == Flaw.REFUSED_WITHOUT_REASON && chance.nextInt(4) == 0) {
            return refused(asked);
        }
        if (flaw == Flaw.GAP_BOOKED) {
            long position = inner.position(asked.writer());
            return inner.exchange(with(asked, Math.min(asked.from(), position), asked.requests()));
        }
        return inner.exchange(asked).thenApply(answer -> hidden(asked, answer));
    }

    private CompletionStage<Answer> refused(Exchange asked) {
        List<Verdict> refusals = asked.requests().stream()
                .<Verdict>map(request -> new Verdict.Insufficient(request.user().account(), 0, 0, false))
                .toList();
        return inner.exchange(with(asked, asked.from(), List.of()))
                .thenApply(answer -> new Answer(answer.view(), refusals, answer.recalled()));
    }

    private static Exchange with(Exchange asked, long from, List<GrantRequest> requests) {
        return new Exchange(
                asked.writer(), from, asked.entries(), asked.positions(), asked.returns(), requests, asked.touched());
    }

    /** An exchange that was sent from too far ahead has decided nothing. */
    private Answer hidden(Exchange asked, Answer answer) {
        if (flaw != Flaw.POSITION_HIDDEN) {
            return answer;
        }
        View view = hidden(asked.writer(), answer.view());
        List<Verdict> closed = asked.requests().stream()
                .<Verdict>map(request -> new Verdict.Closed(request.user().account()))
                .toList();
        boolean decided = answer.verdicts().size() == closed.size();
        return new Answer(view, decided ? answer.verdicts() : closed, answer.recalled());
    }

    private View hidden(WriterId writer, View view) {
        if (flaw != Flaw.POSITION_HIDDEN) {
            return view;
        }
        long position = furthest.merge(writer, view.appliedPosition(), Math::max);
        return new View(view.state(), position, view.held());
    }

    @Override
    public CompletionStage<View> resync(WriterId writer, Set<Account> accounts) {
        return inner.resync(writer, accounts).thenApply(view -> hidden(writer, view));
    }

    @Override
    public CompletionStage<Void> recall(WriterId asking, Set<Account> accounts) {
        return inner.recall(asking, accounts);
    }

    @Override
    public CompletionStage<View> beginClose(WriterId writer) {
        return inner.beginClose(writer).thenApply(view -> hidden(writer, view));
    }

    @Override
    public CompletionStage<Void> finishClose(WriterId writer) {
        return inner.finishClose(writer);
    }
}

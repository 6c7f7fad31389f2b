package io.newapi.core.quota;

import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.GrantRequest;
import io.newapi.core.quota.QuotaAuthority.Shortfall;
import io.newapi.core.quota.QuotaAuthority.Verdict;
import io.newapi.core.quota.ReserveOutcome.Closed;
import io.newapi.core.quota.ReserveOutcome.Insufficient;
import io.newapi.core.quota.WaitingCallers.Caller;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One exchange under way, with what is needed to correct memory afterwards.
 *
 * @param callers for whom its requests were made, in the same order
 * @param sentNanos what the clocks showed before it was sent
 */
record Sent(Exchange exchange, List<Caller> callers, long sentNanos, long sentMillis) {

    /** The accounts that an exchange may change. */
    static Set<Account> touched(UsageJournal.Page page, List<Caller> callers, Map<Account, Long> returns) {
        Set<Account> touched = new HashSet<>(returns.keySet());
        Stream.concat(
                        callers.stream().map(Caller::payer),
                        page.entries().stream().map(JournalEntry::payer))
                .forEach(payer -> {
                    touched.add(payer.userAccount());
                    payer.limitAccount().ifPresent(touched::add);
                });
        return touched;
    }

    /** Units in those of its entries that stand before {@code appliedPosition}, per account with a lease. */
    Map<Account, Long> unitsBookedBefore(long appliedPosition) {
        Map<Account, Long> booked = new HashMap<>();
        for (int i = 0; i < exchange.entries().size() && exchange.positions().get(i) <= appliedPosition; i++) {
            JournalEntry entry = exchange.entries().get(i);
            booked.merge(entry.payer().userAccount(), entry.units(), Math::addExact);
            Account limit = entry.payer().limit();
            if (limit != null) {
                booked.merge(limit, entry.units(), Math::addExact);
            }
        }
        return booked;
    }

    /** Whether an authority at {@code appliedPosition} has booked all its entries. */
    boolean isBookedAt(long appliedPosition) {
        List<Long> positions = exchange.positions();
        return positions.isEmpty() || positions.get(positions.size() - 1) <= appliedPosition;
    }

    /**
     * The refusal of a caller that could not be served after all; null when another exchange may still help.
     *
     * <p>A balance that is too small is refused when the rest is provably nowhere: other writers hold too little, or
     * they were asked often enough, have answered, and it is still not there, so that what they hold is reserved by
     * calls under way.
     *
     * @param missingNow how much of what the caller wants of an account is not at hand now
     */
    @Nullable
    ReserveOutcome refusalOf(int caller, Verdict verdict, MissingUnits missingNow) {
        if (verdict instanceof Verdict.Closed closed) {
            return new Closed(closed.account());
        }
        if (verdict instanceof Verdict.Insufficient small) {
            Caller waiting = callers.get(caller);
            long asked = asked(caller, small.account());
            // what came back meanwhile was not known when the authority was asked: with it the balance may suffice
            boolean lessIsMissingNow = missingNow.of(small.account(), waiting.units()) < asked;
            boolean nobodyWillReturnIt = small.proves(asked) || (waiting.wasRecalledFor() && !small.recallPending());
            if (!lessIsMissingNow && nobodyWillReturnIt) {
                return new Insufficient(small.account(), Quota.of(waiting.units()));
            }
        }
        return null;
    }

    /** How much of an account a caller's request was short of. */
    long asked(int caller, Account account) {
        return asked(exchange.requests().get(caller), account).units();
    }

    /** Looks into the cells. */
    interface MissingUnits {
        long of(Account account, long wanted);
    }

    private static Shortfall asked(GrantRequest request, Account account) {
        return request.token().filter(token -> token.account().equals(account)).orElse(request.user());
    }
}

package io.newapi.core.quota;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What was really settled in a simulation, by whom, and what of it may be missing from the books because an accident took it.
 * For one thread.
 */
final class SettledCalls {

    /** One settlement. */
    record Settled(WriterId writer, String id, Payer payer, long units) {

        /** Every account on which it is charged. */
        Stream<Account> accounts() {
            return payer.share() == Payer.TokenShare.NONE
                    ? Stream.of(payer.userAccount())
                    : Stream.of(payer.userAccount(), Account.token(payer.tokenId()));
        }

        /** What it takes from the leases of an account. */
        long leasedUnits(Account account) {
            return pays(payer, account) ? units : 0;
        }
    }

    private final Map<WriterId, List<Settled>> byWriter = new HashMap<>();
    private final Map<Account, Long> units = new HashMap<>();
    private final Set<String> maybeUnbooked = new HashSet<>();
    private final Set<String> maybeUnstored = new HashSet<>();
    private int count;

    static boolean pays(Payer payer, Account account) {
        return payer.userAccount().equals(account)
                || payer.limitAccount().filter(account::equals).isPresent();
    }

    Settled settle(WriterId writer, Payer payer, long used) {
        Settled call = new Settled(writer, "call " + ++count, payer, used);
        byWriter.computeIfAbsent(writer, first -> new ArrayList<>()).add(call);
        call.accounts().forEach(account -> units.merge(account, used, Long::sum));
        return call;
    }

    List<Settled> of(WriterId writer) {
        return byWriter.getOrDefault(writer, List.of());
    }

    Stream<Settled> all() {
        return byWriter.values().stream().flatMap(List::stream);
    }

    /** What was settled on an account, without what is given up. */
    long units(Account account) {
        return units.getOrDefault(account, 0L);
    }

    /** Its journal is gone, or worth nothing, before it was booked. */
    void giveUpBooking(Settled call) {
        if (maybeUnbooked.add(call.id())) {
            call.accounts().forEach(account -> units.merge(account, -call.units(), Long::sum));
        }
    }

    /** The same for the follower. */
    void giveUpStoring(Settled call) {
        maybeUnstored.add(call.id());
    }

    boolean mustBeBooked(Settled call) {
        return !maybeUnbooked.contains(call.id());
    }

    boolean mustBeStored(Settled call) {
        return !maybeUnstored.contains(call.id());
    }
}

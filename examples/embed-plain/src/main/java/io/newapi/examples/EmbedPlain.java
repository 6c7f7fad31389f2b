package io.newapi.examples;

import io.newapi.core.channel.*;
import io.newapi.core.pricing.*;
import io.newapi.core.quota.*;
import java.util.List;

/** Meters one LLM call: price it, hold quota, choose a channel, charge what it used. */
public final class EmbedPlain {
    public static void main(String[] args) {
        PriceBook prices = PriceBook.shipped();
        ChannelDirectory channels = ChannelDirectory.of(List.of(Channel.builder(1, ChannelKeys.single("provider key"))
                .groups(List.of("default"))
                .models(List.of("gpt-4o"))
                .build()));
        InMemoryQuotaAuthority balances = new InMemoryQuotaAuthority();
        balances.credit(Account.user(7), Quota.of(10_000));
        LeasedLedger ledger = LeasedLedger.inMemory(balances);

        Quote quote = ((QuoteOutcome.Quoted) prices.quote("gpt-4o", "default", "default", false)).quote();
        Quota most = quote.reservation(1_200, 500); // estimated prompt tokens, most completion tokens
        ReserveOutcome outcome =
                ledger.reserve(Payer.user(7), most).toCompletableFuture().join();
        try (Reservation held = ((ReserveOutcome.Reserved) outcome).reservation()) {
            Selection.Selected selected =
                    (Selection.Selected) new ChannelSelector().select(channels, "default", "gpt-4o", Tried.nothing());
            // ... call the provider with selected.channel() and selected.key(), and read what it used:
            Usage usage = Usage.of(1_180, 240).withCachedTokens(1_000);
            Charge charge = quote.charge(usage);
            held.settle(Settlement.of("call-1", charge.quota()));
            System.out.println("channel " + selected.channel().id() + ", held " + most + "\n" + charge.explain());
        } // a reservation that was not settled is released here
        ledger.close().toCompletableFuture().join();
        System.out.println("left: " + balances.balance(Account.user(7)));
    }
}

package io.newapi.examples.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.newapi.core.pricing.PriceBook;
import io.newapi.core.pricing.Ratio;
import io.newapi.core.quota.LedgerTransactions;
import io.newapi.core.quota.QuotaAuthority;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Answers questions with an LLM, and charges each customer for what it used. */
@SpringBootApplication
class MeteredApplication {

    /** Starts the application. */
    public static void main(String[] arguments) {
        SpringApplication.run(MeteredApplication.class, arguments);
    }

    /** The shipped prices, and a model of our own at 0.002 USD a call. */
    @Bean
    PriceBook prices() {
        return PriceBook.shipped().toBuilder()
                .withModelPrices(Map.of("house-model", Ratio.parse("0.002")))
                .build();
    }

    /** The thread on which balances are booked: nothing else may keep it busy. */
    @Bean(destroyMethod = "shutdown")
    ExecutorService bookingThread() {
        return Executors.newSingleThreadExecutor(work -> new Thread(work, "booking"));
    }

    @Bean
    QuotaAuthority authority(JdbcClient jdbc, TransactionTemplate transactions, ExecutorService bookingThread) {
        return new JdbcQuotaAuthority(
                jdbc,
                new LedgerTransactions(bookingThread, work -> transactions.executeWithoutResult(status -> work.run())));
    }

    @Bean
    LedgerMeters ledgerMeters(MeterRegistry registry) {
        return new LedgerMeters(registry);
    }
}

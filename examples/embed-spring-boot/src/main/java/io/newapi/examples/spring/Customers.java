package io.newapi.examples.spring;

import io.newapi.core.quota.Account;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The customers' accounts, as the application itself uses them. Thread-safe. */
@Component
class Customers {

    private static final int KIND = Account.Kind.USER.code();

    private final JdbcClient jdbc;

    Customers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What is booked of a customer, in quota units.
     *
     * @param left with what is leased of it; may be negative after a call that used more than was held
     * @param spent what was charged so far
     */
    record Standing(long left, long spent) {}

    /** Charges of the last moments may not be in it yet. */
    Optional<Standing> standing(long customer) {
        return jdbc.sql(
                        "select units + (select coalesce(sum(held), 0) from leases l where l.kind = a.kind and l.id = a.id)"
                                + " as remaining, spent from accounts a where kind = ? and id = ?")
                .params(KIND, customer)
                .query((row, n) -> new Standing(row.getLong(1), row.getLong(2)))
                .optional();
    }

    /** Adds to a balance, by a relative update: the ledger changes the same row. Opens the account if it is new. */
    void credit(long customer, long units) {
        if (jdbc.sql("update accounts set units = units + ? where kind = ? and id = ?")
                        .params(units, KIND, customer)
                        .update()
                == 0) {
            jdbc.sql("insert into accounts (units, kind, id) values (?, ?, ?)")
                    .params(units, KIND, customer)
                    .update();
        }
    }

    /** Lets nothing more be spent; calls under way are still charged. */
    void close(long customer) {
        jdbc.sql("update accounts set chargeable = false where kind = ? and id = ?")
                .params(KIND, customer)
                .update();
    }
}

package io.newapi.server.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.SQLDialect;

/**
 * What differs between the kinds of database that a node can keep its data in: how to reach it, how a transaction begins
 * and ends, and which dialect its SQL is written in. Thread-safe.
 */
interface Engine {

    /** The dialect that queries are written in. */
    SQLDialect dialect();

    /** What the database is called in messages; never an address with a password. */
    String name();

    /** Connections on which transactions write. */
    HikariDataSource writers();

    /** Connections on which transactions only read. */
    HikariDataSource readers();

    /** Begins a transaction that may write. */
    void beginWrite(Connection connection) throws SQLException;

    /** Begins a transaction whose queries all see the same state. */
    void beginRead(Connection connection) throws SQLException;

    /**
     * Ends a transaction.
     *
     * @throws CommitInDoubtException if nobody can say whether the transaction was committed
     */
    void commit(Connection connection) throws SQLException;

    /** Undoes a transaction. */
    void rollback(Connection connection) throws SQLException;

    /** How times are written and read. */
    DateText dates();

    /** The connection as queries use it. */
    default Connection speaking(Connection connection) {
        return connection;
    }

    /** How often work is tried when others hold the locks that it needs. */
    int attempts();

    /** How often work is tried whose connection turns out to lead nowhere any more. */
    default int attemptsWhenLost() {
        return 1;
    }

    /** Waits a little before the next try, so that two who met do not meet again. */
    void pauseBeforeRetry(int attempt);

    /** Closes all connections. */
    default void close() {
        readers().close();
        writers().close();
    }
}

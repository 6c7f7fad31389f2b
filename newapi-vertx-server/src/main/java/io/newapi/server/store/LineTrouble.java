package io.newapi.server.store;

import io.vertx.mysqlclient.MySQLException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** Failures on a {@link MySqlLine}, as a JDBC driver would report them. */
final class LineTrouble {

    private static final String BEFORE_WORDS = "{errorMessage=";
    private static final String AFTER_WORDS = ", errorCode=";
    private static final String CONNECTION_LOST = "08S01";

    private LineTrouble() {}

    /** What the client reports. All but the server's own refusals mean that the connection is of no use any more. */
    static DataAccessException of(Throwable failure) {
        if (failure instanceof DataAccessException known) {
            return known;
        }
        if (failure instanceof MySQLException said) {
            return new DataAccessException(
                    "the server refused a statement",
                    new SQLException(words(said), said.getSqlState(), said.getErrorCode(), said));
        }
        return lost(failure);
    }

    /** The connection has ended. */
    static DataAccessException lost(@Nullable Throwable cause) {
        String message = cause == null ? "the connection has ended" : String.valueOf(cause.getMessage());
        return new DataAccessException(message, new SQLException(message, CONNECTION_LOST, cause));
    }

    /** Nobody answers. Another connection would not do better at once. */
    static DataAccessException silent(String message) {
        return new DataAccessException(message, new SQLTransientConnectionException(message, CONNECTION_LOST));
    }

    /** Without what the client adds to the server's words. */
    private static String words(MySQLException said) {
        String message = String.valueOf(said.getMessage());
        int end = message.lastIndexOf(AFTER_WORDS);
        return message.startsWith(BEFORE_WORDS) && end > 0 ? message.substring(BEFORE_WORDS.length(), end) : message;
    }
}

package io.newapi.server.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The database could not do what was asked. Nothing of the transaction in question was kept, unless said otherwise. */
public final class DatabaseException extends RuntimeException {

    /** What kind of trouble it is, for the caller who wants to answer it in different ways. */
    public enum Reason {
        /** The file exists but is not an SQLite database. */
        NOT_A_DATABASE,
        /** The file or its directory is missing, or may not be opened or written. */
        NOT_WRITABLE,
        /** Another process kept the file locked for longer than the busy timeout. */
        LOCKED,
        /** No room is left on the device. */
        FULL,
        /** The file is damaged, or reading or writing it failed. */
        DAMAGED,
        /** The tables cannot be brought to the shape that this version needs. */
        SCHEMA,
        /** The original's tables are missing, and another node is to make them. */
        NO_TABLES,
        /** A unique index or another constraint refused a row. */
        CONSTRAINT,
        /** A value does not fit into its column. */
        MISFIT,
        /** The database was closed. */
        CLOSED,
        /** The server cannot be reached, or is too busy to let anybody in. */
        UNREACHABLE,
        /** The server does not let this user in, or has no such database, or the two do not agree on TLS. */
        REFUSED,
        /** A commit was not confirmed: it may have happened or not. */
        IN_DOUBT,
        /** Anything else. */
        FAILED
    }

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** A failure with its reason, a message for the operator, and what caused it. */
    public DatabaseException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What kind of trouble it is. */
    public Reason reason() {
        return reason;
    }

    /** Translates a failure of the driver or of jOOQ; {@code doing} completes the sentence "cannot ...". */
    static DatabaseException of(String doing, Throwable failure) {
        Reason reason = reasonOf(failure);
        String detail = switch (reason) {
            case NOT_A_DATABASE -> "the file is not an SQLite database";
            case NOT_WRITABLE -> "the file or its directory cannot be opened for writing";
            case LOCKED -> "another process keeps the database locked";
            case FULL -> "no space left on the device";
            case DAMAGED -> "the file is damaged or cannot be read or written";
            case UNREACHABLE, REFUSED -> ConnectTrouble.sentence(failure).orElseGet(() -> rootMessage(failure));
            case SCHEMA, NO_TABLES, CONSTRAINT, MISFIT, CLOSED, IN_DOUBT, FAILED -> rootMessage(failure);
        };
        return new DatabaseException(reason, "cannot " + doing + ": " + detail, failure);
    }

    static Reason reasonOf(Throwable failure) {
        if (ConnectTrouble.isOfTls(failure)) {
            return Reason.REFUSED;
        }
        SQLiteException sqlite = find(failure, SQLiteException.class);
        if (sqlite != null) {
            return reasonOf(sqlite.getResultCode());
        }
        SQLException server = find(failure, SQLException.class);
        if (server == null) {
            return Reason.FAILED;
        }
        return server instanceof PSQLException postgres ? reasonOf(postgres) : reasonOf(server);
    }

    /**
     * Whether the connection on which it happened leads nowhere any more: it was cut, or ended by the server, or it leads
     * to a server that has ceased to be the one that writes. Another connection may do better. The pool's own complaint
     * that it has none to give is not meant.
     */
    static boolean isLostConnection(Throwable failure) {
        return reasonOf(failure) == Reason.UNREACHABLE && find(failure, SQLTransientConnectionException.class) == null;
    }

    /** States as the manual of PostgreSQL lists them. */
    private static Reason reasonOf(PSQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return switch (state) {
            case "40001", "40P01", "55P03" -> Reason.LOCKED;
            case "53100" -> Reason.FULL;
            // too many connections, ended by an administrator or after being idle, restarting, only reading
            case "53300", "57P01", "57P02", "57P03", "57P05", "25P03", "25006" -> Reason.UNREACHABLE;
            case "3D000" -> Reason.REFUSED;
            default ->
                switch (state.substring(0, Math.min(2, state.length()))) {
                    case "08" -> Reason.UNREACHABLE;
                    case "22" -> Reason.MISFIT;
                    case "23" -> Reason.CONSTRAINT;
                    case "28" -> Reason.REFUSED;
                    default -> Reason.FAILED;
                };
        };
    }

    /** Numbers and states as the manuals of MySQL and MariaDB list them. */
    private static Reason reasonOf(SQLException failure) {
        return switch (failure.getErrorCode()) {
            // a lock wait that took too long, and a deadlock; the latter also of row-level commit order
            case 1205, 1213, 3058 -> Reason.LOCKED;
            case 1062, 1451, 1452 -> Reason.CONSTRAINT;
            // out of range, too long, truncated, of another kind or character set
            case 1264, 1265, 1292, 1366, 1406, 1690 -> Reason.MISFIT;
            case 1021, 1114 -> Reason.FULL;
            case 1040, 1129, 1203 -> Reason.UNREACHABLE;
            // going down, or has ended this connection: killed, idle for too long
            case 1053, 1152, 1927, 3169, 4031 -> Reason.UNREACHABLE;
            // only reads: it is not, or is no longer, the primary
            case 1290, 1792, 1836 -> Reason.UNREACHABLE;
            case 1044, 1045, 1049, 1130, 1698 -> Reason.REFUSED;
            default ->
                String.valueOf(failure.getSQLState()).startsWith("08")
                                || failure instanceof SQLTransientConnectionException
                        ? Reason.UNREACHABLE
                        : Reason.FAILED;
        };
    }

    /** Extended result codes carry the primary code in their low byte. */
    private static Reason reasonOf(SQLiteErrorCode code) {
        return switch (code.code & 0xff) {
            case 26 -> Reason.NOT_A_DATABASE;
            case 3, 8, 14, 23 -> Reason.NOT_WRITABLE;
            case 5, 6 -> Reason.LOCKED;
            case 13 -> Reason.FULL;
            case 10, 11 -> Reason.DAMAGED;
            case 19 -> Reason.CONSTRAINT;
            case 18, 20 -> Reason.MISFIT;
            default -> Reason.FAILED;
        };
    }

    /** The innermost of this kind: the driver's, and not the pool's that reports it. */
    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> kind) {
        T found = null;
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (kind.isInstance(at)) {
                found = kind.cast(at);
            }
        }
        return found;
    }

    /** What the driver said. */
    static String rootMessage(Throwable failure) {
        Throwable at = failure;
        while ((at instanceof DataAccessException || !(at instanceof SQLException)) && at.getCause() != null) {
            at = at.getCause();
        }
        return String.valueOf(at.getMessage());
    }
}

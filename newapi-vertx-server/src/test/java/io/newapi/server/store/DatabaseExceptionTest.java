package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.pool.HikariPool;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class DatabaseExceptionTest {

    @ParameterizedTest
    @CsvSource({
        "40001, LOCKED",
        "40P01, LOCKED",
        "55P03, LOCKED",
        "22001, MISFIT",
        "22003, MISFIT",
        "22021, MISFIT",
        "23505, CONSTRAINT",
        "23502, CONSTRAINT",
        "53100, FULL",
        "53300, UNREACHABLE",
        "57P01, UNREACHABLE",
        "57P03, UNREACHABLE",
        "08006, UNREACHABLE",
        "25006, UNREACHABLE",
        "25P03, UNREACHABLE",
        "28P01, REFUSED",
        "28000, REFUSED",
        "3D000, REFUSED",
        "42P01, FAILED",
        "25P02, FAILED",
        "57014, FAILED"
    })
    void statesOfPostgresAreTold(String state, DatabaseException.Reason reason) {
        PSQLException failure = new PSQLException(new ServerErrorMessage("C" + state + "\0Mno\0\0"));

        assertThat(failure.getSQLState()).isEqualTo(state);
        assertThat(DatabaseException.reasonOf(new DataAccessException("no", failure)))
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "1205, LOCKED",
        "1213, LOCKED",
        "1062, CONSTRAINT",
        "1406, MISFIT",
        "1045, REFUSED",
        "1040, UNREACHABLE",
        "1053, UNREACHABLE",
        "1290, UNREACHABLE",
        "1792, UNREACHABLE",
        "1836, UNREACHABLE",
        "1927, UNREACHABLE",
        "4031, UNREACHABLE",
        "1064, FAILED"
    })
    void numbersOfMySqlAreTold(int number, DatabaseException.Reason reason) {
        assertThat(DatabaseException.reasonOf(new SQLException("no", "HY000", number)))
                .isEqualTo(reason);
    }

    @Test
    void aConnectionIsLostWhenTheServerOrTheNetworkEndsItAndNotWhenThePoolHasNone() {
        SQLException cut = new SQLException("end of stream", "08S01");

        assertThat(DatabaseException.isLostConnection(new DataAccessException("no", cut)))
                .isTrue();
        assertThat(DatabaseException.isLostConnection(new SQLException("only reads", "HY000", 1836)))
                .isTrue();
        assertThat(DatabaseException.isLostConnection(new SQLTransientConnectionException("none in time", cut)))
                .isFalse();
        assertThat(DatabaseException.isLostConnection(new SQLException("no such table", "42S02", 1146)))
                .isFalse();
        assertThat(DatabaseException.isLostConnection(
                        new HikariPool.PoolInitializationException(new SQLException("denied", "28000", 1045))))
                .isFalse();
    }
}

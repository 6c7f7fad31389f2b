package io.newapi.server.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jooq.tools.jdbc.DefaultPreparedStatement;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a database that cannot store the character U+0000 in a text, unlike others: the replacement character
 * U+FFFD takes its place. Clients decide what stands in some of the texts, such as the name of a model, and must not be
 * able to make a row of the log fail.
 */
final class WithoutNul extends DefaultConnection {

    WithoutNul(Connection connection) {
        super(connection);
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        return new Statement(super.prepareStatement(sql));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int resultSetType, int concurrency) throws SQLException {
        return new Statement(super.prepareStatement(sql, resultSetType, concurrency));
    }

    private static final class Statement extends DefaultPreparedStatement {

        private Statement(PreparedStatement statement) {
            super(statement);
        }

        @Override
        public void setString(int index, @Nullable String text) throws SQLException {
            super.setString(index, text == null ? null : text.replace('\0', '\uFFFD'));
        }
    }
}

package io.newapi.server.store;

import io.newapi.server.store.Tables.Users;
import java.util.OptionalLong;

/**
 * Columns of a user to be changed; the others, above all the balance and the statistics, stay untouched. Built by the
 * methods, each of which names one column; not safe for use by several threads.
 */
public final class UserChange {

    private final ColumnValues columns = new ColumnValues();
    private OptionalLong total = OptionalLong.empty();
    private boolean endsLogins;

    /** Changes nothing yet. */
    public static UserChange none() {
        return new UserChange();
    }

    private UserChange() {}

    /** A new unique name. */
    public UserChange username(String value) {
        columns.put(Users.USERNAME, value);
        return this;
    }

    /** The name that is shown. */
    public UserChange displayName(String value) {
        columns.put(Users.DISPLAY_NAME, value);
        return this;
    }

    /** The group; empty becomes {@code default}. */
    public UserChange group(String value) {
        columns.put(Users.GROUP, value.isEmpty() ? UserStore.DEFAULT_GROUP : value);
        return this;
    }

    /** The administrators' note. */
    public UserChange remark(String value) {
        columns.put(Users.REMARK, value);
        return this;
    }

    /** The address, empty for none. */
    public UserChange email(String value) {
        columns.put(Users.EMAIL, value);
        return this;
    }

    /** The user's settings as JSON text. */
    public UserChange setting(String json) {
        columns.put(Users.SETTING, json);
        return this;
    }

    /** A bcrypt hash; existing logins end. */
    public UserChange passwordHash(String value) {
        columns.put(Users.PASSWORD, value);
        endsLogins = true;
        return this;
    }

    /** 1 common, 10 admin, 100 root; existing logins end. */
    public UserChange role(int value) {
        columns.put(Users.ROLE, value);
        endsLogins = true;
        return this;
    }

    /** 1 enabled, 2 disabled; existing logins end. */
    public UserChange status(int value) {
        columns.put(Users.STATUS, value);
        endsLogins = true;
        return this;
    }

    /** The total quota, leases of nodes included; written as a difference. */
    public UserChange quota(long units) {
        total = OptionalLong.of(units);
        return this;
    }

    ColumnValues columns() {
        return columns;
    }

    OptionalLong total() {
        return total;
    }

    boolean endsLogins() {
        return endsLogins;
    }

    @Override
    public String toString() {
        return "UserChange" + columns;
    }
}

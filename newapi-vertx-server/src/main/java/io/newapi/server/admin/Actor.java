package io.newapi.server.admin;

import io.newapi.core.access.Role;

/**
 * The person or script behind a call of the admin API, as the store knows them at this moment.
 *
 * @param id the user's id
 * @param username the user's name
 * @param role the role as stored now, not as it was at login
 * @param group the user's group
 * @param method how the identity was proven
 * @param loginId the login behind a cookie, "" for access tokens
 * @param language the two letters of the language that the user has chosen for what is said to him, "" if none
 */
record Actor(long id, String username, Role role, String group, Method method, String loginId, String language) {

    /** How an identity was proven; the names appear in audit rows. */
    enum Method {
        COOKIE,
        ACCESS_TOKEN,
        NAMED_ACCESS_TOKEN
    }

    boolean isRoot() {
        return role == Role.ROOT;
    }

    /** Whether this actor stands above somebody with {@code other}; root stands above everybody. */
    boolean mayManage(Role other) {
        return isRoot() || role.code() > other.code();
    }
}

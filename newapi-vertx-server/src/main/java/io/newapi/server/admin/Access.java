package io.newapi.server.admin;

import io.newapi.core.access.Role;

/** Who may call an endpoint. */
enum Access {
    /** Everybody; no login is looked for unless the endpoint asks. */
    ANYONE(Role.GUEST),
    /** Any user who is logged in. */
    USER(Role.COMMON),
    /** Administrators and root. */
    ADMIN(Role.ADMIN),
    /** Root only. */
    ROOT(Role.ROOT);

    private final Role least;

    Access(Role least) {
        this.least = least;
    }

    /** Whether a login is needed at all. */
    boolean needsLogin() {
        return this != ANYONE;
    }

    boolean admits(Role role) {
        return role.atLeast(least);
    }
}

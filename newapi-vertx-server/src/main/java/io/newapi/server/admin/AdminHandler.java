package io.newapi.server.admin;

/** What an endpoint does: sequential, blocking code on a worker thread. */
@FunctionalInterface
interface AdminHandler {

    /** @throws Refused to end the call with a failure answer */
    Answer handle(AdminCall call);
}

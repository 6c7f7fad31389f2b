package io.newapi.server.auth;

/**
 * What a login cookie carries: never a role, a status or a name, because those may change while the cookie lives.
 *
 * @param loginId random id of the login's row, 32 characters of {@code [0-9a-z]}
 * @param userId the user who logged in
 * @param authVersion the user's auth version at login; a later version makes the ticket worthless
 */
public record LoginTicket(String loginId, long userId, long authVersion) {}

/**
 * Who is calling: API keys of relay clients ({@link io.newapi.server.auth.Callers}), and logins and access tokens of people who
 * operate the gateway ({@link io.newapi.server.auth.Logins}, {@link io.newapi.server.auth.AccessTokens}).
 *
 * <p>This package finds and proves identities. Whether an identity may do something is decided by {@code core.access} and by the
 * admin routes.
 */
@org.jspecify.annotations.NullMarked
package io.newapi.server.auth;

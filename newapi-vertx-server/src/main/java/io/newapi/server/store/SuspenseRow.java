package io.newapi.server.store;

/**
 * Something that found no account to be booked on.
 *
 * @param writer whose exchange it was, 32 hexadecimal digits
 * @param kind what kind of account is missing
 * @param accountId its id
 * @param units what its balance would have changed by; a charge is negative
 * @param reason why
 * @param createdAt when, in Unix seconds
 */
public record SuspenseRow(String writer, BookKind kind, long accountId, long units, String reason, long createdAt) {}

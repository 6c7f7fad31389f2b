package io.newapi.server.store;

/**
 * Something that an administrator did. Carries digests of what was there before and after, never the content, which may
 * be secret.
 *
 * @param id 0 for an entry that is yet to be stored
 * @param createdAt Unix seconds; 0 becomes now
 * @param operatorId the user, 0 for the gateway itself
 * @param auth how he had proved who he is, such as {@code session} or {@code access-token}
 * @param address the client's address
 * @param method the HTTP method or the name of the operation
 * @param target what it was done to, such as {@code channel/12}
 * @param beforeDigest empty for something new
 * @param afterDigest empty for something deleted
 */
public record AuditEntry(
        long id,
        long createdAt,
        long operatorId,
        String operator,
        String auth,
        String address,
        String method,
        String target,
        String beforeDigest,
        String afterDigest) {}

package io.newapi.core.access;

/**
 * Who calls, as far as access is concerned; the balance is the ledger's business.
 *
 * @param id positive
 * @param group the user's own group: it sets the prices and, unless a token names another, the routes
 * @param acceptsUnpricedModels whether the user agreed to call models that have no configured price
 * @param recordsAddress whether the user wants client addresses in the call log
 */
public record User(
        long id,
        String username,
        Role role,
        UserStatus status,
        String group,
        boolean acceptsUnpricedModels,
        boolean recordsAddress) {

    /** @throws IllegalArgumentException if {@code id} is not positive */
    public User {
        if (id <= 0) {
            throw new IllegalArgumentException("user id must be positive: " + id);
        }
        group = group.strip();
    }
}

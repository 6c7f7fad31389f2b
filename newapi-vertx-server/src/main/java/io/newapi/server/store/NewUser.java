package io.newapi.server.store;

/**
 * A user to be created. Group {@code ""} becomes {@code default}; the invitation code is made by the store.
 *
 * @param passwordHash bcrypt, or empty
 * @param quota starting quota
 * @param setting JSON text, may be empty
 * @param inviterId 0 for none
 */
public record NewUser(
        String username,
        String passwordHash,
        String displayName,
        int role,
        String email,
        long quota,
        String group,
        String setting,
        long inviterId) {

    /** An enabled user of group {@code default} with nothing else set. */
    public static NewUser of(String username, String passwordHash, String displayName, int role, long quota) {
        return new NewUser(username, passwordHash, displayName, role, "", quota, "", "", 0);
    }

    @Override
    public String toString() {
        return "NewUser[username=" + username + ", role=" + role + ", quota=" + quota + "]";
    }
}

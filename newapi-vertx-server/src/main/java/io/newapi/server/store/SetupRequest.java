package io.newapi.server.store;

/**
 * The answers of the first administrator, already checked.
 *
 * @param passwordHash bcrypt
 * @param selfUse whether models without a price may be called
 * @param demoSite whether a demo banner is shown
 * @param version the version of the program
 */
public record SetupRequest(String username, String passwordHash, boolean selfUse, boolean demoSite, String version) {

    @Override
    public String toString() {
        return "SetupRequest[username=" + username + ", selfUse=" + selfUse + ", demoSite=" + demoSite + "]";
    }
}

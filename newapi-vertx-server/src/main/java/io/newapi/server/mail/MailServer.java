package io.newapi.server.mail;

/**
 * The server that takes mail for others. Immutable; its text is without the token.
 *
 * @param host name or address
 * @param port its port
 * @param encrypted whether TLS begins with the connection; otherwise STARTTLS is asked for
 * @param account who sends; empty where the server wants no login
 * @param token the account's password; empty likewise
 * @param from the address that mail comes from
 */
public record MailServer(String host, int port, boolean encrypted, String account, String token, String from) {

    private static final int ENCRYPTED_PORT = 465;

    /** Port 465 is always encrypted, and mail comes from the account unless another address is given. */
    public MailServer {
        host = host.strip();
        account = account.strip();
        encrypted = encrypted || port == ENCRYPTED_PORT;
        from = from.isBlank() ? account : from.strip();
    }

    /** Whether it is told who sends. */
    boolean wantsLogin() {
        return !account.isEmpty() && !token.isEmpty();
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}

package io.newapi.server.redis;

import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.RedisOptions;

/**
 * How servers are spoken to. Immutable; its text hides the password.
 *
 * @param tls whether with TLS, the certificate checked for the server's host and against the JVM's trust store
 * @param user of their access control list; empty for the default one
 * @param password empty if they want none
 * @param database its number
 */
public record RedisAccess(boolean tls, String user, String password, int database) {

    private static final int CONNECT_MILLIS = 3_000;

    /**
     * What a client needs for one of them.
     *
     * @throws IllegalArgumentException if its address cannot be used
     */
    RedisOptions options(ServerAddress server) {
        if (!server.isUsable()) {
            throw new IllegalArgumentException("the address " + server + " cannot be used");
        }
        NetClientOptions net =
                new NetClientOptions().setConnectTimeout(CONNECT_MILLIS).setTcpNoDelay(true);
        if (tls) {
            net.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
        }
        RedisOptions options = new RedisOptions()
                .setConnectionString((tls ? "rediss://" : "redis://") + server + (database == 0 ? "" : "/" + database))
                .setNetClientOptions(net);
        if (!password.isEmpty()) {
            options.setPassword(password);
        }
        if (!user.isEmpty()) {
            options.setUser(user);
        }
        return options;
    }

    @Override
    public String toString() {
        return "RedisAccess[tls=" + tls + ", user=" + user + ", database=" + database + "]";
    }
}

package io.newapi.server.relay;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each request that is over. Names no key, and no query, in which a key may stand. */
final class AccessLog {

    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int MAX_PATH_CHARS = 200;

    /** What a server notes for a client that went away before its answer began. */
    private static final int CLIENT_GONE = 499;

    private AccessLog() {}

    static void write(Exchange exchange) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        String path = String.valueOf(exchange.request().path());
        LOG.info(
                "{} {} {} ms {} {} {}{}",
                exchange.requestId(),
                exchange.clientGone() && !exchange.answering()
                        ? CLIENT_GONE
                        : exchange.response().getStatusCode(),
                exchange.sinceStart(System.nanoTime()).toMillis(),
                exchange.clientAddress(),
                exchange.request().method(),
                path.length() <= MAX_PATH_CHARS ? path : path.substring(0, MAX_PATH_CHARS),
                exchange.summary());
    }
}

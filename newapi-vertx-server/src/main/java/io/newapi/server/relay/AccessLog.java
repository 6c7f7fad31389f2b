package io.newapi.server.relay;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each request that is over. Names no key, and no query, in which a key may stand. */
final class AccessLog {

    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int MAX_PATH_CHARS = 200;

    private AccessLog() {}

    static void write(Exchange exchange) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        String path = String.valueOf(exchange.request().path());
        LOG.info(
                "{} {} {} ms {} {} {}{}",
                exchange.requestId(),
                exchange.status(),
                exchange.sinceStart(System.nanoTime()).toMillis(),
                exchange.clientAddress(),
                exchange.request().method(),
                path.length() <= MAX_PATH_CHARS ? path : path.substring(0, MAX_PATH_CHARS),
                exchange.summary());
    }
}

package io.newapi.server.admin;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** Decides which of several nodes does what an administrator wants changed. */
@FunctionalInterface
public interface WriteRoute {

    /** Somebody is the master and does not answer: whether the write is done cannot be said now. */
    final class Unanswered extends RuntimeException {

        private static final long serialVersionUID = 1L;

        /** Without a trace: it is not about this node. */
        public Unanswered() {
            super("the master does not answer", null, false, false);
        }
    }

    /**
     * Has a write done, once. Fails with {@link Unanswered} if there is a master that does not answer.
     *
     * @param write what is to be done, for another node
     * @param here does it on this node; blocks, and throws {@link RuntimeException} if it is not done
     */
    Future<Rendered> perform(AdminWrite write, Supplier<Rendered> here);
}

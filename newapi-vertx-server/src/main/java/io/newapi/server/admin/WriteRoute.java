package io.newapi.server.admin;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** Decides which of several nodes does what an administrator wants changed. */
@FunctionalInterface
public interface WriteRoute {

    /**
     * Has a write done, once.
     *
     * @param write what is to be done, for another node
     * @param here does it on this node; blocks, and throws {@link RuntimeException} if it is not done
     */
    Future<Rendered> perform(AdminWrite write, Supplier<Rendered> here);
}

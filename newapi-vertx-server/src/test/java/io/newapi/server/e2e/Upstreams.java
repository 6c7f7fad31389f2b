package io.newapi.server.e2e;

import io.newapi.sandbox.Fault;
import io.newapi.sandbox.Sandbox;
import io.newapi.sandbox.SandboxOptions;
import io.newapi.sandbox.Script;
import java.util.ArrayList;
import java.util.List;

/** The mock upstreams of a test, closed together. */
final class Upstreams implements AutoCloseable {

    private final List<Sandbox> sandboxes = new ArrayList<>();

    /** One that answers by the script. */
    Sandbox start(Script script) {
        Sandbox sandbox = Sandbox.start(
                        SandboxOptions.DEFAULTS.withScript(script).withRemembered(1000))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        sandboxes.add(sandbox);
        return sandbox;
    }

    /** One that meets an accident whenever it is called. */
    Sandbox failing(String fault) {
        return start(Script.PLAIN.withFault(Fault.parse(fault)));
    }

    @Override
    public void close() {
        sandboxes.forEach(sandbox ->
                sandbox.close().toCompletionStage().toCompletableFuture().join());
    }
}

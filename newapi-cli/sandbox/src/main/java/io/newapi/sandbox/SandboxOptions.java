package io.newapi.sandbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a sandbox runs. Immutable; start from {@link #DEFAULTS}.
 *
 * @param host address to listen on
 * @param port TCP port, 0 for any free one
 * @param key the key that calls must carry where their provider takes it; absent: any call is served
 * @param script the answer when a request asks for nothing else
 * @param faultRate part of the answers that meet the script's fault, from 0 to 1; a fault that a request asks for always
 *     happens
 * @param seed decides, with the number of a request, whether that request meets the fault
 * @param models the models that are listed
 * @param remembered requests kept for inspection, 0 to 100,000
 * @param eventLoops event loops that serve, 1 to 64
 */
public record SandboxOptions(
        String host,
        int port,
        @Nullable String key,
        Script script,
        double faultRate,
        long seed,
        List<String> models,
        int remembered,
        int eventLoops) {

    /** Loopback, any free port, no key, plain answers, the last 200 requests remembered, one event loop. */
    public static final SandboxOptions DEFAULTS = new SandboxOptions(
            "127.0.0.1", 0, null, Script.PLAIN, 1, 0, List.of("gpt-4o", "gpt-4o-mini", "sandbox-model"), 200, 1);

    /** @throws IllegalArgumentException if a value is out of its range */
    public SandboxOptions {
        models = List.copyOf(models);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be from 0 to 65535: " + port);
        }
        if (!(faultRate >= 0 && faultRate <= 1)) {
            throw new IllegalArgumentException("fault rate must be from 0 to 1: " + faultRate);
        }
        if (remembered < 0 || remembered > 100_000) {
            throw new IllegalArgumentException("remembered requests must be from 0 to 100000: " + remembered);
        }
        if (eventLoops < 1 || eventLoops > 64) {
            throw new IllegalArgumentException("event loops must be from 1 to 64: " + eventLoops);
        }
        if (key != null && key.isEmpty()) {
            throw new IllegalArgumentException("the required key must not be empty");
        }
    }

    /** The same, listening elsewhere. */
    public SandboxOptions withAddress(String host, int port) {
        return new SandboxOptions(host, port, key, script, faultRate, seed, models, remembered, eventLoops);
    }

    /** The same, asking every call for this key. */
    public SandboxOptions withKey(String key) {
        return new SandboxOptions(host, port, key, script, faultRate, seed, models, remembered, eventLoops);
    }

    /** The same with another standard answer. */
    public SandboxOptions withScript(Script script) {
        return new SandboxOptions(host, port, key, script, faultRate, seed, models, remembered, eventLoops);
    }

    /** The same, where that part of the answers meets the script's fault. */
    public SandboxOptions withFaultRate(double faultRate, long seed) {
        return new SandboxOptions(host, port, key, script, faultRate, seed, models, remembered, eventLoops);
    }

    /** The same, listing these models. */
    public SandboxOptions withModels(List<String> models) {
        return new SandboxOptions(host, port, key, script, faultRate, seed, models, remembered, eventLoops);
    }

    /** The same, remembering that many requests. */
    public SandboxOptions withRemembered(int remembered) {
        return new SandboxOptions(host, port, key, script, faultRate, seed, models, remembered, eventLoops);
    }

    /** The same on that many event loops. */
    public SandboxOptions withEventLoops(int eventLoops) {
        return new SandboxOptions(host, port, key, script, faultRate, seed, models, remembered, eventLoops);
    }

    @Override
    public String toString() {
        return "SandboxOptions[" + host + ":" + port + (key == null ? "" : ", key required") + ", " + script + "]";
    }
}

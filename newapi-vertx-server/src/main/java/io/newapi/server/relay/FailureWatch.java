package io.newapi.server.relay;

import io.newapi.core.channel.DisableGround;
import io.newapi.core.channel.FailureReport;
import io.newapi.core.channel.FailureStreaks;
import io.newapi.core.channel.Selection.Selected;
import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.RelayError;
import java.util.Optional;

/** Watches how attempts go, and has a channel or key disabled whose calls the upstream keeps refusing. Thread-safe. */
public final class FailureWatch {

    private final FailureStreaks streaks;
    private final Disabling disabling;

    /** Nothing has failed yet. */
    public FailureWatch(FailureStreaks streaks, Disabling disabling) {
        this.streaks = streaks;
        this.disabling = disabling;
    }

    /** A call was answered. */
    void succeeded(Selected selected) {
        streaks.succeeded(selected);
    }

    /** An attempt of a call failed. */
    void failed(Call call, Selected selected, AttemptOutcome.Failed failed) {
        RelayError error = failed.error();
        FailureReport report = new FailureReport(failed.failure(), error.type(), error.code(), error.message());
        Optional<DisableGround> ground = call.world().options().disablePolicy().ground(selected.channel(), report);
        if (ground.isPresent()
                && !mayBeQuoted(call.request(), ground.get().keyword())
                && streaks.failed(selected, call.exchange().requestId(), ground.get())) {
            disabling.disable(selected, report.reason());
        }
    }

    /** Who writes a keyword into his prompt must not be able to disable what then quotes it. */
    private static boolean mayBeQuoted(ClientRequest request, String keyword) {
        return !keyword.isEmpty() && (request.bytes() >= RelaySettings.LARGE_BYTES || request.mentions(keyword));
    }
}

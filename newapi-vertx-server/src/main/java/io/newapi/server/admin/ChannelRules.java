package io.newapi.server.admin;

import io.newapi.core.channel.Channel;
import io.newapi.core.channel.CyclicModelMappingException;
import io.newapi.core.channel.ModelMapping;
import io.newapi.server.shape.ChannelShape;
import io.newapi.server.snapshot.ChannelReader;
import io.newapi.server.store.ChannelRow;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a channel must keep to beyond the form of its single fields, so that no write takes it out of service unseen. */
final class ChannelRules {

    /** As many rows of the routing table as one call may write: it keeps other writers waiting while it does. */
    static final int MAX_ROUTES = 100_000;

    private static final Pattern COLUMN_AND_REASON = Pattern.compile("([a-z_]+): (.*)", Pattern.DOTALL);

    private ChannelRules() {}

    /** What is wrong with a column. */
    private record Fault(String column, String reason) {}

    /** How many routes a channel has: one for each group and model. */
    static long routes(String groups, String models) {
        return names(groups) * names(models);
    }

    /** Refuses a call that would write too many routes. */
    static void requireFewRoutes(long routes) {
        if (routes > MAX_ROUTES) {
            throw Refused.because(
                    Message.FIELD_INVALID,
                    "models",
                    "more than " + MAX_ROUTES + " routes (channels x groups x models)");
        }
    }

    /** How many names a list has; no list of groups means one group. */
    private static long names(String list) {
        return Math.max(
                1,
                Arrays.stream(list.split(",", -1))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .count());
    }

    /** Refuses a new channel that no call could use. */
    static void requireUsable(ChannelRow made) {
        fault(made).ifPresent(ChannelRules::refuse);
    }

    /** Refuses a change after which no call could use the channel; what was wrong before may stay, so that it can be disabled. */
    static void requireUsable(ChannelRow before, ChannelRow after) {
        Optional<Fault> fault = fault(after);
        if (fault.isPresent() && !fault.equals(fault(before))) {
            refuse(fault.get());
        }
    }

    private static void refuse(Fault fault) {
        throw Refused.because(Message.FIELD_INVALID, fault.column(), fault.reason());
    }

    private static Optional<Fault> fault(ChannelRow row) {
        try {
            Channel channel = ChannelReader.read(row);
            ModelMapping.of(channel.modelMapping()).requireAcyclic();
            return ChannelShape.read(ChannelReader.shapeOf(row))
                    .fault()
                    .map(fault -> new Fault(fault.column(), fault.reason()));
        } catch (CyclicModelMappingException e) {
            return Optional.of(new Fault("model_mapping", String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException e) {
            String text = String.valueOf(e.getMessage());
            Matcher parts = COLUMN_AND_REASON.matcher(text);
            return Optional.of(
                    parts.matches() ? new Fault(parts.group(1), parts.group(2)) : new Fault("channel", text));
        }
    }
}

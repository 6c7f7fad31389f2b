package io.newapi.server.relay.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** What changes in a client's body before it goes to a provider that speaks its format. */
final class UpstreamEdits {

    private static final byte[] NOTHING = new byte[0];

    private UpstreamEdits() {}

    /**
     * The body with its changes.
     *
     * @param body in which {@code found} was found
     * @param upstreamModel the model's name at the provider
     * @param askForUsage whether the provider understands {@code stream_options}
     * @param allowed the guarded fields that may stay
     */
    static Content in(Content body, Found found, String upstreamModel, boolean askForUsage, Set<GuardedField> allowed) {
        Splice splice = new Splice(body);
        List<Guarded> removed = found.guarded.stream()
                .filter(it -> !allowed.contains(it.field()))
                .toList();
        rename(found, upstreamModel, splice);
        UsageSwitch asking = found.usageSwitch;
        if (asking != null && found.stream && askForUsage && !found.usageWanted) {
            String text = removed.stream().anyMatch(Guarded::isAllOfOptions) ? asking.alone() : asking.text();
            splice.replace(asking.start(), asking.end(), text.getBytes(StandardCharsets.UTF_8));
        }
        remove(removed, splice);
        return splice.content();
    }

    private static void rename(Found found, String upstreamModel, Splice splice) {
        String suffix = found.format.modelSuffix();
        String named = without(suffix, upstreamModel);
        boolean otherModel = !named.equals(without(suffix, found.model));
        for (ModelPlace place : found.modelPlaces) {
            if (place.missing() || otherModel) {
                splice.replace(place.start(), place.end(), place.text(named));
            }
        }
    }

    private static String without(String suffix, String name) {
        return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
    }

    /** Takes fields out, those side by side together, with the comma that becomes one too many. */
    private static void remove(List<Guarded> fields, Splice splice) {
        for (int i = 0; i < fields.size(); ) {
            Guarded first = fields.get(i);
            Guarded last = first;
            i++;
            while (i < fields.size() && fields.get(i).start() == last.startAfter()) {
                last = fields.get(i);
                i++;
            }
            if (first.endBefore() >= 0) {
                splice.replace(first.endBefore(), last.end(), NOTHING);
            } else {
                splice.replace(first.start(), Math.max(last.end(), last.startAfter()), NOTHING);
            }
        }
    }
}

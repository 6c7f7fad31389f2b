package io.newapi.core.channel;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * One account at an upstream provider: whom it serves, with which models, and how to reach it. Immutable; make one with
 * {@link #builder}. Its {@code toString} shows no key, and no base URL, which may hold a password.
 *
 * @param id positive
 * @param type the number of the provider's dialect
 * @param priority channels of a higher priority are tried first; any number
 * @param weight the share of calls among channels of the same priority, from 0 to {@link #MAX_WEIGHT}
 * @param groups the groups that may use it; trimmed, in their given order
 * @param models the models that it serves, under the names that clients use; trimmed, in their given order
 * @param baseUrl {@code ""} for the usual one of the type
 * @param organization the account's organisation at the upstream, {@code ""} for none
 * @param typeDetail what the type needs beside an address and a key, the version of Azure's API say; {@code ""} for none
 * @param responsesVersion the version of the API at which this account answers responses, if that is another (Azure); {@code ""} for none
 * @param createdAtSeconds when it was made, seconds since 1970; 0 if that is not known
 * @param modelMapping from the client's name of a model to the upstream's, see {@link ModelMapping}
 * @param statusCodeMapping from the upstream's HTTP status of a failure to the one to report, both from 100 to 599
 * @param autoBan whether the gateway may disable the channel after failures
 * @param switches what is switched on for it
 */
public record Channel(
        long id,
        int type,
        String name,
        ChannelStatus status,
        long priority,
        long weight,
        Set<String> groups,
        Set<String> models,
        ChannelKeys keys,
        String baseUrl,
        String organization,
        String typeDetail,
        String responsesVersion,
        long createdAtSeconds,
        Map<String, String> modelMapping,
        Map<Integer, Integer> statusCodeMapping,
        boolean autoBan,
        Set<ChannelSwitch> switches) {

    /** The largest weight; as many channels as fit into memory can be summed up. */
    public static final long MAX_WEIGHT = 0xFFFF_FFFFL;

    /** @throws IllegalArgumentException if a number is outside its range */
    public Channel {
        if (id <= 0) {
            throw new IllegalArgumentException("channel id must be positive: " + id);
        }
        if (weight < 0 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException("weight must be from 0 to " + MAX_WEIGHT + ": " + weight);
        }
        groups = trimmed(groups);
        models = trimmed(models);
        modelMapping = ModelMapping.of(modelMapping).targets();
        switches = Set.copyOf(switches);
        statusCodeMapping = Collections.unmodifiableMap(new LinkedHashMap<>(statusCodeMapping));
        statusCodeMapping.forEach((from, to) -> {
            requireStatus(from);
            requireStatus(to);
        });
    }

    /** An enabled channel of priority and weight 0, without groups or models, that may be banned. */
    public static Builder builder(long id, ChannelKeys keys) {
        return new Builder(id, keys);
    }

    /** A builder that starts with everything this channel has. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Whether calls may be routed to it: it is enabled and has a key to call with. */
    public boolean serving() {
        return status == ChannelStatus.ENABLED && keys.usable();
    }

    /**
     * The upstream's name for {@code model}.
     *
     * @throws CyclicModelMappingException if the mapping of {@code model} has no end: a fault of this channel, another may
     *     serve the call
     */
    public String upstreamModel(String model) {
        return ModelMapping.ofTrimmed(modelMapping).upstream(model);
    }

    /** The HTTP status to report when the upstream failed with {@code upstreamStatus}. */
    public int reportedStatus(int upstreamStatus) {
        return statusCodeMapping.getOrDefault(upstreamStatus, upstreamStatus);
    }

    @Override
    public String toString() {
        return "channel " + id + " (" + name + "): type " + type + ", " + status + ", priority " + priority
                + ", weight " + weight + ", groups " + groups + ", " + models.size() + " models, " + keys;
    }

    private static Set<String> trimmed(Set<String> names) {
        Set<String> kept = new LinkedHashSet<>();
        for (String name : names) {
            if (!name.isBlank()) {
                kept.add(name.strip());
            }
        }
        return Collections.unmodifiableSet(kept);
    }

    private static void requireStatus(int status) {
        if (status < 100 || status > 599) {
            throw new IllegalArgumentException("not an HTTP status from 100 to 599: " + status);
        }
    }

    /** Collects the parts of a channel. Not thread-safe. */
    public static final class Builder {
        private final long id;
        private ChannelKeys keys;
        private int type;
        private String name = "";
        private ChannelStatus status = ChannelStatus.ENABLED;
        private long priority;
        private long weight;
        private Set<String> groups = Set.of();
        private Set<String> models = Set.of();
        private String baseUrl = "";
        private String organization = "";
        private String typeDetail = "";
        private String responsesVersion = "";
        private long createdAtSeconds;
        private Map<String, String> modelMapping = Map.of();
        private Map<Integer, Integer> statusCodeMapping = Map.of();
        private boolean autoBan = true;
        private Set<ChannelSwitch> switches = Set.of();

        private Builder(long id, ChannelKeys keys) {
            this.id = id;
            this.keys = keys;
        }

        private Builder(Channel channel) {
            this(channel.id, channel.keys);
            type = channel.type;
            name = channel.name;
            status = channel.status;
            priority = channel.priority;
            weight = channel.weight;
            groups = channel.groups;
            models = channel.models;
            baseUrl = channel.baseUrl;
            organization = channel.organization;
            typeDetail = channel.typeDetail;
            responsesVersion = channel.responsesVersion;
            createdAtSeconds = channel.createdAtSeconds;
            modelMapping = channel.modelMapping;
            statusCodeMapping = channel.statusCodeMapping;
            autoBan = channel.autoBan;
            switches = channel.switches;
        }

        /** The number of the provider's dialect; 0 unless set. */
        public Builder type(int type) {
            this.type = type;
            return this;
        }

        /** What people call it; empty unless set. */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /** Enabled unless set. */
        public Builder status(ChannelStatus status) {
            this.status = status;
            return this;
        }

        /** Channels of a higher priority are tried first; 0 unless set, any number. */
        public Builder priority(long priority) {
            this.priority = priority;
            return this;
        }

        /** Its share of the calls of its priority, from 0 to {@link #MAX_WEIGHT}; 0 unless set. */
        public Builder weight(long weight) {
            this.weight = weight;
            return this;
        }

        /** The groups that may use it; none unless set. */
        public Builder groups(Collection<String> groups) {
            this.groups = new LinkedHashSet<>(groups);
            return this;
        }

        /** The models that it serves, under the names that clients use; none unless set. */
        public Builder models(Collection<String> models) {
            this.models = new LinkedHashSet<>(models);
            return this;
        }

        /** Other credentials than those it was begun with. */
        public Builder keys(ChannelKeys keys) {
            this.keys = keys;
            return this;
        }

        /** Where the provider is; empty, for the usual place, unless set. */
        public Builder baseUrl(String baseUrl) {
            this.baseUrl = baseUrl;
            return this;
        }

        /** The account's organisation at the upstream; empty, for none, unless set. */
        public Builder organization(String organization) {
            this.organization = organization;
            return this;
        }

        /** What the type needs beside an address and a key; empty, for nothing, unless set. */
        public Builder typeDetail(String typeDetail) {
            this.typeDetail = typeDetail;
            return this;
        }

        /** The version of the API for responses, where that is another; empty, for none, unless set. */
        public Builder responsesVersion(String responsesVersion) {
            this.responsesVersion = responsesVersion;
            return this;
        }

        /** When it was made, seconds since 1970; 0, for unknown, unless set. */
        public Builder createdAtSeconds(long createdAtSeconds) {
            this.createdAtSeconds = createdAtSeconds;
            return this;
        }

        /** From the client's name of a model to the upstream's; none unless set. */
        public Builder modelMapping(Map<String, String> modelMapping) {
            this.modelMapping = modelMapping;
            return this;
        }

        /** From the upstream's HTTP status of a failure to the one to report; none unless set. */
        public Builder statusCodeMapping(Map<Integer, Integer> statusCodeMapping) {
            this.statusCodeMapping = statusCodeMapping;
            return this;
        }

        /** Whether it may be disabled after failures; true unless set. */
        public Builder autoBan(boolean autoBan) {
            this.autoBan = autoBan;
            return this;
        }

        /** What is switched on for it; nothing unless set. */
        public Builder switches(Set<ChannelSwitch> switches) {
            this.switches = Set.copyOf(switches);
            return this;
        }

        /** @throws IllegalArgumentException if a number is outside its range */
        public Channel build() {
            return new Channel(
                    id,
                    type,
                    name,
                    status,
                    priority,
                    weight,
                    groups,
                    models,
                    keys,
                    baseUrl,
                    organization,
                    typeDetail,
                    responsesVersion,
                    createdAtSeconds,
                    modelMapping,
                    statusCodeMapping,
                    autoBan,
                    switches);
        }
    }
}

package io.newapi.server.relay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelKeys;
import io.newapi.core.channel.SelectedKey;
import io.newapi.core.pricing.AudioCall;
import io.newapi.core.pricing.AudioUsage;
import io.newapi.core.pricing.CallUse;
import io.newapi.core.pricing.Charge;
import io.newapi.core.pricing.ImageOrder;
import io.newapi.core.pricing.Price;
import io.newapi.core.pricing.Usage;
import io.newapi.core.quota.Quota;
import io.newapi.core.quota.Settlement;
import io.newapi.server.log.ConsumeLogEntry;
import io.newapi.server.relay.wire.MeteredUsage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a call used into its charge and its log row, and closes its reservation with them. Thread-safe. */
public final class Settling {

    private static final Logger LOG = LoggerFactory.getLogger(Settling.class);
    private static final JsonFactory JSON = new JsonFactory();
    private static final int MAX_CONTENT_CHARS = 1000;
    private static final int MAX_NAME_CHARS = 191;

    private final InstantSource clock;

    /** @param clock dates the log rows */
    public Settling(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Charges a call. When this returns, the charge is in the journal.
     *
     * @param key the channel's key that was used
     * @param usedChannels every channel that was tried, in order
     * @param note what is unusual about the call, for its log row; may be empty
     * @param upstreamRequestId the provider's own id of the call; may be empty
     */
    void settle(
            Call call,
            Channel channel,
            SelectedKey key,
            List<Long> usedChannels,
            MeteredUsage metered,
            String note,
            String upstreamRequestId) {
        Optional<ImageOrder> images = images(call, metered);
        Usage usage =
                images.map(delivered -> usage(call, metered.usage(), delivered)).orElse(metered.usage());
        Map<String, Object> other = new LinkedHashMap<>();
        String content = note;
        Optional<Charge> charge = charge(call, usage, images, metered.audio());
        charge.ifPresent(explained -> other.putAll(explained.other()));
        Quota quota = charge.map(Charge::quota).orElse(call.reservation().held());
        if (charge.isEmpty()) {
            content = "the reported usage has no price that can be booked; what was reserved is charged";
            LOG.error(
                    "request {}: usage of {} and {} text units has no price that can be booked; charged what was held",
                    call.exchange().requestId(),
                    usage.promptTokens(),
                    usage.completionTokens());
        }
        describe(call, channel, key, usedChannels, metered, other);
        boolean nothingUsed = usage.isZero();
        if (nothingUsed && content.isEmpty()) {
            content = "the upstream reported no usage; nothing was charged";
        }
        Settlement settlement = new Settlement(
                call.exchange().requestId(),
                quota,
                channel.id(),
                nothingUsed ? 0 : 1,
                usage.promptTokens(),
                usage.completionTokens(),
                clock.instant().getEpochSecond(),
                detail(call, channel, usage, quota, content, other, upstreamRequestId));
        if (call.reservation().settle(settlement)) {
            call.exchange().charged(channel.id(), quota);
        } else {
            LOG.error("request {} was to be charged twice; the second charge was dropped", settlement.requestId());
        }
    }

    /** What was delivered; empty if no images were asked for. */
    private static Optional<ImageOrder> images(Call call, MeteredUsage metered) {
        return Optional.ofNullable(call.request().images())
                .map(order -> metered.images() == MeteredUsage.AS_ORDERED ? order : order.delivered(metered.images()));
    }

    /** What images count for that nobody has counted: at a price for each, one; else what they are taken to have cost. */
    private static Usage usage(Call call, Usage reported, ImageOrder images) {
        if (!reported.isZero()) {
            return reported;
        }
        return call.quote().price() instanceof Price.PerCall
                ? Usage.of(images.count(), 0)
                : ImageOrder.uncounted(call.request().estimatedPromptTokens(), images.count());
    }

    /** Empty when no call costs so much. */
    private static Optional<Charge> charge(
            Call call, Usage usage, Optional<ImageOrder> images, @Nullable AudioUsage audio) {
        try {
            CallUse use = CallUse.of(usage);
            Charge charge = audio == null
                    ? call.quote().charge(images.map(use::withImages).orElse(use))
                    : call.quote().chargeAudio(AudioCall.REALTIME, use, audio);
            return charge.quota().units() <= Settlement.MAX_CHARGE_UNITS ? Optional.of(charge) : Optional.empty();
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** The log row; without its explanation if a journal could not take it. */
    private String detail(
            Call call,
            Channel channel,
            Usage usage,
            Quota quota,
            String content,
            Map<String, Object> other,
            String upstreamRequestId) {
        String detail = entry(call, channel, usage, quota, content, other, upstreamRequestId)
                .toJson();
        return detail.length() <= Settlement.MAX_DETAIL_CHARS
                ? detail
                : entry(call, channel, usage, quota, content, Map.of(), upstreamRequestId)
                        .toJson();
    }

    private ConsumeLogEntry entry(
            Call call,
            Channel channel,
            Usage usage,
            Quota quota,
            String content,
            Map<String, Object> other,
            String upstreamRequestId) {
        Exchange exchange = call.exchange();
        return new ConsumeLogEntry(
                clock.instant().getEpochSecond(),
                cut(call.caller().user().username(), MAX_NAME_CHARS),
                cut(call.caller().token().name(), MAX_NAME_CHARS),
                call.request().model(),
                quota.units(),
                exchange.sinceStart(System.nanoTime()).toSeconds(),
                call.request().stream(),
                call.group(),
                call.caller().user().recordsAddress() ? exchange.clientAddress() : "",
                cut(content, MAX_CONTENT_CHARS),
                json(other),
                exchange.requestId(),
                upstreamRequestId,
                call.caller().user().id(),
                call.caller().token().id(),
                channel.id(),
                usage.promptTokens(),
                usage.completionTokens(),
                call.world().options().logConsumeEnabled(),
                call.world().options().dataExportEnabled());
    }

    private static String cut(String text, int maxChars) {
        return text.length() <= maxChars ? text : text.substring(0, maxChars);
    }

    private static void describe(
            Call call,
            Channel channel,
            SelectedKey key,
            List<Long> usedChannels,
            MeteredUsage metered,
            Map<String, Object> other) {
        other.put("frt", call.exchange().firstByteMillis());
        other.put("request_path", call.exchange().request().path());
        String upstreamModel = channel.upstreamModel(call.request().model());
        if (!upstreamModel.equals(call.request().model())) {
            other.put("is_model_mapped", true);
            other.put("upstream_model_name", upstreamModel);
        }
        if (!call.request().reasoningEffort().isEmpty()) {
            other.put("reasoning_effort", call.request().reasoningEffort());
        }
        Map<String, Object> admin = new LinkedHashMap<>();
        admin.put("use_channel", usedChannels);
        if (channel.keys() instanceof ChannelKeys.Multi) {
            admin.put("is_multi_key", true);
            admin.put("multi_key_index", key.index());
        }
        if (metered.estimated()) {
            admin.put("local_count_tokens", true);
        }
        other.put("admin_info", admin);
    }

    private static String json(Map<String, Object> values) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(json, values);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object item : list) {
                json.writeString(String.valueOf(item));
            }
            json.writeEndArray();
        } else if (value instanceof BigDecimal number) {
            json.writeNumber(number.toPlainString());
        } else if (value instanceof Long || value instanceof Integer) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else {
            json.writeString(String.valueOf(value));
        }
    }
}

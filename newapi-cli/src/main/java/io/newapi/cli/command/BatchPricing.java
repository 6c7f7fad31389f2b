package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.Json;
import io.newapi.core.pricing.AmountOverflowException;
import io.newapi.core.pricing.AudioCall;
import io.newapi.core.pricing.Charge;
import io.newapi.core.pricing.PriceBook;
import io.newapi.core.pricing.Quote;
import io.newapi.core.pricing.expression.EvaluationException;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prices single lines of a batch. Not thread-safe. */
final class BatchPricing {

    private static final int OPENROUTER = 20;

    private final InstantSource clock;
    private final boolean explain;
    private @Nullable JsonNode lastOptions;
    private PriceBook lastBook = PriceBook.shipped();

    /**
     * @param clock the time, for prices that depend on it and lines that do not tell theirs
     * @param explain whether answers have the lines of the charge
     */
    BatchPricing(InstantSource clock, boolean explain) {
        this.clock = clock;
        this.explain = explain;
    }

    /**
     * Prices the line that the reader stands at.
     *
     * @param answer gets {@code quota}, or {@code error} with its code
     * @return whether there is a price
     */
    boolean price(LineReader reader, ObjectNode answer) {
        if (reader.isTooLong()) {
            return fail(answer, "line_too_long", "a line has at most " + LineReader.MOST_BYTES + " bytes");
        }
        try {
            if (Json.parse(reader.line()) instanceof ObjectNode line) {
                return price(line, answer);
            }
            return fail(answer, "invalid_line", "not a JSON object");
        } catch (IOException e) {
            return fail(answer, "invalid_json", "not valid JSON");
        } catch (AmountOverflowException | EvaluationException e) {
            return fail(answer, "model_price_error", String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            return fail(answer, "invalid_line", String.valueOf(e.getMessage()));
        }
    }

    private static boolean fail(ObjectNode answer, String code, String message) {
        answer.putObject("error").put("code", code).put("message", message);
        return false;
    }

    private boolean price(ObjectNode line, ObjectNode answer) {
        copy(line, "id", answer);
        copy(line, "request_id", answer);
        PriceBook book = book(line.path("options"));
        if (LogRow.isOne(line)) {
            LogRow row = new LogRow(line);
            if (!row.isCall()) {
                answer.put("quota", 0).put("note", "no call of a model");
                return true;
            }
            copy(line, "quota", answer);
            answer.set("logged", answer.path("quota"));
            return charge(row.quote(book), row.used(), row.audioCall(), line, answer);
        }
        String model = Fields.text(line, "model", "");
        if (model.isEmpty()) {
            throw new IllegalArgumentException("'model' is missing");
        }
        String userGroup = Fields.text(line, "user_group", "");
        String group = Fields.text(line, "group", userGroup.isEmpty() ? "default" : userGroup);
        Optional<Quote> quote = book.quote(
                        model,
                        userGroup.isEmpty() ? group : userGroup,
                        group,
                        line.path("accept_unpriced").asBoolean())
                .match(Optional::of, unpriced -> Optional.empty());
        if (quote.isEmpty()) {
            return fail(answer, "model_price_error", "no price for the model " + model);
        }
        return charge(quote.get(), UsageJson.read(line), UsageJson.audioCall(model), line, answer);
    }

    private static void copy(ObjectNode from, String field, ObjectNode to) {
        if (from.has(field)) {
            to.set(field, from.get(field));
        }
    }

    private PriceBook book(JsonNode options) {
        if (options.isMissingNode() || options.isNull()) {
            return PriceBook.shipped();
        }
        if (!options.equals(lastOptions)) {
            lastBook = PriceOptions.apply(PriceBook.shipped(), options);
            lastOptions = options;
        }
        return lastBook;
    }

    private boolean charge(
            Quote unbound, UsageJson.Used used, Optional<AudioCall> audioCall, ObjectNode line, ObjectNode answer) {
        Quote quote = unbound.forRequest(new JsonFacts(line.path("request"), line.path("headers")), time(line));
        UsageJson.Used corrected = used.channelType() == OPENROUTER
                ? used.with(quote.openRouterUsage(used.use().usage(), used.cost()))
                : used;
        Charge charge = audioCall.isPresent()
                ? quote.chargeAudio(audioCall.get(), corrected.use(), corrected.details())
                : quote.charge(corrected.use());
        answer.put("quota", charge.quota().units());
        if (explain) {
            answer.put("exact", ChargeJson.plain(charge.exact()));
            answer.set("lines", ChargeJson.lines(charge));
            answer.set("other", ChargeJson.other(charge));
        }
        return true;
    }

    /** When the call was made, if the line says so. */
    private InstantSource time(ObjectNode line) {
        JsonNode created = line.path("created_at");
        return created.isIntegralNumber() && created.canConvertToLong()
                ? InstantSource.fixed(
                        Instant.ofEpochSecond(Math.max(0, Math.min(created.longValue(), Instant.MAX.getEpochSecond()))))
                : clock;
    }
}

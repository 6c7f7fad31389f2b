package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Query;
import io.newapi.cli.output.Column;
import io.newapi.cli.output.View;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists log rows, newest first. */
@Command
final class LogListCommand extends ListCommand {

    /** What a row is about, with the server's number for it. */
    enum Type {
        ALL(0),
        TOPUP(1),
        CONSUME(2),
        MANAGE(3),
        SYSTEM(4),
        ERROR(5),
        REFUND(6);

        private final int code;

        Type(int code) {
            this.code = code;
        }
    }

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "all",
            order = 1,
            description = "all, topup, consume, manage, system, error or refund (default: ${DEFAULT-VALUE}).")
    private Type type = Type.ALL;

    @Option(
            names = "--since",
            paramLabel = "WHEN",
            order = 2,
            description = "Only from then on: 1h or 7d ago, or 2026-12-31, or 2026-12-31T10:00:00Z.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "WHEN", order = 3, description = "Only until then, as --since.")
    private @Nullable String until;

    @Option(names = "--user", paramLabel = "USERNAME", order = 4, description = "Only of this user.")
    private @Nullable String user;

    @Option(names = "--token", paramLabel = "NAME", order = 5, description = "Only of tokens with this name.")
    private @Nullable String token;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            order = 6,
            description = "Only of this model; %% stands for any text.")
    private @Nullable String model;

    @Option(names = "--channel", paramLabel = "ID", order = 7, description = "Only of this channel.")
    private @Nullable Long channel;

    @Option(names = "--group", paramLabel = "GROUP", order = 8, description = "Only of this group.")
    private @Nullable String group;

    @Option(names = "--self", order = 9, description = "Your own rows, for users who are no administrators.")
    private boolean self;

    @Option(
            names = "--explain",
            order = 10,
            description = "Below each row, how its quota adds up, computed again from the figures that it records, and"
                    + " those figures (JSON has them in \"other\").")
    private boolean explain;

    @Override
    void run(AdminClient client) {
        Query list = Query.of(self ? "/api/log/self" : "/api/log/")
                .with("type", type.code)
                .with("start_timestamp", seconds("--since", since))
                .with("end_timestamp", seconds("--until", until))
                .with("username", user)
                .with("token_name", token)
                .with("model_name", model)
                .with("channel", channel)
                .with("group", group);
        Supplier<BigDecimal> unitsPerUsd = once(() -> QuotaText.unitsPerUsd(client));
        printer()
                .page(
                        page(client, list),
                        View::log,
                        List.of(
                                Column.of("time"),
                                Column.of("type"),
                                Column.of("user"),
                                Column.of("token"),
                                Column.of("model"),
                                Column.of("channel"),
                                new Column("prompt", "prompt_tokens"),
                                new Column("completion", "completion_tokens"),
                                Column.of("quota")),
                        row -> explain ? explanation(row, unitsPerUsd) : List.of());
    }

    /** The server is asked when the first row needs the answer, and not again. */
    private static Supplier<BigDecimal> once(Supplier<BigDecimal> question) {
        AtomicReference<BigDecimal> answer = new AtomicReference<>();
        return () -> answer.updateAndGet(known -> known == null ? question.get() : known);
    }

    private static List<String> explanation(ObjectNode row, Supplier<BigDecimal> unitsPerUsd) {
        List<String> lines = new ArrayList<>();
        String content = row.path("content").asText();
        if (!content.isBlank()) {
            lines.add(oneLine(content));
        }
        lines.addAll(RecordedCharge.explain(row, unitsPerUsd));
        List<String> figures = new ArrayList<>();
        row.path("other")
                .fields()
                .forEachRemaining(figure -> figures.add(figure.getKey() + "=" + figure(figure.getValue())));
        if (!figures.isEmpty()) {
            lines.add(oneLine(String.join(" ", figures)));
        }
        return lines;
    }

    private static String figure(JsonNode value) {
        return value.isBigDecimal()
                ? value.decimalValue().toPlainString()
                : value.isTextual() ? value.asText() : value.toString();
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{C}+", " ");
    }

    private @Nullable Long seconds(String option, @Nullable String text) {
        if (text == null) {
            return null;
        }
        Instant at = TimeText.isDuration(text.toLowerCase(Locale.ROOT))
                ? surroundings().clock().instant().minus(TimeText.duration(option, text.toLowerCase(Locale.ROOT)))
                : TimeText.instant(option, text);
        return at.getEpochSecond();
    }
}

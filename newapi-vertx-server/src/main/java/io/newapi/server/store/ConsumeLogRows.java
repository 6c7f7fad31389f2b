package io.newapi.server.store;

import io.newapi.core.quota.JournalEntry;
import io.newapi.core.quota.Settlement;
import io.newapi.server.log.ConsumeLogEntry;
import io.newapi.server.store.Tables.Logs;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rows in {@code logs} that tell of charges. */
final class ConsumeLogRows {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumeLogRows.class);

    private static final List<Field<?>> COLUMNS = List.of(
            Logs.USER_ID,
            Logs.CREATED_AT,
            Logs.TYPE,
            Logs.CONTENT,
            Logs.USERNAME,
            Logs.TOKEN_NAME,
            Logs.MODEL_NAME,
            Logs.QUOTA,
            Logs.PROMPT_TOKENS,
            Logs.COMPLETION_TOKENS,
            Logs.USE_TIME,
            Logs.IS_STREAM,
            Logs.CHANNEL_ID,
            Logs.TOKEN_ID,
            Logs.GROUP,
            Logs.IP,
            Logs.OTHER,
            Logs.REQUEST_ID,
            Logs.UPSTREAM_REQUEST_ID);

    private ConsumeLogRows() {}

    /**
     * What is to be written of a settlement, if anything. A row that nobody can read is given up: it must not hold up the
     * charges of everybody.
     */
    static Optional<ConsumeLogEntry> of(JournalEntry entry) {
        Settlement settlement = entry.settlement();
        if (settlement.detail().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ConsumeLogEntry.fromJson(settlement.detail())).filter(ConsumeLogEntry::written);
        } catch (IllegalArgumentException e) {
            LOG.error("the log row of request {} is lost, its charge is not", settlement.requestId(), e);
            return Optional.empty();
        }
    }

    /** Whether it could be written. */
    static boolean insert(DSLContext context, ConsumeLogEntry log, Misfits misfits) {
        boolean written = misfits.fits(context, () -> insert(context, log).execute());
        if (!written) {
            lost(log);
        }
        return written;
    }

    /** The statement that writes it. */
    static Query insert(DSLContext context, ConsumeLogEntry log) {
        return insert(context, values(log));
    }

    /** Says that a row could not be written. */
    static void lost(ConsumeLogEntry log) {
        LOG.error("the log row of request {} is lost, its charge is not: a value does not fit", log.requestId());
    }

    /** All or none of them. */
    static void insert(DSLContext context, List<ConsumeLogEntry> logs) {
        if (!logs.isEmpty()) {
            Object[][] rows = logs.stream().map(ConsumeLogRows::values).toArray(Object[][]::new);
            context.batch(insert(context, new Object[COLUMNS.size()]))
                    .bind(rows)
                    .execute();
        }
    }

    private static Query insert(DSLContext context, Object[] values) {
        return context.insertInto(Logs.TABLE, COLUMNS).values(Arrays.asList(values));
    }

    /** In the order of the columns. */
    private static Object[] values(ConsumeLogEntry log) {
        return new Object[] {
            log.userId(),
            log.createdAt(),
            LogType.CONSUME.code(),
            log.content(),
            log.username(),
            log.tokenName(),
            log.modelName(),
            log.quota(),
            log.promptTokens(),
            log.completionTokens(),
            log.useTimeSeconds(),
            log.stream(),
            log.channelId(),
            log.tokenId(),
            log.group(),
            log.address(),
            log.other(),
            log.requestId(),
            log.upstreamRequestId()
        };
    }
}

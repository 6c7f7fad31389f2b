package io.newapi.server.store;

import static io.newapi.server.store.Nulls.number;
import static io.newapi.server.store.Nulls.text;

import io.newapi.server.store.Tables.Audit;
import java.time.InstantSource;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;

/** What administrators did. Entries are added, and never changed or removed. */
public final class AuditStore {

    private static final List<Field<?>> COLUMNS = List.of(
            Audit.ID,
            Audit.CREATED_AT,
            Audit.OPERATOR_ID,
            Audit.OPERATOR,
            Audit.AUTH,
            Audit.ADDRESS,
            Audit.METHOD,
            Audit.TARGET,
            Audit.BEFORE_DIGEST,
            Audit.AFTER_DIGEST);

    private final Database database;
    private final InstantSource clock;

    /** The audit of {@code database}. */
    public AuditStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Adds an entry. Inside {@link Database#write} it is kept if, and only if, what it tells about is kept. */
    public void append(AuditEntry entry) {
        database.write(context -> context.insertInto(Audit.TABLE)
                .set(Audit.CREATED_AT, entry.createdAt() == 0 ? clock.instant().getEpochSecond() : entry.createdAt())
                .set(Audit.OPERATOR_ID, entry.operatorId())
                .set(Audit.OPERATOR, entry.operator())
                .set(Audit.AUTH, entry.auth())
                .set(Audit.ADDRESS, entry.address())
                .set(Audit.METHOD, entry.method())
                .set(Audit.TARGET, entry.target())
                .set(Audit.BEFORE_DIGEST, entry.beforeDigest())
                .set(Audit.AFTER_DIGEST, entry.afterDigest())
                .execute());
    }

    /** Entries, the newest first. */
    public Page<AuditEntry> page(PageRequest request) {
        return database.read(context -> new Page<>(
                context.select(COLUMNS)
                        .from(Audit.TABLE)
                        .orderBy(Audit.ID.desc())
                        .limit(request.size())
                        .offset(request.offset())
                        .fetch(AuditStore::entry),
                context.fetchCount(Audit.TABLE),
                request));
    }

    private static AuditEntry entry(Record row) {
        return new AuditEntry(
                number(row, Audit.ID),
                number(row, Audit.CREATED_AT),
                number(row, Audit.OPERATOR_ID),
                text(row, Audit.OPERATOR),
                text(row, Audit.AUTH),
                text(row, Audit.ADDRESS),
                text(row, Audit.METHOD),
                text(row, Audit.TARGET),
                text(row, Audit.BEFORE_DIGEST),
                text(row, Audit.AFTER_DIGEST));
    }
}

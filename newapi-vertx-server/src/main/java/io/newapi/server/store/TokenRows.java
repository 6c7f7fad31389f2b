package io.newapi.server.store;

import static io.newapi.server.store.Nulls.code;
import static io.newapi.server.store.Nulls.flag;
import static io.newapi.server.store.Nulls.number;
import static io.newapi.server.store.Nulls.text;

import io.newapi.server.store.Tables.Tokens;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;

/** The columns of a {@link TokenRow} and how it is made of them. */
final class TokenRows {

    private static final Field<Long> LEASED = BalanceStore.leased(AccountKind.TOKEN, Tokens.ID);

    static final List<Field<?>> COLUMNS = List.of(
            Tokens.ID,
            Tokens.USER_ID,
            Tokens.KEY,
            Tokens.STATUS,
            Tokens.NAME,
            Tokens.CREATED_TIME,
            Tokens.ACCESSED_TIME,
            Tokens.EXPIRED_TIME,
            Tokens.REMAIN_QUOTA,
            Tokens.UNLIMITED_QUOTA,
            Tokens.MODEL_LIMITS_ENABLED,
            Tokens.MODEL_LIMITS,
            Tokens.ALLOW_IPS,
            Tokens.USED_QUOTA,
            Tokens.GROUP,
            Tokens.DELETED_AT,
            Tokens.CROSS_GROUP_RETRY,
            LEASED);

    private TokenRows() {}

    static TokenRow row(Record row) {
        return new TokenRow(
                number(row, Tokens.ID),
                number(row, Tokens.USER_ID),
                text(row, Tokens.KEY),
                code(row, Tokens.STATUS),
                text(row, Tokens.NAME),
                number(row, Tokens.CREATED_TIME),
                number(row, Tokens.ACCESSED_TIME),
                number(row, Tokens.EXPIRED_TIME),
                number(row, Tokens.REMAIN_QUOTA),
                number(row, LEASED),
                flag(row, Tokens.UNLIMITED_QUOTA),
                flag(row, Tokens.MODEL_LIMITS_ENABLED),
                text(row, Tokens.MODEL_LIMITS),
                text(row, Tokens.ALLOW_IPS),
                number(row, Tokens.USED_QUOTA),
                text(row, Tokens.GROUP),
                Dialect.time(row, Tokens.DELETED_AT),
                flag(row, Tokens.CROSS_GROUP_RETRY));
    }
}

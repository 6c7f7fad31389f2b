package io.newapi.server.store;

import static io.newapi.server.store.Nulls.code;
import static io.newapi.server.store.Nulls.number;
import static io.newapi.server.store.Nulls.text;

import io.newapi.server.store.Tables.Users;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;

/** The columns of a {@link UserRow} and how it is made of them. */
final class UserRows {

    private static final Field<Long> LEASED = BalanceStore.leased(AccountKind.USER, Users.ID);

    static final List<Field<?>> COLUMNS = List.of(
            Users.ID,
            Users.USERNAME,
            Users.PASSWORD,
            Users.DISPLAY_NAME,
            Users.ROLE,
            Users.STATUS,
            Users.EMAIL,
            Users.GITHUB_ID,
            Users.DISCORD_ID,
            Users.OIDC_ID,
            Users.WECHAT_ID,
            Users.TELEGRAM_ID,
            Users.QUOTA,
            Users.USED_QUOTA,
            Users.REQUEST_COUNT,
            Users.GROUP,
            Users.AFF_CODE,
            Users.AFF_COUNT,
            Users.AFF_QUOTA,
            Users.AFF_HISTORY,
            Users.INVITER_ID,
            Users.DELETED_AT,
            Users.LINUX_DO_ID,
            Users.SETTING,
            Users.REMARK,
            Users.STRIPE_CUSTOMER,
            LEASED);

    private UserRows() {}

    static UserRow row(Record row) {
        return new UserRow(
                number(row, Users.ID),
                text(row, Users.USERNAME),
                text(row, Users.PASSWORD),
                text(row, Users.DISPLAY_NAME),
                code(row, Users.ROLE),
                code(row, Users.STATUS),
                text(row, Users.EMAIL),
                text(row, Users.GITHUB_ID),
                text(row, Users.DISCORD_ID),
                text(row, Users.OIDC_ID),
                text(row, Users.WECHAT_ID),
                text(row, Users.TELEGRAM_ID),
                number(row, Users.QUOTA),
                number(row, LEASED),
                number(row, Users.USED_QUOTA),
                number(row, Users.REQUEST_COUNT),
                text(row, Users.GROUP),
                text(row, Users.AFF_CODE),
                number(row, Users.AFF_COUNT),
                number(row, Users.AFF_QUOTA),
                number(row, Users.AFF_HISTORY),
                number(row, Users.INVITER_ID),
                Dialect.time(row, Users.DELETED_AT),
                text(row, Users.LINUX_DO_ID),
                text(row, Users.SETTING),
                text(row, Users.REMARK),
                text(row, Users.STRIPE_CUSTOMER));
    }
}

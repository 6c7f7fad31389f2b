package io.newapi.server.store;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.BOOLEAN;
import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.INTEGER;
import static org.jooq.impl.SQLDataType.NUMERIC;

import java.math.BigDecimal;
import org.jooq.Converter;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** The tables and columns that queries name. All names are quoted: {@code group} and {@code key} are reserved words. */
final class Tables {

    private Tables() {}

    private static Table<Record> of(String table) {
        return table(name(table));
    }

    private static Field<Long> number(String table, String column) {
        return field(name(table, column), BIGINT);
    }

    private static Field<Integer> code(String table, String column) {
        return field(name(table, column), INTEGER);
    }

    private static Field<String> text(String table, String column) {
        return field(name(table, column), CLOB);
    }

    /** A {@code char} column, which PostgreSQL fills with blanks and the others do not. */
    private static Field<String> padded(String table, String column) {
        return field(
                name(table, column),
                CLOB.asConvertedDataType(
                        Converter.ofNullable(String.class, String.class, String::stripTrailing, text -> text)));
    }

    private static Field<Boolean> flag(String table, String column) {
        return field(name(table, column), BOOLEAN);
    }

    static final class Users {
        private static final String T = "users";
        static final Table<Record> TABLE = of(T);
        static final Field<Long> ID = number(T, "id");
        static final Field<String> USERNAME = text(T, "username");
        static final Field<String> PASSWORD = text(T, "password");
        static final Field<String> DISPLAY_NAME = text(T, "display_name");
        static final Field<Integer> ROLE = code(T, "role");
        static final Field<Integer> STATUS = code(T, "status");
        static final Field<String> EMAIL = text(T, "email");
        static final Field<String> GITHUB_ID = text(T, "github_id");
        static final Field<String> DISCORD_ID = text(T, "discord_id");
        static final Field<String> OIDC_ID = text(T, "oidc_id");
        static final Field<String> WECHAT_ID = text(T, "wechat_id");
        static final Field<String> TELEGRAM_ID = text(T, "telegram_id");
        static final Field<String> ACCESS_TOKEN = padded(T, "access_token");
        static final Field<Long> QUOTA = number(T, "quota");
        static final Field<Long> USED_QUOTA = number(T, "used_quota");
        static final Field<Long> REQUEST_COUNT = number(T, "request_count");
        static final Field<String> GROUP = text(T, "group");
        static final Field<String> AFF_CODE = text(T, "aff_code");
        static final Field<Long> AFF_COUNT = number(T, "aff_count");
        static final Field<Long> AFF_QUOTA = number(T, "aff_quota");
        static final Field<Long> AFF_HISTORY = number(T, "aff_history");
        static final Field<Long> INVITER_ID = number(T, "inviter_id");
        static final Field<String> DELETED_AT = text(T, "deleted_at");
        static final Field<String> LINUX_DO_ID = text(T, "linux_do_id");
        static final Field<String> SETTING = text(T, "setting");
        static final Field<String> REMARK = text(T, "remark");
        static final Field<String> STRIPE_CUSTOMER = text(T, "stripe_customer");

        private Users() {}
    }

    static final class Tokens {
        private static final String T = "tokens";
        static final Table<Record> TABLE = of(T);
        static final Field<Long> ID = number(T, "id");
        static final Field<Long> USER_ID = number(T, "user_id");
        static final Field<String> KEY = padded(T, "key");
        static final Field<Integer> STATUS = code(T, "status");
        static final Field<String> NAME = text(T, "name");
        static final Field<Long> CREATED_TIME = number(T, "created_time");
        static final Field<Long> ACCESSED_TIME = number(T, "accessed_time");
        static final Field<Long> EXPIRED_TIME = number(T, "expired_time");
        static final Field<Long> REMAIN_QUOTA = number(T, "remain_quota");
        static final Field<Boolean> UNLIMITED_QUOTA = flag(T, "unlimited_quota");
        static final Field<Boolean> MODEL_LIMITS_ENABLED = flag(T, "model_limits_enabled");
        static final Field<String> MODEL_LIMITS = text(T, "model_limits");
        static final Field<String> ALLOW_IPS = text(T, "allow_ips");
        static final Field<Long> USED_QUOTA = number(T, "used_quota");
        static final Field<String> GROUP = text(T, "group");
        static final Field<String> DELETED_AT = text(T, "deleted_at");
        static final Field<Boolean> CROSS_GROUP_RETRY = flag(T, "cross_group_retry");

        private Tokens() {}
    }

    static final class Channels {
        private static final String T = "channels";
        static final Table<Record> TABLE = of(T);
        static final Field<Long> ID = number(T, "id");
        static final Field<Integer> TYPE = code(T, "type");
        static final Field<String> KEY = text(T, "key");
        static final Field<String> ORGANIZATION = text(T, "open_ai_organization");
        static final Field<String> TEST_MODEL = text(T, "test_model");
        static final Field<Integer> STATUS = code(T, "status");
        static final Field<String> NAME = text(T, "name");
        static final Field<Long> WEIGHT = number(T, "weight");
        static final Field<Long> CREATED_TIME = number(T, "created_time");
        static final Field<Long> TEST_TIME = number(T, "test_time");
        static final Field<Long> RESPONSE_TIME = number(T, "response_time");
        static final Field<String> BASE_URL = text(T, "base_url");
        static final Field<String> OTHER = text(T, "other");
        static final Field<BigDecimal> BALANCE = field(name(T, "balance"), NUMERIC);
        static final Field<Long> BALANCE_UPDATED_TIME = number(T, "balance_updated_time");
        static final Field<String> MODELS = text(T, "models");
        static final Field<String> GROUP = text(T, "group");
        static final Field<Long> USED_QUOTA = number(T, "used_quota");
        static final Field<String> MODEL_MAPPING = text(T, "model_mapping");
        static final Field<String> STATUS_CODE_MAPPING = text(T, "status_code_mapping");
        static final Field<Long> PRIORITY = number(T, "priority");
        static final Field<Integer> AUTO_BAN = code(T, "auto_ban");
        static final Field<String> OTHER_INFO = text(T, "other_info");
        static final Field<String> TAG = text(T, "tag");
        static final Field<String> SETTING = text(T, "setting");
        static final Field<String> PARAM_OVERRIDE = text(T, "param_override");
        static final Field<String> HEADER_OVERRIDE = text(T, "header_override");
        static final Field<String> REMARK = text(T, "remark");
        static final Field<String> CHANNEL_INFO = text(T, "channel_info");
        static final Field<String> SETTINGS = text(T, "settings");

        private Channels() {}
    }

    static final class Abilities {
        private static final String T = "abilities";
        static final Table<Record> TABLE = of(T);
        static final Field<String> GROUP = text(T, "group");
        static final Field<String> MODEL = text(T, "model");
        static final Field<Long> CHANNEL_ID = number(T, "channel_id");
        static final Field<Boolean> ENABLED = flag(T, "enabled");
        static final Field<Long> PRIORITY = number(T, "priority");
        static final Field<Long> WEIGHT = number(T, "weight");
        static final Field<String> TAG = text(T, "tag");

        private Abilities() {}
    }

    static final class Options {
        private static final String T = "options";
        static final Table<Record> TABLE = of(T);
        static final Field<String> KEY = text(T, "key");
        static final Field<String> VALUE = text(T, "value");

        private Options() {}
    }

    static final class Logs {
        private static final String T = "logs";
        static final Table<Record> TABLE = of(T);
        static final Field<Long> ID = number(T, "id");
        static final Field<Long> USER_ID = number(T, "user_id");
        static final Field<Long> CREATED_AT = number(T, "created_at");
        static final Field<Integer> TYPE = code(T, "type");
        static final Field<String> CONTENT = text(T, "content");
        static final Field<String> USERNAME = text(T, "username");
        static final Field<String> TOKEN_NAME = text(T, "token_name");
        static final Field<String> MODEL_NAME = text(T, "model_name");
        static final Field<Long> QUOTA = number(T, "quota");
        static final Field<Long> PROMPT_TOKENS = number(T, "prompt_tokens");
        static final Field<Long> COMPLETION_TOKENS = number(T, "completion_tokens");
        static final Field<Long> USE_TIME = number(T, "use_time");
        static final Field<Boolean> IS_STREAM = flag(T, "is_stream");
        static final Field<Long> CHANNEL_ID = number(T, "channel_id");
        static final Field<Long> TOKEN_ID = number(T, "token_id");
        static final Field<String> GROUP = text(T, "group");
        static final Field<String> IP = text(T, "ip");
        static final Field<String> OTHER = text(T, "other");
        static final Field<String> REQUEST_ID = text(T, "request_id");
        static final Field<String> UPSTREAM_REQUEST_ID = text(T, "upstream_request_id");

        private Logs() {}
    }

    static final class Setups {
        private static final String T = "setups";
        static final Table<Record> TABLE = of(T);
        static final Field<Long> ID = number(T, "id");
        static final Field<String> VERSION = text(T, "version");
        static final Field<Long> INITIALIZED_AT = number(T, "initialized_at");

        private Setups() {}
    }

    static final class Leases {
        private static final String T = "newapi_leases";
        static final Table<Record> TABLE = of(T);
        static final Field<String> WRITER_ID = text(T, "writer_id");
        static final Field<Integer> KIND = code(T, "kind");
        static final Field<Long> ACCOUNT_ID = number(T, "account_id");
        static final Field<Long> HELD = number(T, "held");
        static final Field<Integer> RECALL = code(T, "recall");

        private Leases() {}
    }

    static final class Credits {
        private static final String T = "newapi_credits";
        static final Table<Record> TABLE = of(T);
        static final Field<Long> ID = number(T, "id");
        static final Field<Integer> KIND = code(T, "kind");
        static final Field<Long> ACCOUNT_ID = number(T, "account_id");
        static final Field<Long> AMOUNT = number(T, "amount");
        static final Field<String> REASON = text(T, "reason");
        static final Field<Long> CREDITED_BY = number(T, "credited_by");
        static final Field<Long> CREATED_AT = number(T, "created_at");

        private Credits() {}
    }

    static final class Logins {
        private static final String T = "newapi_logins";
        static final Table<Record> TABLE = of(T);
        static final Field<String> LOGIN_ID = text(T, "login_id");
        static final Field<Long> USER_ID = number(T, "user_id");
        static final Field<Long> CREATED_AT = number(T, "created_at");
        static final Field<Long> LAST_SEEN_AT = number(T, "last_seen_at");
        static final Field<Long> EXPIRES_AT = number(T, "expires_at");
        static final Field<Long> REVOKED_AT = number(T, "revoked_at");

        private Logins() {}
    }

    static final class AccessTokens {
        private static final String T = "newapi_access_tokens";
        static final Table<Record> TABLE = of(T);
        static final Field<Long> ID = number(T, "id");
        static final Field<Long> USER_ID = number(T, "user_id");
        static final Field<String> TOKEN_HASH = text(T, "token_hash");
        static final Field<String> NAME = text(T, "name");
        static final Field<Long> CREATED_AT = number(T, "created_at");
        static final Field<Long> EXPIRES_AT = number(T, "expires_at");
        static final Field<Long> LAST_USED_AT = number(T, "last_used_at");
        static final Field<Long> REVOKED_AT = number(T, "revoked_at");

        private AccessTokens() {}
    }

    static final class Audit {
        private static final String T = "newapi_audit";
        static final Table<Record> TABLE = of(T);
        static final Field<Long> ID = number(T, "id");
        static final Field<Long> CREATED_AT = number(T, "created_at");
        static final Field<Long> OPERATOR_ID = number(T, "operator_id");
        static final Field<String> OPERATOR = text(T, "operator");
        static final Field<String> AUTH = text(T, "auth");
        static final Field<String> ADDRESS = text(T, "address");
        static final Field<String> METHOD = text(T, "method");
        static final Field<String> TARGET = text(T, "target");
        static final Field<String> BEFORE_DIGEST = text(T, "before_digest");
        static final Field<String> AFTER_DIGEST = text(T, "after_digest");

        private Audit() {}
    }

    static final class UserVersions {
        private static final String T = "newapi_user_versions";
        static final Table<Record> TABLE = of(T);
        static final Field<Long> USER_ID = number(T, "user_id");
        static final Field<Long> AUTH_VERSION = number(T, "auth_version");

        private UserVersions() {}
    }

    /** The original's own list of its nodes, which only its later versions have; ours read it where it is. */
    static final class Originals {
        static final String NAME = "system_instances";
        static final Table<Record> TABLE = of(NAME);
        static final Field<String> NODE_NAME = text(NAME, "node_name");
        static final Field<Long> LAST_SEEN_AT = number(NAME, "last_seen_at");

        private Originals() {}
    }

    static final class Nodes {
        private static final String T = "newapi_nodes";
        static final Table<Record> TABLE = of(T);
        static final Field<String> RUN_ID = text(T, "run_id");
        static final Field<String> NODE_NAME = text(T, "node_name");
        static final Field<Long> STARTED_AT = number(T, "started_at");
        static final Field<Long> SEEN_AT = number(T, "seen_at");
        static final Field<Long> LEFT_AT = number(T, "left_at");
        static final Field<Long> REPORTED_AT = number(T, "reported_at");
        static final Field<String> FACTS = text(T, "facts");

        private Nodes() {}
    }

    static final class Master {
        private static final String T = "newapi_master";
        static final Table<Record> TABLE = of(T);
        static final Field<Long> ID = number(T, "id");
        static final Field<String> RUN_ID = text(T, "run_id");
        static final Field<Long> EPOCH = number(T, "epoch");
        static final Field<Long> VALID_UNTIL = number(T, "valid_until");
        static final Field<String> PREVIOUS_RUN_ID = text(T, "previous_run_id");
        static final Field<Long> TOLD_EPOCH = number(T, "told_epoch");

        private Master() {}
    }

    static final class Writes {
        private static final String T = "newapi_writes";
        static final Table<Record> TABLE = of(T);
        static final Field<String> WRITE_ID = text(T, "write_id");
        static final Field<Long> CREATED_AT = number(T, "created_at");
        static final Field<String> ANSWER = text(T, "answer");

        private Writes() {}
    }
}

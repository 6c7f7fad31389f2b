package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {

    private static final List<String> ORIGINAL = List.of(
            "abilities",
            "channels",
            "logs",
            "midjourneys",
            "models",
            "options",
            "passkey_credentials",
            "prefill_groups",
            "quota_data",
            "redemptions",
            "setups",
            "tasks",
            "tokens",
            "top_ups",
            "two_fa_backup_codes",
            "two_fas",
            "users",
            "vendors");

    @TempDir
    Path directory;

    @Test
    void aNewFileHasTheEighteenTablesAndOurs() {
        Path file = newFile();

        List<String> tables = TestDatabase.query(
                file, "select name from sqlite_master where type = 'table' and name not like 'sqlite%' order by name");

        assertThat(tables.stream().filter(name -> !name.startsWith("newapi_"))).containsExactlyElementsOf(ORIGINAL);
        assertThat(tables.stream().filter(name -> name.startsWith("newapi_")))
                .containsExactly(
                        "newapi_access_tokens",
                        "newapi_audit",
                        "newapi_books",
                        "newapi_credits",
                        "newapi_leases",
                        "newapi_ledger_suspense",
                        "newapi_ledger_writers",
                        "newapi_log_positions",
                        "newapi_logins",
                        "newapi_master",
                        "newapi_nodes",
                        "newapi_removed_logs",
                        "newapi_sequences",
                        "newapi_user_versions",
                        "newapi_writes");
    }

    @Test
    void usersHaveTheColumnsOfTheOriginal() {
        assertThat(columns(newFile(), "users"))
                .containsExactly(
                        "id|integer|0|null|1",
                        "username|text|0|null|0",
                        "password|text|1|null|0",
                        "display_name|text|0|null|0",
                        "role|integer|0|1|0",
                        "status|integer|0|1|0",
                        "email|text|0|null|0",
                        "github_id|text|0|null|0",
                        "discord_id|text|0|null|0",
                        "oidc_id|text|0|null|0",
                        "wechat_id|text|0|null|0",
                        "telegram_id|text|0|null|0",
                        "access_token|char(32)|0|null|0",
                        "quota|integer|0|0|0",
                        "used_quota|integer|0|0|0",
                        "request_count|integer|0|0|0",
                        "group|varchar(64)|0|\"default\"|0",
                        "aff_code|varchar(32)|0|null|0",
                        "aff_count|integer|0|0|0",
                        "aff_quota|integer|0|0|0",
                        "aff_history|integer|0|0|0",
                        "inviter_id|integer|0|null|0",
                        "deleted_at|datetime|0|null|0",
                        "linux_do_id|text|0|null|0",
                        "setting|text|0|null|0",
                        "remark|varchar(255)|0|null|0",
                        "stripe_customer|varchar(64)|0|null|0");
    }

    @Test
    void tokensHaveTheColumnsOfTheOriginal() {
        assertThat(columns(newFile(), "tokens"))
                .containsExactly(
                        "id|integer|0|null|1",
                        "user_id|integer|0|null|0",
                        "key|char(48)|0|null|0",
                        "status|integer|0|1|0",
                        "name|text|0|null|0",
                        "created_time|integer|0|null|0",
                        "accessed_time|integer|0|null|0",
                        "expired_time|integer|0|-1|0",
                        "remain_quota|integer|0|0|0",
                        "unlimited_quota|numeric|0|null|0",
                        "model_limits_enabled|numeric|0|null|0",
                        "model_limits|varchar(1024)|0|\"\"|0",
                        "allow_ips|text|0|\"\"|0",
                        "used_quota|integer|0|0|0",
                        "group|text|0|\"\"|0",
                        "deleted_at|datetime|0|null|0",
                        "cross_group_retry|numeric|0|null|0");
    }

    @Test
    void abilitiesAreKeyedByGroupModelAndChannel() {
        assertThat(columns(newFile(), "abilities"))
                .containsExactly(
                        "group|varchar(64)|0|null|1",
                        "model|varchar(255)|0|null|2",
                        "channel_id|integer|0|null|3",
                        "enabled|numeric|0|null|0",
                        "priority|integer|0|0|0",
                        "weight|integer|0|0|0",
                        "tag|text|0|null|0");
    }

    @Test
    void oddColumnsOfOtherTablesAreAsInTheOriginal() {
        Path file = newFile();

        assertThat(columns(file, "options")).containsExactly("key|text|0|null|1", "value|text|0|null|0");
        assertThat(columns(file, "setups"))
                .containsExactly(
                        "id|integer|0|null|1", "version|varchar(50)|1|null|0", "initialized_at|bigint|1|null|0");
        assertThat(columns(file, "channels"))
                .hasSize(30)
                .contains("key|text|1|null|0", "balance|real|0|null|0", "channel_info|json|0|null|0");
        assertThat(columns(file, "logs"))
                .hasSize(21)
                .contains("channel_name|text|0|null|0", "request_id|varchar(64)|0|\"\"|0");
        assertThat(columns(file, "redemptions")).contains("quota|integer|0|100|0", "key|char(32)|0|null|0");
        assertThat(columns(file, "quota_data")).hasSize(12).contains("token_id|integer|0|0|0");
        assertThat(columns(file, "two_fas")).contains("user_id|integer|1|null|0", "locked_until|datetime|0|null|0");
    }

    @Test
    void indexesHaveTheNamesOfTheOriginal() {
        Path file = newFile();

        assertThat(indexes(file, "users"))
                .containsExactly(
                        "idx_users_access_token|1",
                        "idx_users_aff_code|1",
                        "idx_users_deleted_at|0",
                        "idx_users_discord_id|0",
                        "idx_users_display_name|0",
                        "idx_users_email|0",
                        "idx_users_git_hub_id|0",
                        "idx_users_inviter_id|0",
                        "idx_users_linux_do_id|0",
                        "idx_users_oidc_id|0",
                        "idx_users_stripe_customer|0",
                        "idx_users_telegram_id|0",
                        "idx_users_username|0",
                        "idx_users_we_chat_id|0",
                        "sqlite_autoindex_users_1|1");
        assertThat(indexes(file, "tokens"))
                .containsExactly(
                        "idx_tokens_deleted_at|0", "idx_tokens_key|1", "idx_tokens_name|0", "idx_tokens_user_id|0");
        assertThat(indexes(file, "logs"))
                .contains("idx_created_at_id|0", "idx_created_at_type|0", "index_username_model_name|0")
                .hasSize(14);
        assertThat(indexes(file, "models")).contains("uk_model_name_delete_at|1");
        assertThat(TestDatabase.query(file, "select sql from sqlite_master where name = 'uk_prefill_name'"))
                .containsExactly(
                        "CREATE UNIQUE INDEX `uk_prefill_name` ON `prefill_groups`(`name`) WHERE `deleted_at` IS NULL");
    }

    @Test
    void aTableIsWrittenInOneLineAsTheOriginalExpects() {
        assertThat(TestDatabase.query(newFile(), "select sql from sqlite_master where name = 'setups'"))
                .containsExactly("CREATE TABLE `setups` (`id` integer,`version` varchar(50) NOT NULL,"
                        + "`initialized_at` bigint NOT NULL,PRIMARY KEY (`id`))");
    }

    @Test
    void doingItAgainChangesNothing() {
        try (Database database = TestDatabase.open(directory.resolve("new.db"))) {
            assertThat(Schema.create(database).tables()).hasSize(33);

            Schema.Additions second = Schema.create(database);

            assertThat(second.tables()).isEmpty();
            assertThat(second.columns()).isEmpty();
            assertThat(second.indexes()).isEmpty();
        }
    }

    @Test
    void whoLeavesTheOriginalsTablesToOthersMakesOurs() {
        try (Database database = Database.open(DatabaseConfig.of(SqliteLocation.of(directory.resolve("ours.db"))))) {
            Schema.Additions first = Schema.createOurs(database);

            assertThat(first.tables()).contains("newapi_nodes").allMatch(name -> name.startsWith("newapi_"));
            assertThat(first.absent()).containsExactlyInAnyOrderElementsOf(ORIGINAL);

            assertThat(Schema.create(database).tables()).containsExactlyInAnyOrderElementsOf(ORIGINAL);
            assertThat(Schema.createOurs(database))
                    .isEqualTo(new Schema.Additions(List.of(), List.of(), List.of(), List.of(), List.of()));
        }
    }

    @Test
    void aFileOfTheOriginalKeepsItsDataAndGainsOnlyWhatIsMissing() {
        Path file = TestDatabase.original(directory);
        List<String> before = TestDatabase.query(file, "select id, username, password, quota, setting from users");
        List<String> logs = TestDatabase.query(file, "select id, user_id, created_at, type, quota from logs");

        try (Database database = TestDatabase.open(file)) {
            Schema.Additions additions = Schema.create(database);

            assertThat(additions.tables()).allMatch(name -> name.startsWith("newapi_"));
            assertThat(additions.columns())
                    .containsExactlyInAnyOrder(
                            "tokens.cross_group_retry",
                            "logs.request_id",
                            "logs.upstream_request_id",
                            "top_ups.payment_provider",
                            "quota_data.use_group",
                            "quota_data.token_id",
                            "quota_data.channel_id",
                            "quota_data.node_name");
        }

        assertThat(TestDatabase.query(file, "select id, username, password, quota, setting from users"))
                .isEqualTo(before);
        assertThat(TestDatabase.query(file, "select id, user_id, created_at, type, quota from logs"))
                .isEqualTo(logs);
        assertThat(TestDatabase.query(file, "select request_id from logs where id = 1"))
                .containsExactly("");
        assertThat(TestDatabase.query(file, "select sql from sqlite_master where name = 'idx_created_at_id'"))
                .as("an existing index is not touched")
                .containsExactly("CREATE INDEX `idx_created_at_id` ON `logs`(`id`,`created_at`)");
    }

    @Test
    void theRowsOfTheOriginalAreReadWithNullAsZero() {
        Path file = TestDatabase.original(directory);

        try (Database database = TestDatabase.open(file)) {
            Schema.create(database);
            Stores stores = Stores.of(database, () -> TestDatabase.NOW);

            UserRow root = stores.users().byLogin("root").orElseThrow();
            assertThat(root.quota()).isEqualTo(99_999_000);
            assertThat(root.role()).isEqualTo(100);
            UserRow sparse = stores.users().byLogin("sparse").orElseThrow();
            assertThat(List.of(sparse.role(), sparse.status())).containsExactly(0, 0);
            assertThat(sparse.quota()).isZero();
            assertThat(sparse.group()).isEmpty();
            assertThat(stores.users().byLogin("gone")).isEmpty();
            assertThat(stores.users().byIdWithDeleted(3).orElseThrow().deletedAt())
                    .contains(Instant.parse("2025-12-01T10:20:30.123456789Z"));
            TokenRow bare = stores.tokens()
                    .byKey("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeee")
                    .orElseThrow();
            assertThat(bare.expiredTime()).isEqualTo(-1);
            assertThat(bare.unlimitedQuota()).isFalse();
            assertThat(bare.crossGroupRetry()).isFalse();
            ChannelRow channel = stores.channels().byId(2).orElseThrow();
            assertThat(channel.name()).isEmpty();
            assertThat(channel.autoBan()).isEqualTo(1);
            assertThat(channel.balance()).isZero();
            assertThat(stores.options().all()).containsEntry("SomeKeyOfALaterVersion", "kept");
            assertThat(stores.logs().page(LogFilter.ALL, PageRequest.first()).items())
                    .extracting(LogRow::type)
                    .containsExactly(0, 2);
            assertThat(stores.setup().status().done()).isTrue();
        }
    }

    @Test
    void columnsAndTablesOfALaterVersionAreTolerated() {
        Path file = TestDatabase.original(directory);
        TestDatabase.execute(file, "alter table users add column auth_version bigint not null default 1");
        TestDatabase.execute(file, "alter table users add column created_at integer");
        TestDatabase.execute(file, "create table user_sessions (sid varchar(64) primary key)");

        try (Database database = TestDatabase.open(file)) {
            Schema.create(database);
            Stores stores = Stores.of(database, () -> TestDatabase.NOW);

            assertThat(stores.users().create(NewUser.of("new", "hash", "New", 1, 7), 0))
                    .isInstanceOf(UserOutcome.Saved.class);
        }

        assertThat(TestDatabase.query(file, "select auth_version from users where username = 'new'"))
                .containsExactly("1");
        assertThat(TestDatabase.query(file, "select count(*) from user_sessions"))
                .containsExactly("0");
    }

    @Test
    void aUniqueIndexThatTheDataForbidsIsReportedByName() {
        Path file = TestDatabase.original(directory);
        TestDatabase.execute(file, "drop index idx_tokens_key");
        TestDatabase.execute(file, "update tokens set `key` = 'same'");

        try (Database database = TestDatabase.open(file)) {
            assertThatExceptionOfType(DatabaseException.class)
                    .isThrownBy(() -> Schema.create(database))
                    .withMessageContaining("idx_tokens_key")
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(DatabaseException.Reason.SCHEMA));
        }

        assertThat(TestDatabase.query(file, "select name from sqlite_master where name like 'newapi%'"))
                .as("nothing is half done")
                .isEmpty();
    }

    private Path newFile() {
        Path file = directory.resolve("new.db");
        try (Database database = TestDatabase.open(file)) {
            Schema.create(database);
        }
        return file;
    }

    /** Name, type, not null, default, position in the primary key. */
    private static List<String> columns(Path file, String table) {
        return TestDatabase.query(
                file, "select name, lower(type), \"notnull\", dflt_value, pk from pragma_table_info('" + table + "')");
    }

    /** Name and whether it is unique. */
    private static List<String> indexes(Path file, String table) {
        return TestDatabase.query(
                file, "select name, \"unique\" from pragma_index_list('" + table + "') order by name");
    }
}

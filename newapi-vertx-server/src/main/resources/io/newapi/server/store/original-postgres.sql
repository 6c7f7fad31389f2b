-- The tables of New API as its own migration makes them in PostgreSQL (2025-12, with the columns and indexes that 2026-07
-- added to logs, quota_data, tokens and top_ups). A missing table is created from here, a missing column is added with
-- what follows its name, a missing index is created; nothing else is ever changed. One column a line.

CREATE TABLE "channels" (
  "id" bigserial,
  "type" bigint DEFAULT 0,
  "key" text NOT NULL,
  "open_ai_organization" text,
  "test_model" text,
  "status" bigint DEFAULT 1,
  "name" text,
  "weight" bigint DEFAULT 0,
  "created_time" bigint,
  "test_time" bigint,
  "response_time" bigint,
  "base_url" text DEFAULT '',
  "other" text,
  "balance" decimal,
  "balance_updated_time" bigint,
  "models" text,
  "group" varchar(64) DEFAULT 'default',
  "used_quota" bigint DEFAULT 0,
  "model_mapping" text,
  "status_code_mapping" varchar(1024) DEFAULT '',
  "priority" bigint DEFAULT 0,
  "auto_ban" bigint DEFAULT 1,
  "other_info" text,
  "tag" text,
  "setting" text,
  "param_override" text,
  "header_override" text,
  "remark" varchar(255),
  "channel_info" json,
  "settings" text,
  PRIMARY KEY ("id")
);
CREATE INDEX "idx_channels_name" ON "channels"("name");
CREATE INDEX "idx_channels_tag" ON "channels"("tag");

CREATE TABLE "tokens" (
  "id" bigserial,
  "user_id" bigint,
  "key" char(48),
  "status" bigint DEFAULT 1,
  "name" text,
  "created_time" bigint,
  "accessed_time" bigint,
  "expired_time" bigint DEFAULT -1,
  "remain_quota" bigint DEFAULT 0,
  "unlimited_quota" boolean,
  "model_limits_enabled" boolean,
  "model_limits" varchar(1024) DEFAULT '',
  "allow_ips" text DEFAULT '',
  "used_quota" bigint DEFAULT 0,
  "group" text DEFAULT '',
  "deleted_at" timestamptz,
  "cross_group_retry" boolean,
  PRIMARY KEY ("id")
);
CREATE INDEX "idx_tokens_deleted_at" ON "tokens"("deleted_at");
CREATE INDEX "idx_tokens_name" ON "tokens"("name");
CREATE INDEX "idx_tokens_user_id" ON "tokens"("user_id");
CREATE UNIQUE INDEX "idx_tokens_key" ON "tokens"("key");

CREATE TABLE "users" (
  "id" bigserial,
  "username" text UNIQUE,
  "password" text NOT NULL,
  "display_name" text,
  "role" bigint DEFAULT 1,
  "status" bigint DEFAULT 1,
  "email" text,
  "github_id" text,
  "discord_id" text,
  "oidc_id" text,
  "wechat_id" text,
  "telegram_id" text,
  "access_token" char(32),
  "quota" bigint DEFAULT 0,
  "used_quota" bigint DEFAULT 0,
  "request_count" bigint DEFAULT 0,
  "group" varchar(64) DEFAULT 'default',
  "aff_code" varchar(32),
  "aff_count" bigint DEFAULT 0,
  "aff_quota" bigint DEFAULT 0,
  "aff_history" bigint DEFAULT 0,
  "inviter_id" bigint,
  "deleted_at" timestamptz,
  "linux_do_id" text,
  "setting" text,
  "remark" varchar(255),
  "stripe_customer" varchar(64),
  PRIMARY KEY ("id")
);
CREATE INDEX "idx_users_deleted_at" ON "users"("deleted_at");
CREATE INDEX "idx_users_discord_id" ON "users"("discord_id");
CREATE INDEX "idx_users_display_name" ON "users"("display_name");
CREATE INDEX "idx_users_email" ON "users"("email");
CREATE INDEX "idx_users_git_hub_id" ON "users"("github_id");
CREATE INDEX "idx_users_inviter_id" ON "users"("inviter_id");
CREATE INDEX "idx_users_linux_do_id" ON "users"("linux_do_id");
CREATE INDEX "idx_users_oidc_id" ON "users"("oidc_id");
CREATE INDEX "idx_users_stripe_customer" ON "users"("stripe_customer");
CREATE INDEX "idx_users_telegram_id" ON "users"("telegram_id");
CREATE INDEX "idx_users_username" ON "users"("username");
CREATE INDEX "idx_users_we_chat_id" ON "users"("wechat_id");
CREATE UNIQUE INDEX "idx_users_access_token" ON "users"("access_token");
CREATE UNIQUE INDEX "idx_users_aff_code" ON "users"("aff_code");

CREATE TABLE "passkey_credentials" (
  "id" bigserial,
  "user_id" bigint NOT NULL,
  "credential_id" varchar(512) NOT NULL,
  "public_key" text NOT NULL,
  "attestation_type" varchar(255),
  "aa_guid" varchar(512),
  "sign_count" bigint DEFAULT 0,
  "clone_warning" boolean,
  "user_present" boolean,
  "user_verified" boolean,
  "backup_eligible" boolean,
  "backup_state" boolean,
  "transports" text,
  "attachment" varchar(32),
  "last_used_at" timestamptz,
  "created_at" timestamptz,
  "updated_at" timestamptz,
  "deleted_at" timestamptz,
  PRIMARY KEY ("id")
);
CREATE INDEX "idx_passkey_credentials_deleted_at" ON "passkey_credentials"("deleted_at");
CREATE UNIQUE INDEX "idx_passkey_credentials_credential_id" ON "passkey_credentials"("credential_id");
CREATE UNIQUE INDEX "idx_passkey_credentials_user_id" ON "passkey_credentials"("user_id");

CREATE TABLE "options" (
  "key" text NOT NULL,
  "value" text,
  PRIMARY KEY ("key")
);

CREATE TABLE "redemptions" (
  "id" bigserial,
  "user_id" bigint,
  "key" char(32),
  "status" bigint DEFAULT 1,
  "name" text,
  "quota" bigint DEFAULT 100,
  "created_time" bigint,
  "redeemed_time" bigint,
  "used_user_id" bigint,
  "deleted_at" timestamptz,
  "expired_time" bigint,
  PRIMARY KEY ("id")
);
CREATE INDEX "idx_redemptions_deleted_at" ON "redemptions"("deleted_at");
CREATE INDEX "idx_redemptions_name" ON "redemptions"("name");
CREATE UNIQUE INDEX "idx_redemptions_key" ON "redemptions"("key");

CREATE TABLE "abilities" (
  "group" varchar(64) NOT NULL,
  "model" varchar(255) NOT NULL,
  "channel_id" bigint NOT NULL,
  "enabled" boolean,
  "priority" bigint DEFAULT 0,
  "weight" bigint DEFAULT 0,
  "tag" text,
  PRIMARY KEY ("group","model","channel_id")
);
CREATE INDEX "idx_abilities_channel_id" ON "abilities"("channel_id");
CREATE INDEX "idx_abilities_priority" ON "abilities"("priority");
CREATE INDEX "idx_abilities_tag" ON "abilities"("tag");
CREATE INDEX "idx_abilities_weight" ON "abilities"("weight");

CREATE TABLE "logs" (
  "id" bigserial,
  "user_id" bigint,
  "created_at" bigint,
  "type" bigint,
  "content" text,
  "username" text DEFAULT '',
  "token_name" text DEFAULT '',
  "model_name" text DEFAULT '',
  "quota" bigint DEFAULT 0,
  "prompt_tokens" bigint DEFAULT 0,
  "completion_tokens" bigint DEFAULT 0,
  "use_time" bigint DEFAULT 0,
  "is_stream" boolean,
  "channel_id" bigint,
  "channel_name" text,
  "token_id" bigint DEFAULT 0,
  "group" text,
  "ip" text DEFAULT '',
  "other" text,
  "request_id" varchar(64) DEFAULT '',
  "upstream_request_id" varchar(128) DEFAULT '',
  PRIMARY KEY ("id")
);
CREATE INDEX "idx_created_at_id" ON "logs"("created_at","id");
CREATE INDEX "idx_created_at_type" ON "logs"("created_at","type");
CREATE INDEX "idx_logs_channel_id" ON "logs"("channel_id");
CREATE INDEX "idx_logs_group" ON "logs"("group");
CREATE INDEX "idx_logs_ip" ON "logs"("ip");
CREATE INDEX "idx_logs_model_name" ON "logs"("model_name");
CREATE INDEX "idx_logs_token_id" ON "logs"("token_id");
CREATE INDEX "idx_logs_token_name" ON "logs"("token_name");
CREATE INDEX "idx_logs_user_id" ON "logs"("user_id");
CREATE INDEX "idx_logs_username" ON "logs"("username");
CREATE INDEX "index_username_model_name" ON "logs"("model_name","username");
CREATE INDEX "idx_user_id_id" ON "logs"("user_id","id");
CREATE INDEX "idx_logs_request_id" ON "logs"("request_id");
CREATE INDEX "idx_logs_upstream_request_id" ON "logs"("upstream_request_id");

CREATE TABLE "midjourneys" (
  "id" bigserial,
  "code" bigint,
  "user_id" bigint,
  "action" varchar(40),
  "mj_id" text,
  "prompt" text,
  "prompt_en" text,
  "description" text,
  "state" text,
  "submit_time" bigint,
  "start_time" bigint,
  "finish_time" bigint,
  "image_url" text,
  "video_url" text,
  "video_urls" text,
  "status" varchar(20),
  "progress" varchar(30),
  "fail_reason" text,
  "channel_id" bigint,
  "quota" bigint,
  "buttons" text,
  "properties" text,
  PRIMARY KEY ("id")
);
CREATE INDEX "idx_midjourneys_action" ON "midjourneys"("action");
CREATE INDEX "idx_midjourneys_finish_time" ON "midjourneys"("finish_time");
CREATE INDEX "idx_midjourneys_mj_id" ON "midjourneys"("mj_id");
CREATE INDEX "idx_midjourneys_progress" ON "midjourneys"("progress");
CREATE INDEX "idx_midjourneys_start_time" ON "midjourneys"("start_time");
CREATE INDEX "idx_midjourneys_status" ON "midjourneys"("status");
CREATE INDEX "idx_midjourneys_submit_time" ON "midjourneys"("submit_time");
CREATE INDEX "idx_midjourneys_user_id" ON "midjourneys"("user_id");

CREATE TABLE "top_ups" (
  "id" bigserial,
  "user_id" bigint,
  "amount" bigint,
  "money" decimal,
  "trade_no" varchar(255) UNIQUE,
  "payment_method" varchar(50),
  "create_time" bigint,
  "complete_time" bigint,
  "status" text,
  "payment_provider" varchar(50) DEFAULT '',
  PRIMARY KEY ("id")
);
CREATE INDEX "idx_top_ups_trade_no" ON "top_ups"("trade_no");
CREATE INDEX "idx_top_ups_user_id" ON "top_ups"("user_id");

CREATE TABLE "quota_data" (
  "id" bigserial,
  "user_id" bigint,
  "username" varchar(64) DEFAULT '',
  "model_name" varchar(64) DEFAULT '',
  "created_at" bigint,
  "token_used" bigint DEFAULT 0,
  "count" bigint DEFAULT 0,
  "quota" bigint DEFAULT 0,
  "use_group" varchar(64) DEFAULT '',
  "token_id" bigint DEFAULT 0,
  "channel_id" bigint DEFAULT 0,
  "node_name" varchar(64) DEFAULT '',
  PRIMARY KEY ("id")
);
CREATE INDEX "idx_qdt_created_at" ON "quota_data"("created_at");
CREATE INDEX "idx_qdt_model_user_name" ON "quota_data"("model_name","username");
CREATE INDEX "idx_quota_data_user_id" ON "quota_data"("user_id");
CREATE INDEX "idx_quota_data_use_group" ON "quota_data"("use_group");
CREATE INDEX "idx_quota_data_token_id" ON "quota_data"("token_id");
CREATE INDEX "idx_quota_data_channel_id" ON "quota_data"("channel_id");
CREATE INDEX "idx_quota_data_node_name" ON "quota_data"("node_name");

CREATE TABLE "tasks" (
  "id" bigserial,
  "created_at" bigint,
  "updated_at" bigint,
  "task_id" varchar(191),
  "platform" varchar(30),
  "user_id" bigint,
  "group" varchar(50),
  "channel_id" bigint,
  "quota" bigint,
  "action" varchar(40),
  "status" varchar(20),
  "fail_reason" text,
  "submit_time" bigint,
  "start_time" bigint,
  "finish_time" bigint,
  "progress" varchar(20),
  "properties" json,
  "private_data" json,
  "data" json,
  PRIMARY KEY ("id")
);
CREATE INDEX "idx_tasks_action" ON "tasks"("action");
CREATE INDEX "idx_tasks_channel_id" ON "tasks"("channel_id");
CREATE INDEX "idx_tasks_created_at" ON "tasks"("created_at");
CREATE INDEX "idx_tasks_finish_time" ON "tasks"("finish_time");
CREATE INDEX "idx_tasks_platform" ON "tasks"("platform");
CREATE INDEX "idx_tasks_progress" ON "tasks"("progress");
CREATE INDEX "idx_tasks_start_time" ON "tasks"("start_time");
CREATE INDEX "idx_tasks_status" ON "tasks"("status");
CREATE INDEX "idx_tasks_submit_time" ON "tasks"("submit_time");
CREATE INDEX "idx_tasks_task_id" ON "tasks"("task_id");
CREATE INDEX "idx_tasks_user_id" ON "tasks"("user_id");

CREATE TABLE "models" (
  "id" bigserial,
  "model_name" varchar(128) NOT NULL,
  "description" text,
  "icon" varchar(128),
  "tags" varchar(255),
  "vendor_id" bigint,
  "endpoints" text,
  "status" bigint DEFAULT 1,
  "sync_official" bigint DEFAULT 1,
  "created_time" bigint,
  "updated_time" bigint,
  "deleted_at" timestamptz,
  "name_rule" bigint DEFAULT 0,
  PRIMARY KEY ("id")
);
CREATE INDEX "idx_models_deleted_at" ON "models"("deleted_at");
CREATE INDEX "idx_models_vendor_id" ON "models"("vendor_id");
CREATE UNIQUE INDEX "uk_model_name_delete_at" ON "models"("model_name","deleted_at");

CREATE TABLE "vendors" (
  "id" bigserial,
  "name" varchar(128) NOT NULL,
  "description" text,
  "icon" varchar(128),
  "status" bigint DEFAULT 1,
  "created_time" bigint,
  "updated_time" bigint,
  "deleted_at" timestamptz,
  PRIMARY KEY ("id")
);
CREATE INDEX "idx_vendors_deleted_at" ON "vendors"("deleted_at");
CREATE UNIQUE INDEX "uk_vendor_name_delete_at" ON "vendors"("name","deleted_at");

CREATE TABLE "prefill_groups" (
  "id" bigserial,
  "name" varchar(64) NOT NULL,
  "type" varchar(32) NOT NULL,
  "items" json,
  "description" varchar(255),
  "created_time" bigint,
  "updated_time" bigint,
  "deleted_at" timestamptz,
  PRIMARY KEY ("id")
);
CREATE INDEX "idx_prefill_groups_deleted_at" ON "prefill_groups"("deleted_at");
CREATE INDEX "idx_prefill_groups_type" ON "prefill_groups"("type");
CREATE UNIQUE INDEX "uk_prefill_name" ON "prefill_groups"("name") WHERE "deleted_at" IS NULL;

CREATE TABLE "setups" (
  "id" bigserial,
  "version" varchar(50) NOT NULL,
  "initialized_at" bigint NOT NULL,
  PRIMARY KEY ("id")
);

CREATE TABLE "two_fas" (
  "id" bigserial,
  "user_id" bigint NOT NULL UNIQUE,
  "secret" varchar(255) NOT NULL,
  "is_enabled" boolean,
  "failed_attempts" bigint DEFAULT 0,
  "locked_until" timestamptz,
  "last_used_at" timestamptz,
  "created_at" timestamptz,
  "updated_at" timestamptz,
  "deleted_at" timestamptz,
  PRIMARY KEY ("id")
);
CREATE INDEX "idx_two_fas_deleted_at" ON "two_fas"("deleted_at");
CREATE INDEX "idx_two_fas_user_id" ON "two_fas"("user_id");

CREATE TABLE "two_fa_backup_codes" (
  "id" bigserial,
  "user_id" bigint NOT NULL,
  "code_hash" varchar(255) NOT NULL,
  "is_used" boolean,
  "used_at" timestamptz,
  "created_at" timestamptz,
  "deleted_at" timestamptz,
  PRIMARY KEY ("id")
);
CREATE INDEX "idx_two_fa_backup_codes_deleted_at" ON "two_fa_backup_codes"("deleted_at");
CREATE INDEX "idx_two_fa_backup_codes_user_id" ON "two_fa_backup_codes"("user_id");

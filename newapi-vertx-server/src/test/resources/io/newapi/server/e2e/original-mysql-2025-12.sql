-- The tables of the original of 2025-12 as its migration makes them in MySQL and MariaDB, and a few rows of each kind that
-- matters, some with NULLs.
CREATE TABLE `users` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `username` varchar(191),
  `password` longtext NOT NULL,
  `display_name` varchar(191),
  `role` bigint DEFAULT 1,
  `status` bigint DEFAULT 1,
  `email` varchar(191),
  `github_id` varchar(191),
  `discord_id` varchar(191),
  `oidc_id` varchar(191),
  `wechat_id` varchar(191),
  `telegram_id` varchar(191),
  `access_token` char(32),
  `quota` bigint DEFAULT 0,
  `used_quota` bigint DEFAULT 0,
  `request_count` bigint DEFAULT 0,
  `group` varchar(64) DEFAULT 'default',
  `aff_code` varchar(32),
  `aff_count` bigint DEFAULT 0,
  `aff_quota` bigint DEFAULT 0,
  `aff_history` bigint DEFAULT 0,
  `inviter_id` bigint,
  `deleted_at` datetime(3),
  `linux_do_id` varchar(191),
  `setting` text,
  `remark` varchar(255),
  `stripe_customer` varchar(64),
  PRIMARY KEY (`id`),
  UNIQUE KEY `username` (`username`)
);
CREATE INDEX `idx_users_deleted_at` ON `users`(`deleted_at`);
CREATE INDEX `idx_users_discord_id` ON `users`(`discord_id`);
CREATE INDEX `idx_users_display_name` ON `users`(`display_name`);
CREATE INDEX `idx_users_email` ON `users`(`email`);
CREATE INDEX `idx_users_git_hub_id` ON `users`(`github_id`);
CREATE INDEX `idx_users_inviter_id` ON `users`(`inviter_id`);
CREATE INDEX `idx_users_linux_do_id` ON `users`(`linux_do_id`);
CREATE INDEX `idx_users_oidc_id` ON `users`(`oidc_id`);
CREATE INDEX `idx_users_stripe_customer` ON `users`(`stripe_customer`);
CREATE INDEX `idx_users_telegram_id` ON `users`(`telegram_id`);
CREATE INDEX `idx_users_username` ON `users`(`username`);
CREATE INDEX `idx_users_we_chat_id` ON `users`(`wechat_id`);
CREATE UNIQUE INDEX `idx_users_access_token` ON `users`(`access_token`);
CREATE UNIQUE INDEX `idx_users_aff_code` ON `users`(`aff_code`);

CREATE TABLE `tokens` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `user_id` bigint,
  `key` char(48),
  `status` bigint DEFAULT 1,
  `name` varchar(191),
  `created_time` bigint,
  `accessed_time` bigint,
  `expired_time` bigint DEFAULT -1,
  `remain_quota` bigint DEFAULT 0,
  `unlimited_quota` boolean,
  `model_limits_enabled` boolean,
  `model_limits` varchar(1024) DEFAULT '',
  `allow_ips` varchar(191) DEFAULT '',
  `used_quota` bigint DEFAULT 0,
  `group` varchar(191) DEFAULT '',
  `deleted_at` datetime(3),
  PRIMARY KEY (`id`)
);
CREATE INDEX `idx_tokens_deleted_at` ON `tokens`(`deleted_at`);
CREATE INDEX `idx_tokens_name` ON `tokens`(`name`);
CREATE INDEX `idx_tokens_user_id` ON `tokens`(`user_id`);
CREATE UNIQUE INDEX `idx_tokens_key` ON `tokens`(`key`);

CREATE TABLE `channels` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `type` bigint DEFAULT 0,
  `key` longtext NOT NULL,
  `open_ai_organization` longtext,
  `test_model` longtext,
  `status` bigint DEFAULT 1,
  `name` varchar(191),
  `weight` bigint unsigned DEFAULT 0,
  `created_time` bigint,
  `test_time` bigint,
  `response_time` bigint,
  `base_url` varchar(191) DEFAULT '',
  `other` longtext,
  `balance` double,
  `balance_updated_time` bigint,
  `models` longtext,
  `group` varchar(64) DEFAULT 'default',
  `used_quota` bigint DEFAULT 0,
  `model_mapping` text,
  `status_code_mapping` varchar(1024) DEFAULT '',
  `priority` bigint DEFAULT 0,
  `auto_ban` bigint DEFAULT 1,
  `other_info` longtext,
  `tag` varchar(191),
  `setting` text,
  `param_override` text,
  `header_override` text,
  `remark` varchar(255),
  `channel_info` json,
  `settings` longtext,
  PRIMARY KEY (`id`)
);
CREATE INDEX `idx_channels_name` ON `channels`(`name`);
CREATE INDEX `idx_channels_tag` ON `channels`(`tag`);

CREATE TABLE `abilities` (
  `group` varchar(64) NOT NULL,
  `model` varchar(255) NOT NULL,
  `channel_id` bigint NOT NULL,
  `enabled` boolean,
  `priority` bigint DEFAULT 0,
  `weight` bigint unsigned DEFAULT 0,
  `tag` varchar(191),
  PRIMARY KEY (`group`, `model`, `channel_id`)
);
CREATE INDEX `idx_abilities_channel_id` ON `abilities`(`channel_id`);
CREATE INDEX `idx_abilities_priority` ON `abilities`(`priority`);
CREATE INDEX `idx_abilities_tag` ON `abilities`(`tag`);
CREATE INDEX `idx_abilities_weight` ON `abilities`(`weight`);

CREATE TABLE `options` (
  `key` varchar(191) NOT NULL,
  `value` longtext,
  PRIMARY KEY (`key`)
);


CREATE TABLE `logs` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `user_id` bigint,
  `created_at` bigint,
  `type` bigint,
  `content` longtext,
  `username` varchar(191) DEFAULT '',
  `token_name` varchar(191) DEFAULT '',
  `model_name` varchar(191) DEFAULT '',
  `quota` bigint DEFAULT 0,
  `prompt_tokens` bigint DEFAULT 0,
  `completion_tokens` bigint DEFAULT 0,
  `use_time` bigint DEFAULT 0,
  `is_stream` boolean,
  `channel_id` bigint,
  `channel_name` longtext,
  `token_id` bigint DEFAULT 0,
  `group` varchar(191),
  `ip` varchar(191) DEFAULT '',
  `other` longtext,
  PRIMARY KEY (`id`)
);
CREATE INDEX `idx_created_at_id` ON `logs`(`id`, `created_at`);
CREATE INDEX `idx_created_at_type` ON `logs`(`created_at`, `type`);
CREATE INDEX `idx_logs_channel_id` ON `logs`(`channel_id`);
CREATE INDEX `idx_logs_group` ON `logs`(`group`);
CREATE INDEX `idx_logs_ip` ON `logs`(`ip`);
CREATE INDEX `idx_logs_model_name` ON `logs`(`model_name`);
CREATE INDEX `idx_logs_token_id` ON `logs`(`token_id`);
CREATE INDEX `idx_logs_token_name` ON `logs`(`token_name`);
CREATE INDEX `idx_logs_user_id` ON `logs`(`user_id`);
CREATE INDEX `idx_logs_username` ON `logs`(`username`);
CREATE INDEX `index_username_model_name` ON `logs`(`model_name`, `username`);

CREATE TABLE `redemptions` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `user_id` bigint,
  `key` char(32),
  `status` bigint DEFAULT 1,
  `name` varchar(191),
  `quota` bigint DEFAULT 100,
  `created_time` bigint,
  `redeemed_time` bigint,
  `used_user_id` bigint,
  `deleted_at` datetime(3),
  `expired_time` bigint,
  PRIMARY KEY (`id`)
);
CREATE INDEX `idx_redemptions_deleted_at` ON `redemptions`(`deleted_at`);
CREATE INDEX `idx_redemptions_name` ON `redemptions`(`name`);
CREATE UNIQUE INDEX `idx_redemptions_key` ON `redemptions`(`key`);

CREATE TABLE `top_ups` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `user_id` bigint,
  `amount` bigint,
  `money` double,
  `trade_no` varchar(255),
  `payment_method` varchar(50),
  `create_time` bigint,
  `complete_time` bigint,
  `status` longtext,
  PRIMARY KEY (`id`),
  UNIQUE KEY `trade_no` (`trade_no`)
);
CREATE INDEX `idx_top_ups_trade_no` ON `top_ups`(`trade_no`);
CREATE INDEX `idx_top_ups_user_id` ON `top_ups`(`user_id`);

CREATE TABLE `quota_data` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `user_id` bigint,
  `username` varchar(64) DEFAULT '',
  `model_name` varchar(64) DEFAULT '',
  `created_at` bigint,
  `token_used` bigint DEFAULT 0,
  `count` bigint DEFAULT 0,
  `quota` bigint DEFAULT 0,
  PRIMARY KEY (`id`)
);
CREATE INDEX `idx_qdt_created_at` ON `quota_data`(`created_at`);
CREATE INDEX `idx_qdt_model_user_name` ON `quota_data`(`model_name`, `username`);
CREATE INDEX `idx_quota_data_user_id` ON `quota_data`(`user_id`);

CREATE TABLE `tasks` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `created_at` bigint,
  `updated_at` bigint,
  `task_id` varchar(191),
  `platform` varchar(30),
  `user_id` bigint,
  `group` varchar(50),
  `channel_id` bigint,
  `quota` bigint,
  `action` varchar(40),
  `status` varchar(20),
  `fail_reason` longtext,
  `submit_time` bigint,
  `start_time` bigint,
  `finish_time` bigint,
  `progress` varchar(20),
  `properties` json,
  `private_data` json,
  `data` json,
  PRIMARY KEY (`id`)
);
CREATE INDEX `idx_tasks_action` ON `tasks`(`action`);
CREATE INDEX `idx_tasks_channel_id` ON `tasks`(`channel_id`);
CREATE INDEX `idx_tasks_created_at` ON `tasks`(`created_at`);
CREATE INDEX `idx_tasks_finish_time` ON `tasks`(`finish_time`);
CREATE INDEX `idx_tasks_platform` ON `tasks`(`platform`);
CREATE INDEX `idx_tasks_progress` ON `tasks`(`progress`);
CREATE INDEX `idx_tasks_start_time` ON `tasks`(`start_time`);
CREATE INDEX `idx_tasks_status` ON `tasks`(`status`);
CREATE INDEX `idx_tasks_submit_time` ON `tasks`(`submit_time`);
CREATE INDEX `idx_tasks_task_id` ON `tasks`(`task_id`);
CREATE INDEX `idx_tasks_user_id` ON `tasks`(`user_id`);

CREATE TABLE `midjourneys` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `code` bigint,
  `user_id` bigint,
  `action` varchar(40),
  `mj_id` varchar(191),
  `prompt` longtext,
  `prompt_en` longtext,
  `description` longtext,
  `state` longtext,
  `submit_time` bigint,
  `start_time` bigint,
  `finish_time` bigint,
  `image_url` longtext,
  `video_url` longtext,
  `video_urls` longtext,
  `status` varchar(20),
  `progress` varchar(30),
  `fail_reason` longtext,
  `channel_id` bigint,
  `quota` bigint,
  `buttons` longtext,
  `properties` longtext,
  PRIMARY KEY (`id`)
);
CREATE INDEX `idx_midjourneys_action` ON `midjourneys`(`action`);
CREATE INDEX `idx_midjourneys_finish_time` ON `midjourneys`(`finish_time`);
CREATE INDEX `idx_midjourneys_mj_id` ON `midjourneys`(`mj_id`);
CREATE INDEX `idx_midjourneys_progress` ON `midjourneys`(`progress`);
CREATE INDEX `idx_midjourneys_start_time` ON `midjourneys`(`start_time`);
CREATE INDEX `idx_midjourneys_status` ON `midjourneys`(`status`);
CREATE INDEX `idx_midjourneys_submit_time` ON `midjourneys`(`submit_time`);
CREATE INDEX `idx_midjourneys_user_id` ON `midjourneys`(`user_id`);

CREATE TABLE `models` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `model_name` varchar(128) NOT NULL,
  `description` text,
  `icon` varchar(128),
  `tags` varchar(255),
  `vendor_id` bigint,
  `endpoints` text,
  `status` bigint DEFAULT 1,
  `sync_official` bigint DEFAULT 1,
  `created_time` bigint,
  `updated_time` bigint,
  `deleted_at` datetime(3),
  `name_rule` bigint DEFAULT 0,
  PRIMARY KEY (`id`)
);
CREATE INDEX `idx_models_deleted_at` ON `models`(`deleted_at`);
CREATE INDEX `idx_models_vendor_id` ON `models`(`vendor_id`);
CREATE UNIQUE INDEX `uk_model_name_delete_at` ON `models`(`model_name`, `deleted_at`);

CREATE TABLE `vendors` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `name` varchar(128) NOT NULL,
  `description` text,
  `icon` varchar(128),
  `status` bigint DEFAULT 1,
  `created_time` bigint,
  `updated_time` bigint,
  `deleted_at` datetime(3),
  PRIMARY KEY (`id`)
);
CREATE INDEX `idx_vendors_deleted_at` ON `vendors`(`deleted_at`);
CREATE UNIQUE INDEX `uk_vendor_name_delete_at` ON `vendors`(`name`, `deleted_at`);

CREATE TABLE `prefill_groups` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `name` varchar(64) NOT NULL,
  `type` varchar(32) NOT NULL,
  `items` json,
  `description` varchar(255),
  `created_time` bigint,
  `updated_time` bigint,
  `deleted_at` datetime(3),
  PRIMARY KEY (`id`)
);
CREATE INDEX `idx_prefill_groups_deleted_at` ON `prefill_groups`(`deleted_at`);
CREATE INDEX `idx_prefill_groups_type` ON `prefill_groups`(`type`);
CREATE UNIQUE INDEX `uk_prefill_name` ON `prefill_groups`(`name`);

CREATE TABLE `setups` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `version` varchar(50) NOT NULL,
  `initialized_at` bigint NOT NULL,
  PRIMARY KEY (`id`)
);


CREATE TABLE `two_fas` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `user_id` bigint NOT NULL,
  `secret` varchar(255) NOT NULL,
  `is_enabled` boolean,
  `failed_attempts` bigint DEFAULT 0,
  `locked_until` datetime(3),
  `last_used_at` datetime(3),
  `created_at` datetime(3),
  `updated_at` datetime(3),
  `deleted_at` datetime(3),
  PRIMARY KEY (`id`),
  UNIQUE KEY `user_id` (`user_id`)
);
CREATE INDEX `idx_two_fas_deleted_at` ON `two_fas`(`deleted_at`);
CREATE INDEX `idx_two_fas_user_id` ON `two_fas`(`user_id`);

CREATE TABLE `two_fa_backup_codes` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `user_id` bigint NOT NULL,
  `code_hash` varchar(255) NOT NULL,
  `is_used` boolean,
  `used_at` datetime(3),
  `created_at` datetime(3),
  `deleted_at` datetime(3),
  PRIMARY KEY (`id`)
);
CREATE INDEX `idx_two_fa_backup_codes_deleted_at` ON `two_fa_backup_codes`(`deleted_at`);
CREATE INDEX `idx_two_fa_backup_codes_user_id` ON `two_fa_backup_codes`(`user_id`);

CREATE TABLE `passkey_credentials` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `user_id` bigint NOT NULL,
  `credential_id` varchar(512) NOT NULL,
  `public_key` text NOT NULL,
  `attestation_type` varchar(255),
  `aa_guid` varchar(512),
  `sign_count` int unsigned DEFAULT 0,
  `clone_warning` boolean,
  `user_present` boolean,
  `user_verified` boolean,
  `backup_eligible` boolean,
  `backup_state` boolean,
  `transports` text,
  `attachment` varchar(32),
  `last_used_at` datetime(3),
  `created_at` datetime(3),
  `updated_at` datetime(3),
  `deleted_at` datetime(3),
  PRIMARY KEY (`id`)
);
CREATE INDEX `idx_passkey_credentials_deleted_at` ON `passkey_credentials`(`deleted_at`);
CREATE UNIQUE INDEX `idx_passkey_credentials_credential_id` ON `passkey_credentials`(`credential_id`);
CREATE UNIQUE INDEX `idx_passkey_credentials_user_id` ON `passkey_credentials`(`user_id`);


INSERT INTO `setups` (`version`, `initialized_at`) VALUES ('v0.9.25', 1764000000);
INSERT INTO `users` (`id`, `username`, `password`, `display_name`, `role`, `status`, `email`, `access_token`, `quota`, `used_quota`, `request_count`, `group`, `aff_code`, `setting`)
  VALUES (1, 'root', '$2a$10$abcdefghijklmnopqrstuuJ1Yv8oZ0dSg1F4iX2m8cN0rN9yq1y2', 'Root User', 100, 1, '', 'ABCDEFGHIJKLMNOPQRSTUVWXYZab', 99999000, 1000, 3, 'default', '', '{"gotify_priority":0}');
INSERT INTO `users` (`id`, `username`, `password`, `display_name`, `role`, `status`, `email`, `quota`, `used_quota`, `request_count`, `group`, `aff_code`, `aff_count`, `aff_quota`, `aff_history`, `inviter_id`, `setting`, `remark`)
  VALUES (2, 'someone', 'x', 'Someone', 1, 1, 'someone@example.com', 5000000, 700, 2, 'default', 'Ab3d', 1, 20, 30, 1, '{"notify_type":"email","gotify_priority":0,"unknown":[1]}', 'a remark');
INSERT INTO `users` (`id`, `username`, `password`, `role`, `status`, `quota`, `aff_code`, `deleted_at`)
  VALUES (3, 'gone', '', 1, 1, 5, 'gone', '2025-12-01 10:20:30.123');
INSERT INTO `users` (`id`, `username`, `password`, `quota`, `aff_code`) VALUES (4, 'other', 'x', 9223372036854775000, 'oth1');
INSERT INTO `users` (`id`, `username`, `password`) VALUES (5, 'sparse', '');
UPDATE `users` SET `role` = NULL, `status` = NULL, `quota` = NULL, `group` = NULL WHERE `id` = 5;
INSERT INTO `tokens` (`id`, `user_id`, `key`, `status`, `name`, `created_time`, `accessed_time`, `expired_time`, `remain_quota`, `unlimited_quota`, `model_limits_enabled`, `model_limits`, `allow_ips`, `used_quota`, `group`)
  VALUES (1, 2, 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKL', 1, 'first', 1764000001, 1764000002, -1, 3000000, 0, 0, '', '', 700, '');
INSERT INTO `tokens` (`id`, `user_id`, `key`) VALUES (2, 2, 'BBBBBBBBBBAAAAAAAAAACCCCCCCCCCDDDDDDDDDDEEEEEEEE');
INSERT INTO `channels` (`id`, `type`, `key`, `name`, `status`, `models`, `group`, `priority`, `weight`, `base_url`, `used_quota`, `balance`, `channel_info`, `settings`)
  VALUES (1, 1, 'upstream-key', 'primary', 1, 'model-by-call,model-by-ratio', 'default,vip', 5, 2, 'http://127.0.0.1:9', 700, 1.5, '{"is_multi_key":false,"multi_key_size":0,"multi_key_status_list":null,"multi_key_polling_index":0,"multi_key_mode":""}', '{"unknown":true}');
INSERT INTO `channels` (`id`, `key`, `status`) VALUES (2, 'bare', 2);
INSERT INTO `abilities` VALUES ('default', 'model-by-call', 1, 1, 5, 2, NULL), ('default', 'model-by-ratio', 1, 1, 5, 2, NULL), ('vip', 'model-by-call', 1, 1, 5, 2, NULL), ('vip', 'model-by-ratio', 1, 1, 5, 2, NULL);
INSERT INTO `options` VALUES ('SystemName', 'Our Gateway'), ('SomeKeyOfALaterVersion', 'kept'), ('ModelPrice', '{"model-by-call":0.002}'), ('ModelRatio', '{"model-by-ratio":1}');
INSERT INTO `logs` (`id`, `user_id`, `created_at`, `type`, `content`, `username`, `model_name`, `quota`, `prompt_tokens`, `completion_tokens`)
  VALUES (1, 2, 1764000100, 2, '', 'someone', 'model-by-call', 700, 7, 5);
INSERT INTO `logs` (`id`, `user_id`, `type`) VALUES (2, 1, NULL);
INSERT INTO `quota_data` (`user_id`, `username`, `model_name`, `created_at`, `token_used`, `count`, `quota`) VALUES (2, 'someone', 'model-by-call', 1763996400, 12, 2, 700);
INSERT INTO `redemptions` (`user_id`, `key`, `status`, `name`, `quota`, `created_time`) VALUES (1, '0123456789abcdef0123456789abcdef', 1, 'gift', 500, 1764000000);
INSERT INTO `tasks` (`task_id`, `platform`, `user_id`, `status`, `data`) VALUES ('t1', 'suno', 2, 'IN_PROGRESS', '{"a":1}');
INSERT INTO `vendors` (`name`, `status`) VALUES ('a vendor', 1);

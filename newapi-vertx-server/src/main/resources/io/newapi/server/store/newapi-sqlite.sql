-- Our own tables: leases and journals of the ledger, logins, access tokens, the audit, credits. The original ignores them.

-- One row for each run of a node; state 0 open, 1 closing, 2 closed.
CREATE TABLE `newapi_ledger_writers` (
  `writer_id` text NOT NULL,
  `node_name` text NOT NULL,
  `place` text NOT NULL,
  `state` integer NOT NULL DEFAULT 0,
  `exchange_no` integer NOT NULL DEFAULT 0,
  `applied_pos` integer NOT NULL DEFAULT 0,
  `resync_no` integer NOT NULL DEFAULT 0,
  `started_at` integer NOT NULL,
  `closed_at` integer NOT NULL DEFAULT 0,
  `rows_apart` integer NOT NULL DEFAULT 0,
  PRIMARY KEY (`writer_id`)
);
CREATE INDEX `newapi_ledger_writers_state` ON `newapi_ledger_writers`(`state`);

-- What a node holds of an account; kind 1 a user's balance, 2 a token's own limit. No row means nothing.
CREATE TABLE `newapi_leases` (
  `writer_id` text NOT NULL,
  `kind` integer NOT NULL,
  `account_id` integer NOT NULL,
  `held` integer NOT NULL,
  `recall` integer NOT NULL DEFAULT 0,
  PRIMARY KEY (`writer_id`,`kind`,`account_id`)
);
CREATE INDEX `newapi_leases_account` ON `newapi_leases`(`kind`,`account_id`);

-- What found no row to be booked on, or does not fit into it; kind 3 is a channel. Normally empty.
CREATE TABLE `newapi_ledger_suspense` (
  `id` integer,
  `writer_id` text NOT NULL,
  `kind` integer NOT NULL,
  `account_id` integer NOT NULL,
  `amount` integer NOT NULL,
  `reason` text NOT NULL,
  `created_at` integer NOT NULL,
  PRIMARY KEY (`id`)
);

-- Up to where the log rows of a journal are stored; used where the table logs has a database of its own, and lives there.
CREATE TABLE `newapi_log_positions` (
  `writer_id` text NOT NULL,
  `applied_pos` integer NOT NULL DEFAULT 0,
  PRIMARY KEY (`writer_id`)
);

-- What removed rows of logs had charged; kind 1 a user, 2 a token, 3 a channel. Lives beside the table logs.
CREATE TABLE `newapi_removed_logs` (
  `kind` integer NOT NULL,
  `account_id` integer NOT NULL,
  `units` integer NOT NULL,
  PRIMARY KEY (`kind`,`account_id`)
);

CREATE TABLE `newapi_logins` (
  `login_id` text NOT NULL,
  `user_id` integer NOT NULL,
  `created_at` integer NOT NULL,
  `last_seen_at` integer NOT NULL,
  `expires_at` integer NOT NULL,
  `revoked_at` integer NOT NULL DEFAULT 0,
  PRIMARY KEY (`login_id`)
);
CREATE INDEX `newapi_logins_user` ON `newapi_logins`(`user_id`);
CREATE INDEX `newapi_logins_expiry` ON `newapi_logins`(`expires_at`);

-- token_hash: SHA-256 in hex; the token itself is stored nowhere.
CREATE TABLE `newapi_access_tokens` (
  `id` integer,
  `user_id` integer NOT NULL,
  `token_hash` text NOT NULL,
  `name` text NOT NULL DEFAULT "",
  `created_at` integer NOT NULL,
  `expires_at` integer NOT NULL DEFAULT 0,
  `last_used_at` integer NOT NULL DEFAULT 0,
  `revoked_at` integer NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
);
CREATE UNIQUE INDEX `newapi_access_tokens_hash` ON `newapi_access_tokens`(`token_hash`);
CREATE INDEX `newapi_access_tokens_user` ON `newapi_access_tokens`(`user_id`);

CREATE TABLE `newapi_audit` (
  `id` integer,
  `created_at` integer NOT NULL,
  `operator_id` integer NOT NULL,
  `operator` text NOT NULL,
  `auth` text NOT NULL,
  `address` text NOT NULL,
  `method` text NOT NULL,
  `target` text NOT NULL,
  `before_digest` text NOT NULL DEFAULT "",
  `after_digest` text NOT NULL DEFAULT "",
  PRIMARY KEY (`id`)
);
CREATE INDEX `newapi_audit_created_at` ON `newapi_audit`(`created_at`);

CREATE TABLE `newapi_credits` (
  `id` integer,
  `kind` integer NOT NULL,
  `account_id` integer NOT NULL,
  `amount` integer NOT NULL,
  `reason` text NOT NULL,
  `credited_by` integer NOT NULL,
  `created_at` integer NOT NULL,
  PRIMARY KEY (`id`)
);
CREATE INDEX `newapi_credits_account` ON `newapi_credits`(`kind`,`account_id`);

CREATE TABLE `newapi_user_versions` (
  `user_id` integer NOT NULL,
  `auth_version` integer NOT NULL DEFAULT 1,
  PRIMARY KEY (`user_id`)
);

-- What the books start from; kind 1 a user, 2 a token, 3 a channel. A row is made with the account, or by the first audit
-- that meets it. opened: balance, leases and charges together, less the credits known then. unlogged, uncounted: charges
-- for which there is no row in logs, none in quota_data. clean_at: when an audit last found nothing.
CREATE TABLE `newapi_books` (
  `kind` integer NOT NULL,
  `account_id` integer NOT NULL,
  `opened` integer NOT NULL,
  `unlogged` integer NOT NULL,
  `uncounted` integer NOT NULL,
  `opened_at` integer NOT NULL,
  `clean_at` integer NOT NULL DEFAULT 0,
  PRIMARY KEY (`kind`,`account_id`)
);

-- The highest id that was removed from a table; SQLite would give it again.
CREATE TABLE `newapi_sequences` (
  `name` text NOT NULL,
  `spent` integer NOT NULL,
  PRIMARY KEY (`name`)
);

-- One row for each run of a node. Times are milliseconds by the clock of the database. left_at: it was stopped in good order.
-- reported_at: the master has reported that it is lost. facts: what it tells about itself, JSON.
CREATE TABLE `newapi_nodes` (
  `run_id` text NOT NULL,
  `node_name` text NOT NULL,
  `started_at` integer NOT NULL,
  `seen_at` integer NOT NULL,
  `left_at` integer NOT NULL DEFAULT 0,
  `reported_at` integer NOT NULL DEFAULT 0,
  `facts` text NOT NULL,
  PRIMARY KEY (`run_id`)
);

-- Who is the master, id always 1. The epoch grows with each change of hands; whoever acts as the master finds its own here.
-- previous_run_id: whose hands it left. told_epoch: the last change that root was told of.
CREATE TABLE `newapi_master` (
  `id` integer NOT NULL,
  `run_id` text NOT NULL,
  `epoch` integer NOT NULL,
  `valid_until` integer NOT NULL,
  `previous_run_id` text NOT NULL DEFAULT '',
  `told_epoch` integer NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
);

-- What was answered to admin writes that one node has handed to another, so that a repeat gets the first answer.
CREATE TABLE `newapi_writes` (
  `write_id` text NOT NULL,
  `created_at` integer NOT NULL,
  `answer` text NOT NULL,
  PRIMARY KEY (`write_id`)
);
CREATE INDEX `newapi_writes_created_at` ON `newapi_writes`(`created_at`);

package io.newapi.server.config;

import static io.newapi.server.config.Variable.ambient;
import static io.newapi.server.config.Variable.later;
import static io.newapi.server.config.Variable.never;

/** Variables that an existing installation may set and that do nothing here, so far or at all. */
final class LaterVariables {

    static final Section STORAGE = Section.of(
            "Databases, later",
            later("SQL_MAX_IDLE_CONNS", "int", "", "100", "Idle connections per pool."),
            later("SQL_MAX_OPEN_CONNS", "int", "", "1000", "Open connections per pool."),
            later("LOG_SQL_CLICKHOUSE_TTL_DAYS", "int", "d", "0", "Retention of logs in ClickHouse; 0 = for ever."));

    static final Section GATEWAY = Section.of(
            "Gateway, later",
            later("RELAY_MAX_IDLE_CONNS", "int", "", "500", "Idle upstream connections that are kept, over all hosts."),
            later("RELAY_MAX_IDLE_CONNS_PER_HOST", "int", "", "100", "The same to one host."),
            later("STREAM_SCANNER_MAX_BUFFER_MB", "int", "MB", "64", "Longest line in an upstream's stream."),
            later("CountToken", "bool", "", "true", "Count text tokens here; this version always does."),
            later("ERROR_LOG_ENABLED", "bool", "", "false", "Write a log row for a call that failed upstream."),
            later("GLOBAL_WEB_RATE_LIMIT_ENABLE", "bool", "", "true", "Limit requests for pages per client address."),
            later("GLOBAL_WEB_RATE_LIMIT", "int", "", "60", "How many requests per client address and window."),
            later("GLOBAL_WEB_RATE_LIMIT_DURATION", "int", "s", "180", "Length of the window."),
            later("MAX_FILE_DOWNLOAD_MB", "int", "MB", "20", "Longest file that the gateway itself downloads."),
            later("ANONYMOUS_REQUEST_BODY_LIMIT_KB", "int", "KB", "512", "Longest request body before a login."),
            later("GET_MEDIA_TOKEN", "bool", "", "true", "Count the tokens of images."),
            later("GET_MEDIA_TOKEN_NOT_STREAM", "bool", "", "false", "The same for answers that are not streams."),
            later("COHERE_SAFETY_SETTING", "text", "", "NONE", "NONE, CONTEXTUAL or STRICT."),
            later("GEMINI_VISION_MAX_IMAGE_NUM", "int", "", "16", "Images per message; -1 = no limit."),
            later("DIFY_DEBUG", "bool", "", "true", "Pass on what Dify says of workflows and nodes."),
            later("TASK_PRICE_PATCH", "list", "", "", "Models that are charged per call, without further ratios."),
            later("UPDATE_TASK", "bool", "", "true", "Ask upstreams how asynchronous tasks go on."),
            later("TASK_QUERY_LIMIT", "int", "", "1000", "Tasks per round of asking."),
            later("TASK_TIMEOUT_MINUTES", "int", "min", "1440", "When an unfinished task has failed; 0 = never."),
            later("CHANNEL_UPDATE_FREQUENCY", "int", "min", "", "Period in which balances at upstreams are read."),
            later("CHANNEL_TEST_ENABLED", "bool", "", "", "Overrides the switch for scheduled tests."),
            later(
                    "CHANNEL_UPSTREAM_MODEL_UPDATE_TASK_ENABLED",
                    "bool",
                    "",
                    "true",
                    "Read the lists of models of upstreams regularly."),
            later("CHANNEL_UPSTREAM_MODEL_UPDATE_TASK_INTERVAL_MINUTES", "int", "min", "30", "In this period."),
            later("CHANNEL_UPSTREAM_MODEL_UPDATE_MIN_CHECK_INTERVAL_SECONDS", "int", "s", "", "At most so often each."),
            later("HTTP_PROXY", "URL", "", "", "Proxy for calls; a channel has a setting of its own."),
            later("HTTPS_PROXY", "URL", "", "", "The same for HTTPS."),
            later("NO_PROXY", "list", "", "", "Hosts that are called directly."));

    static final Section PEOPLE = Section.of(
            "Users, mail and pages, later",
            later("GENERATE_DEFAULT_TOKEN", "bool", "", "false", "Give new users a token."),
            later("SEARCH_RATE_LIMIT_ENABLE", "bool", "", "true", "Limit searches per user."),
            later("SEARCH_RATE_LIMIT", "int", "", "10", "Searches per user and window."),
            later("SEARCH_RATE_LIMIT_DURATION", "int", "s", "60", "That window."),
            later("SESSION_COOKIE_TRUSTED_URL", "list", "", "", "Origins from which logins are renewed."),
            later("USER_SESSION_ACTIVE_LIMIT", "int", "", "50", "Logins per user at a time."),
            later("USER_SESSION_ISSUANCE_LIMIT", "int", "", "100", "Logins per user and window."),
            later("USER_SESSION_ISSUANCE_WINDOW_SECONDS", "int", "s", "86400", "That window."),
            later("USER_SESSION_REVOKED_RETENTION_DAYS", "int", "d", "7", "How long ended logins are remembered."),
            later("USER_SESSION_HOURLY_ALERT_THRESHOLD", "int", "", "5000", "Logins per hour that are suspicious."),
            later("SMTP_STARTTLS_ENABLE", "bool", "", "false", "STARTTLS for mail."),
            later("SMTP_STARTTLS_ENABLED", "bool", "", "", "The same under another name."),
            later("SMTP_INSECURE_SKIP_VERIFY", "bool", "", "false", "Believe any certificate of the mail server."),
            later("SMTP_TLS_INSECURE_SKIP_VERIFY", "bool", "", "", "The same under another name."),
            later("TRUSTED_REDIRECT_DOMAINS", "list", "", "", "Hosts to which a payment may return."),
            later("SUBSCRIPTION_PLAN_CACHE_TTL", "int", "s", "300", "How long plans are remembered."),
            later("SUBSCRIPTION_PLAN_CACHE_CAP", "int", "", "5000", "How many."),
            later("SUBSCRIPTION_PLAN_INFO_CACHE_TTL", "int", "s", "120", "How long descriptions of plans are."),
            later("SUBSCRIPTION_PLAN_INFO_CACHE_CAP", "int", "", "10000", "How many."),
            later("SYNC_UPSTREAM_BASE", "URL", "", "", "Where descriptions of models are read from."),
            later("SYNC_HTTP_TIMEOUT_SECONDS", "int", "s", "10", "How long that may take."),
            later("SYNC_HTTP_RETRY", "int", "", "3", "How often it is tried."),
            later("SYNC_HTTP_MAX_MB", "int", "MB", "10", "Longest answer."),
            later("LINUX_DO_TOKEN_ENDPOINT", "URL", "", "", "Login through Linux DO: tokens."),
            later("LINUX_DO_USER_ENDPOINT", "URL", "", "", "Login through Linux DO: users."),
            later("UMAMI_WEBSITE_ID", "text", "", "", "Web statistics of the console."),
            later("UMAMI_SCRIPT_URL", "URL", "", "", "Script for them."),
            later("GOOGLE_ANALYTICS_ID", "text", "", "", "Web statistics of the console."));

    static final Section NEVER = Section.of(
            "Known from elsewhere, without effect",
            never("MEMORY_CACHE_ENABLED", "Channels are always held in memory."),
            never("GIN_MODE", "Mode of the original's web framework; see DEBUG."),
            never("ENABLE_PPROF", "Profiling of Go programs; use the tools of the JVM."),
            never("PYROSCOPE_URL", "Continuous profiling of Go programs."),
            never("PYROSCOPE_APP_NAME", "The same."),
            never("PYROSCOPE_BASIC_AUTH_USER", "The same."),
            never("PYROSCOPE_BASIC_AUTH_PASSWORD", "The same.").hidden(),
            never("PYROSCOPE_MUTEX_RATE", "The same."),
            never("PYROSCOPE_BLOCK_RATE", "The same."),
            never("GEMINI_SAFETY_SETTING", "An option of the same purpose replaced it."),
            never("GEMINI_MODEL_MAP", "Channels map models."),
            never("GEMINI_VERSION", "Channels have versions of their own."),
            never("VITE_REACT_APP_SERVER_URL", "Read when a console is built."),
            never("VITE_REACT_APP_VERSION", "Read when a console is built."),
            never("INITIAL_ROOT_TOKEN", "Make tokens in the administration.").hidden(),
            never("INITIAL_ROOT_ACCESS_TOKEN", "Make access tokens in the administration.")
                    .hidden(),
            never("THEME", "There is one."),
            never("DEBUG_SQL", "Statements are not logged."),
            never("SQLITE_BUSY_TIMEOUT", "Write it into SQLITE_PATH, as in one-api.db?_busy_timeout=3000."),
            never("RELAY_PROXY", "A channel has a setting of its own."),
            never("USER_CONTENT_REQUEST_PROXY", "Nothing is fetched for users."),
            never("USER_CONTENT_REQUEST_TIMEOUT", "Nothing is fetched for users."),
            never("ONLY_ONE_LOG_FILE", "There is one, rotated by size."),
            never("ENABLE_METRIC", "Channels are judged by their answers."),
            never("METRIC_QUEUE_SIZE", "The same."),
            never("ENFORCE_INCLUDE_USAGE", "See FORCE_STREAM_OPTION."),
            never("TEST_PROMPT", "Tests of channels have a prompt of their own."),
            ambient("KUBERNETES_SERVICE_HOST", "Set inside Kubernetes."),
            ambient("DOCKER_CONTAINER", "Set inside containers."),
            ambient("container", "Set inside containers."));

    private LaterVariables() {}
}

package io.newapi.server.config;

import java.time.Duration;

/**
 * Calls to upstreams. Times and sizes are at least 1 where not said otherwise.
 *
 * @param streamingTimeout the longest silence in a stream
 * @param relayTimeout the longest a call may take with its whole answer; zero means no limit
 * @param connectTimeout the longest that connecting may take
 * @param firstByteTimeout the longest wait for an answer's first byte; zero means no limit
 * @param idleConnTimeout how long a connection may idle; zero means no limit
 * @param maxRequestBodyBytes the longest request body, after decompression
 * @param onClientGone what to do when the client goes away
 * @param drainTimeout how long an answer is read on for {@link OnClientGone#DRAIN}
 * @param drainMax how many answers are read on at the same time; 0 means none
 * @param forceStreamOption whether upstreams are always asked for usage in streams
 * @param azureApiVersion of Azure channels that have none of their own
 * @param tlsInsecureSkipVerify whether certificates of upstreams are believed unseen
 */
public record RelayConfig(
        Duration streamingTimeout,
        Duration relayTimeout,
        Duration connectTimeout,
        Duration firstByteTimeout,
        Duration idleConnTimeout,
        long maxRequestBodyBytes,
        OnClientGone onClientGone,
        Duration drainTimeout,
        int drainMax,
        boolean forceStreamOption,
        String azureApiVersion,
        boolean tlsInsecureSkipVerify) {

    private static final int DAY = 86_400;

    static final Variable<Duration> STREAMING_TIMEOUT = Variable.of(
            "STREAMING_TIMEOUT",
            Kind.seconds(1, DAY),
            "300",
            "Longest silence in a stream; what came before it is charged.");

    static final Variable<Duration> RELAY_TIMEOUT = Variable.of(
            "RELAY_TIMEOUT",
            Kind.seconds(0, DAY),
            "0",
            "Longest time for one upstream call with its whole answer; 0 = no limit. Too short a time cuts healthy"
                    + " streams that the upstream bills in full.");

    static final Variable<Duration> CONNECT_TIMEOUT = Variable.of(
            "NEWAPI_CONNECT_TIMEOUT_SECONDS",
            Kind.seconds(1, 600),
            "10",
            "Longest time to connect to an upstream, after which another channel is tried.");

    static final Variable<Duration> FIRST_BYTE_TIMEOUT = Variable.of(
            "NEWAPI_FIRST_BYTE_TIMEOUT_SECONDS",
            Kind.seconds(0, DAY),
            "600",
            "Longest wait for the first byte of an upstream's answer; 0 = no limit.");

    static final Variable<Duration> IDLE_CONN_TIMEOUT = Variable.of(
            "RELAY_IDLE_CONN_TIMEOUT",
            Kind.seconds(0, DAY),
            "90",
            "How long an upstream connection may idle before it is closed; 0 = no limit.");

    static final Variable<Long> MAX_REQUEST_BODY = Variable.of(
            "MAX_REQUEST_BODY_MB",
            Kind.megabytes(1, 1024),
            "128",
            "Longest request body after decompression; a longer one is answered with 413.");

    static final Variable<OnClientGone> ON_CLIENT_GONE = Variable.of(
            "NEWAPI_ON_CLIENT_GONE",
            Kind.oneOf(OnClientGone.class),
            "cut",
            "When a client goes away: cut cancels the upstream call and charges the prompt and the output relayed so"
                    + " far; drain reads the answer to its usage and charges that.");

    static final Variable<Duration> DRAIN_TIMEOUT = Variable.of(
            "NEWAPI_DRAIN_SECONDS",
            Kind.seconds(1, 3600),
            "60",
            "With drain: how long an answer is read on; then it is cut.");

    static final Variable<Integer> DRAIN_MAX = Variable.of(
            "NEWAPI_DRAIN_MAX",
            Kind.wholeNumber(0, 100_000),
            "100",
            "With drain: how many answers are read on at the same time; further ones are cut.");

    static final Variable<Boolean> FORCE_STREAM_OPTION = Variable.of(
            "FORCE_STREAM_OPTION",
            Kind.bool(),
            "true",
            "Ask upstreams for usage in streams even where the client did not.");

    static final Variable<String> AZURE_DEFAULT_API_VERSION = Variable.of(
            "AZURE_DEFAULT_API_VERSION",
            Kind.text(),
            "2025-04-01-preview",
            "Version of Azure's API for channels that name none of their own.");

    static final Variable<Boolean> TLS_INSECURE_SKIP_VERIFY = Variable.of(
            "TLS_INSECURE_SKIP_VERIFY",
            Kind.bool(),
            "false",
            "Believe any certificate of an upstream. Whoever is on the way can then read keys and answers.");

    static final Section SECTION = Section.of(
            "Relay",
            STREAMING_TIMEOUT,
            RELAY_TIMEOUT,
            CONNECT_TIMEOUT,
            FIRST_BYTE_TIMEOUT,
            IDLE_CONN_TIMEOUT,
            MAX_REQUEST_BODY,
            ON_CLIENT_GONE,
            DRAIN_TIMEOUT,
            DRAIN_MAX,
            FORCE_STREAM_OPTION,
            AZURE_DEFAULT_API_VERSION,
            TLS_INSECURE_SKIP_VERIFY);

    static RelayConfig read(Settings settings) {
        RelayConfig config = new RelayConfig(
                settings.get(STREAMING_TIMEOUT),
                settings.get(RELAY_TIMEOUT),
                settings.get(CONNECT_TIMEOUT),
                settings.get(FIRST_BYTE_TIMEOUT),
                settings.get(IDLE_CONN_TIMEOUT),
                settings.get(MAX_REQUEST_BODY),
                settings.get(ON_CLIENT_GONE),
                settings.get(DRAIN_TIMEOUT),
                settings.get(DRAIN_MAX),
                settings.get(FORCE_STREAM_OPTION),
                settings.get(AZURE_DEFAULT_API_VERSION),
                settings.get(TLS_INSECURE_SKIP_VERIFY));
        if (config.tlsInsecureSkipVerify()) {
            settings.warn("TLS_INSECURE_SKIP_VERIFY is on: certificates of upstreams are not checked");
        }
        return config;
    }
}

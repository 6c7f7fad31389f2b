package io.newapi.server.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * A streamed chat answer whose events are numbered, byte for byte: who writes one and who reads one need not agree on more than how
 * many events it has. Confined to one thread.
 */
final class NumberedStream {

    static final int PROMPT_TOKENS = 10;

    private static final String BEFORE =
            "data: {\"id\":\"s\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
                    + "\"delta\":{\"content\":\"";
    private static final String NUMBER = "00000000";
    private static final String BEHIND = " \"},\"finish_reason\":null}]}\n\n";
    private static final String FINISH =
            "data: {\"id\":\"s\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
                    + "\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private final byte[] event = (BEFORE + NUMBER + BEHIND).getBytes(US_ASCII);
    private final byte[] ending;
    private final int events;
    private int begun;
    private int at;
    private int atEnding;

    private NumberedStream(int events, String ending) {
        this.events = events;
        this.ending = ending.getBytes(US_ASCII);
    }

    /** What an upstream sends, with its usage: a text unit for each event. */
    static NumberedStream ofUpstream(int events) {
        String usage =
                "data: {\"id\":\"s\",\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{\"prompt_tokens\":"
                        + PROMPT_TOKENS + ",\"completion_tokens\":" + events + ",\"total_tokens\":"
                        + (PROMPT_TOKENS + events)
                        + "}}\n\n";
        return new NumberedStream(events, FINISH + usage + DONE);
    }

    /** What a client gets that did not ask for the usage. */
    static NumberedStream ofClient(int events) {
        return new NumberedStream(events, FINISH + DONE);
    }

    /** The next events, at most so many; behind the last of them the ending. */
    Buffer next(int most) {
        Buffer out = Buffer.buffer();
        for (int i = 0; i < most && begun < events; i++) {
            out.appendBytes(event);
            count();
        }
        if (begun == events) {
            out.appendBytes(ending);
            atEnding = ending.length;
        }
        return out;
    }

    /**
     * Compares what came with what has to come.
     *
     * @throws AssertionError at the first byte that is another
     */
    void expect(Buffer part) {
        byte[] bytes = part.getBytes();
        int from = 0;
        while (from < bytes.length) {
            boolean more = begun < events;
            byte[] expected = more ? event : ending;
            int place = more ? at : atEnding;
            int length = Math.min(expected.length - place, bytes.length - from);
            if (length == 0 || !Arrays.equals(bytes, from, from + length, expected, place, place + length)) {
                throw new AssertionError("behind event " + begun + " came "
                        + new String(bytes, from, Math.min(300, bytes.length - from), US_ASCII));
            }
            from += length;
            if (more) {
                at += length;
                if (at == event.length) {
                    at = 0;
                    count();
                }
            } else {
                atEnding += length;
            }
        }
    }

    /** Whether nothing is left to send or to come. */
    boolean over() {
        return begun == events && atEnding == ending.length;
    }

    /** Puts the next number into the event. */
    private void count() {
        begun++;
        int digit = BEFORE.length() + NUMBER.length() - 1;
        while (event[digit] == '9') {
            event[digit--] = '0';
        }
        event[digit]++;
    }
}

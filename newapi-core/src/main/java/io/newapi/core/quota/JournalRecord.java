package io.newapi.core.quota;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The content of a journal record: one entry, written field by field, version 1. */
final class JournalRecord {

    private static final byte VERSION = 1;
    private static final int FIXED_BYTES = 1 + 1 + 8 * 7 + 4 + 2 + 4;

    private final JournalEntry entry;
    private final byte[] requestId;
    private final byte[] detail;

    JournalRecord(JournalEntry entry) {
        this.entry = entry;
        this.requestId = entry.settlement().requestId().getBytes(StandardCharsets.UTF_8);
        this.detail = entry.settlement().detail().getBytes(StandardCharsets.UTF_8);
    }

    int contentBytes() {
        return FIXED_BYTES + requestId.length + detail.length;
    }

    void write(ByteBuffer target) {
        Payer payer = entry.payer();
        Settlement settlement = entry.settlement();
        target.put(VERSION);
        target.put((byte) payer.share().code());
        target.putLong(payer.userId());
        target.putLong(payer.tokenId());
        target.putLong(settlement.charge().units());
        target.putLong(settlement.channelId());
        target.putLong(settlement.promptTokens());
        target.putLong(settlement.completionTokens());
        target.putLong(settlement.settledAtSeconds());
        target.putInt(settlement.requests());
        target.putShort((short) requestId.length);
        target.putInt(detail.length);
        target.put(requestId);
        target.put(detail);
    }

    static JournalEntry read(ByteBuffer source) {
        byte version = source.get();
        if (version != VERSION) {
            throw new JournalFailure("the journal was written by a newer version: record version " + version);
        }
        Payer.TokenShare share = Payer.TokenShare.fromCode(source.get());
        long userId = source.getLong();
        long tokenId = source.getLong();
        Quota charge = Quota.of(source.getLong());
        long channelId = source.getLong();
        long promptTokens = source.getLong();
        long completionTokens = source.getLong();
        long settledAt = source.getLong();
        int requests = source.getInt();
        byte[] requestId = new byte[source.getShort()];
        byte[] detail = new byte[source.getInt()];
        source.get(requestId);
        source.get(detail);
        return new JournalEntry(
                new Payer(userId, tokenId, share),
                new Settlement(
                        new String(requestId, StandardCharsets.UTF_8),
                        charge,
                        channelId,
                        requests,
                        promptTokens,
                        completionTokens,
                        settledAt,
                        new String(detail, StandardCharsets.UTF_8)));
    }
}

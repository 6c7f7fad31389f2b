package io.newapi.server.relay.wire;

/** Bytes in memory. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HeldContent(byte[] bytes) implements Content {

    @Override
    public int length() {
        return bytes.length;
    }

    @Override
    public boolean inMemory() {
        return true;
    }

    @Override
    public void read(int from, byte[] into, int at, int count) {
        System.arraycopy(bytes, from, into, at, count);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}

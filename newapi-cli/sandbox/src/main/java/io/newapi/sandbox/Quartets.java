package io.newapi.sandbox;

/** Base64 in pieces that can each be decoded by themselves: cut between groups of four characters. */
record Quartets(String whole, long count) implements Pieces {

    private static final int GROUP = 4;

    @Override
    public String at(long index) {
        return whole.substring(cut(index), cut(index + 1));
    }

    private int cut(long index) {
        return (int) (index * (whole.length() / GROUP) / count) * GROUP;
    }

    @Override
    public long words() {
        return count;
    }
}

package io.newapi.core.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A data directory: of which sessions it has a journal, and how much of it. One process at a time has it open. */
final class Disk {

    private static final int ABSENT = -1;

    final int number;
    private final int[] lengths = new int[World.SESSIONS];
    private int journals;

    /** Machine, device and inode: new after every loss and for every copy. */
    int identity;

    @Nullable
    Node user;

    Disk(int number) {
        this.number = number;
    }

    void clear(int newIdentity) {
        identity = newIdentity;
        journals = 0;
        Arrays.fill(lengths, ABSENT);
    }

    boolean isEmpty() {
        return journals == 0;
    }

    boolean has(int session) {
        return lengths[session] != ABSENT;
    }

    int length(int session) {
        return lengths[session];
    }

    void keep(int session, int length) {
        if (!has(session)) {
            journals++;
        }
        lengths[session] = length;
    }

    void remove(int session) {
        if (has(session)) {
            journals--;
            lengths[session] = ABSENT;
        }
    }

    /** Becomes a copy of another, which may be in use. */
    void copy(Disk other, int newIdentity) {
        System.arraycopy(other.lengths, 0, lengths, 0, lengths.length);
        journals = other.journals;
        identity = newIdentity;
    }

    String name() {
        return "disk " + number;
    }
}

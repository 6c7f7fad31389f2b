package io.newapi.core.sim;

/** Messages between nodes: they may be lost, doubled, late, and arrive in any order. */
final class Bridge {

    private static final int ROOM = 16;

    private final World world;
    private final int[] accounts = new int[ROOM];
    private final int[] targets = new int[ROOM];
    private int count;

    /** Whether any message arrives at all. */
    boolean up;

    Bridge(World world) {
        this.world = world;
    }

    void clear() {
        count = 0;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Tells all other nodes that idle units of an account are wanted. */
    void publish(int account, Node from) {
        if (!up) {
            return;
        }
        for (Node node : world.nodes) {
            if (node != from && count < ROOM && !(world.accidents && world.dice.oneIn(4))) {
                accounts[count] = account;
                targets[count] = node.number;
                count++;
            }
        }
    }

    /** Lets any one of the messages arrive. */
    boolean deliver() {
        if (count == 0) {
            return false;
        }
        int which = world.dice.below(count);
        int account = accounts[which];
        Node target = world.nodes[targets[which]];
        if (!(world.accidents && world.dice.oneIn(6))) {
            count--;
            accounts[which] = accounts[count];
            targets[which] = targets[count];
        }
        target.hear(account);
        return true;
    }
}

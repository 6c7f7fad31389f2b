package io.newapi.core.sim;

/**
 * The end of a run: everything is mended and comes to rest; whatever is idle must be obtainable (I7); then all nodes
 * leave, and nothing may be missing or left over (I6).
 */
final class Ending {

    private static final int STEPS_TO_REST = 60_000;
    private static final int STEPS_BETWEEN_CHECKS = 16;
    private static final int ROUNDS = 4;
    private static final int STEPS_OF_WARMING_UP = 60;

    private final World world;

    Ending(World world) {
        this.world = world;
    }

    void run() {
        mend();
        comeToRest();
        for (int i = 0; i < 2; i++) {
            warmUp();
            probe(i == 0);
            comeToRest();
        }
        leave();
        checkNoLeak();
    }

    private void mend() {
        world.tellIfTelling("everything is mended");
        world.accidents = false;
        world.callsMayBegin = false;
        world.resting = true;
        world.exchangeInterval = World.EXCHANGE_INTERVAL_AT_REST;
        world.idleReturns = world.dice.oneIn(4);
        world.db.up = true;
        world.db.logStalls = false;
        world.db.flush();
        world.logs.up = true;
        for (Node node : world.nodes) {
            node.cut = false;
            node.wakeUp();
            Disk home = world.disks[node.number];
            if (!node.up && node.number < world.scenario.nodes && home.user == null && world.dice.oneIn(2)) {
                node.start(home);
            }
        }
    }

    private void comeToRest() {
        for (int step = 0; step < STEPS_TO_REST; step++) {
            world.step();
            if (step % STEPS_BETWEEN_CHECKS == 0 && isAtRest()) {
                return;
            }
        }
        throw new Violation("I7", "it does not come to rest");
    }

    private boolean isAtRest() {
        if (world.activeTransactions() > 0 || !world.bridge.isEmpty()) {
            return false;
        }
        for (Node node : world.nodes) {
            if (!node.isAtRest() && !(node.leaving && node.up)) {
                return false;
            }
        }
        boolean somebodyObserves = false;
        for (Node node : world.nodes) {
            somebodyObserves |= node.up;
        }
        for (int i = 0; i < world.sessionCount; i++) {
            if (!isAtRest(world.sessions[i])) {
                return false;
            }
        }
        return !somebodyObserves || !world.hasDeadWriters();
    }

    private static boolean isAtRest(Session session) {
        if (!session.isAlive()) {
            return true;
        }
        return session.state == Session.State.OPEN
                && session.isApplied()
                && !session.teller.isNeeded()
                && session.log.isIdle()
                && session.log.position >= session.journal.length;
    }

    /** Some calls, so that slices lie about. */
    private void warmUp() {
        world.callsMayBegin = true;
        for (int i = 0; i < STEPS_OF_WARMING_UP; i++) {
            world.step();
        }
        world.callsMayBegin = false;
        comeToRest();
        if (world.scenario.foreignWriter && world.scenario.foreignOverdraft && world.dice.oneIn(2)) {
            int user = world.dice.below(world.scenario.users);
            world.weather.charge(user, Math.max(0, world.db.balance(user)) + world.dice.between(1, 3));
        }
    }

    // ---- I7 ----

    /** One request for exactly all that is idle. */
    private void probe(boolean hints) {
        Node asking = world.nodes[world.dice.below(world.scenario.nodes)];
        Session session = asking.current;
        if (session == null || session.state != Session.State.OPEN) {
            return;
        }
        int user = world.dice.below(world.scenario.users);
        int token = -1;
        int idle = idle(user);
        if (world.scenario.tokens && !world.db.isUnlimited(Accounts.token(user)) && !world.dice.oneIn(3)) {
            token = Accounts.token(user);
            idle = Math.min(idle, idle(token));
            asking.look(token);
        }
        if (idle < 1) {
            return;
        }
        if (world.telling()) {
            world.tell("all that is idle is asked for: " + idle + (hints ? "" : ", without messages"));
        }
        world.bridge.up = hints;
        Call call = asking.calls[0];
        call.begin(session, user, token, idle, true);
        for (int round = 0; round < ROUNDS && !call.isHeld() && !call.wasRefused(); round++) {
            askOnce(session, call);
            if (!call.isHeld() && !call.wasRefused()) {
                letOthersAnswer(asking);
            }
        }
        if (!call.isHeld()) {
            throw new Violation(
                    "I7",
                    idle + " idle units of " + Accounts.name(user)
                            + (token < 0 ? "" : " and " + Accounts.name(token)) + " were not granted to "
                            + asking.name() + (call.wasRefused() ? ", but refused" : " in " + ROUNDS + " rounds"));
        }
        call.release();
        world.exchangeInterval = World.EXCHANGE_INTERVAL_AT_REST;
        world.bridge.up = world.scenario.hints;
    }

    private int idle(int account) {
        return world.db.balance(account) + world.db.heldOfAll(account, -1, world.sessionCount);
    }

    private void askOnce(Session session, Call call) {
        goOn(call);
        if (call.isHeld()) {
            return;
        }
        boolean begun = session.teller.step();
        while (begun && !session.teller.isIdle()) {
            if (!session.teller.step()) {
                advanceAll();
            }
            count();
        }
        goOn(call);
    }

    private void goOn(Call call) {
        while (!call.isHeld() && call.step()) {
            count();
        }
    }

    private void letOthersAnswer(Node asking) {
        while (world.bridge.deliver()) {
            count();
        }
        world.now += World.EXCHANGE_INTERVAL / World.TICK + 1;
        world.exchangeInterval = World.EXCHANGE_INTERVAL;
        for (Node node : world.nodes) {
            Session session = node.current;
            if (node == asking || session == null) {
                continue;
            }
            while (session.teller.step() || advanceAll()) {
                count();
            }
        }
    }

    private boolean advanceAll() {
        boolean advanced = false;
        for (int i = world.activeTransactions() - 1; i >= 0; i--) {
            if (i < world.activeTransactions()) {
                advanced |= world.activeTransaction(i).advance();
            }
        }
        return advanced;
    }

    private void count() {
        world.steps++;
    }

    // ---- I6 ----

    private void leave() {
        world.tellIfTelling("all nodes leave");
        for (Node node : world.nodes) {
            if (node.up) {
                node.leave();
            }
        }
        for (int step = 0; step < STEPS_TO_REST; step++) {
            world.step();
            if (step % STEPS_BETWEEN_CHECKS == 0) {
                startForWhatIsLeft();
                if (isOver()) {
                    return;
                }
            }
        }
        throw new Violation("I6", "the nodes cannot leave");
    }

    private void startForWhatIsLeft() {
        for (Disk disk : world.disks) {
            boolean needed = !disk.isEmpty() || (disk.number == 0 && world.hasDeadWriters());
            if (disk.user != null || !needed) {
                continue;
            }
            for (Node node : world.nodes) {
                if (!node.up && node.number < world.scenario.nodes) {
                    node.start(disk);
                    node.leave();
                    break;
                }
            }
        }
    }

    private boolean isOver() {
        for (Node node : world.nodes) {
            if (node.up) {
                return false;
            }
        }
        for (Disk disk : world.disks) {
            if (!disk.isEmpty()) {
                return false;
            }
        }
        return world.activeTransactions() == 0 && !world.hasDeadWriters();
    }

    private void checkNoLeak() {
        for (int account = 0; account < Accounts.COUNT; account++) {
            int held = world.db.heldOfAll(account, -1, world.sessionCount);
            int expected = world.db.funds(account) - world.journalled[account];
            if (held != 0 || world.db.balance(account) != expected) {
                throw new Violation(
                        "I6",
                        Accounts.name(account) + " ends with " + world.db.balance(account) + " and " + held
                                + " held, but should have " + expected);
            }
        }
        for (int i = 0; i < world.sessionCount; i++) {
            Session session = world.sessions[i];
            int records = Math.min(session.journal.length, session.journal.logRowsLostFrom);
            if (!world.logs.hasAll(session.writer, records)) {
                throw new Violation("I6", "log rows of writer " + session.writer + " are missing");
            }
        }
    }
}

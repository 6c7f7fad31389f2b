package io.newapi.core.sim;

import org.jspecify.annotations.Nullable;

/**
 * One call of a node's client: it reserves, may wait for quota, and settles or releases. Every compare-and-set, the
 * append and the end of the response is one step.
 */
final class Call {

    enum Step {
        IDLE,
        LOOK_AT_CLOCK_FIRST,
        TAKE_USER,
        TAKE_TOKEN,
        GIVE_USER_BACK,
        LOOK_AT_CLOCK,
        UNDO_USER,
        UNDO_TOKEN,
        WAITING,
        RECALLING,
        HELD,
        SUBTRACT_USER,
        SUBTRACT_TOKEN,
        APPEND,
        ADD_USER,
        ADD_TOKEN,
        END,
        END_AGAIN
    }

    private static final int LEAST_PAUSE = World.TICK / 2;

    private final World world;
    private final Node node;
    private final int slot;

    private Step step = Step.IDLE;
    private int callNumber;

    @Nullable
    private Session session;

    private int user;
    /** The token's account, or -1. */
    private int token;

    private boolean leased;
    private int units;
    private int used;
    private boolean settling;
    private boolean appended;
    private boolean responseEnded;
    private boolean holding;

    private int userAsked;
    private int tokenAsked;
    private int recalling;
    private long waitingSince;
    private long nextTry;

    /** A request of the probe does not lose patience, and its outcome is looked at. */
    private boolean probing;

    private boolean refused;

    Call(World world, Node node, int slot) {
        this.world = world;
        this.node = node;
        this.slot = slot;
    }

    // ---- what others see ----

    boolean isIdle() {
        return step == Step.IDLE;
    }

    boolean isHeld() {
        return step == Step.HELD;
    }

    boolean isWaiting() {
        return step == Step.WAITING || step == Step.RECALLING;
    }

    boolean isWaitingAs(int number) {
        return step == Step.WAITING && callNumber == number;
    }

    boolean wasRefused() {
        return refused;
    }

    int user() {
        return user;
    }

    /** The account of the token if its part is leased, or -1. */
    int limit() {
        return leased ? token : -1;
    }

    boolean isDue(Session of) {
        return step == Step.WAITING && session == of && (probing || node.clock() >= nextTry);
    }

    String name() {
        return node.name() + " call " + slot;
    }

    private Session session() {
        Session current = session;
        if (current == null) {
            throw new IllegalStateException(name() + " has no session");
        }
        return current;
    }

    private Cell cell(int account) {
        return session().cells[account];
    }

    // ---- steps ----

    boolean step() {
        return switch (step) {
            case IDLE -> world.callsMayBegin && begin();
            case LOOK_AT_CLOCK_FIRST -> lookAtClockFirst();
            case TAKE_USER -> takeUser();
            case TAKE_TOKEN -> takeToken();
            case GIVE_USER_BACK -> giveUserBack();
            case LOOK_AT_CLOCK -> lookAtClock();
            case UNDO_USER -> undo(user, leased ? Step.UNDO_TOKEN : Step.WAITING);
            case UNDO_TOKEN -> undo(token, Step.WAITING);
            case WAITING -> losePatience();
            case RECALLING -> recall();
            case HELD -> mayEnd();
            case SUBTRACT_USER -> subtract(user, leased ? Step.SUBTRACT_TOKEN : afterSubtracting());
            case SUBTRACT_TOKEN -> subtract(token, afterSubtracting());
            case APPEND -> append();
            case ADD_USER -> add(user, leased ? Step.ADD_TOKEN : afterAdding());
            case ADD_TOKEN -> add(token, afterAdding());
            case END -> end();
            case END_AGAIN -> endAgain();
        };
    }

    private boolean begin() {
        Session current = node.current;
        if (current == null || current.state != Session.State.OPEN || !current.journal.hasRoom()) {
            if (current == null || !world.has(Bug.ZOMBIE_RESERVES) || !current.journal.hasRoom()) {
                return false;
            }
        }
        int payer = world.dice.below(world.scenario.users);
        int itsToken = -1;
        if (world.scenario.tokens && !world.dice.oneIn(3)) {
            itsToken = Accounts.token(payer);
            if (world.scenario.users == 1 && world.dice.oneIn(2)) {
                itsToken = Accounts.token(1);
            }
        }
        begin(current, payer, itsToken, world.dice.between(1, 4), false);
        if (world.scenario.overage && world.dice.oneIn(8)) {
            // charged without a reservation
            units = 0;
            used = world.dice.between(1, 2);
            settling = true;
            step = world.has(Bug.OVERAGE_AFTER_APPEND) ? Step.APPEND : Step.SUBTRACT_USER;
        }
        return true;
    }

    /** Begins a call for exactly so many units. */
    void begin(Session in, int ofUser, int ofToken, int wanted, boolean probe) {
        callNumber++;
        session = in;
        in.calls++;
        user = ofUser;
        token = ofToken;
        leased = ofToken >= 0 && !node.sawUnlimited[ofToken];
        units = wanted;
        used = 0;
        settling = false;
        appended = false;
        responseEnded = false;
        holding = false;
        userAsked = 0;
        tokenAsked = 0;
        waitingSince = node.clock();
        nextTry = waitingSince;
        probing = probe;
        refused = false;
        step = first();
        if (world.telling()) {
            world.tell(name() + " wants " + units + " units of " + Accounts.name(user)
                    + (token < 0
                            ? ""
                            : leased ? " and of " + Accounts.name(token) : ", unlimited " + Accounts.name(token))
                    + " in session " + in.number);
        }
    }

    private Step first() {
        return world.has(Bug.CLOCK_BEFORE_TAKING) ? Step.LOOK_AT_CLOCK_FIRST : Step.TAKE_USER;
    }

    private boolean lookAtClockFirst() {
        if (session().maySpend()) {
            step = Step.TAKE_USER;
        } else {
            await();
        }
        return true;
    }

    private boolean takeUser() {
        Cell cell = cell(user);
        if (cell.free < units) {
            await();
            return world.telling() ? told("finds too little: " + cell.free + " free of " + Accounts.name(user)) : true;
        }
        take(cell);
        step = leased ? Step.TAKE_TOKEN : Step.LOOK_AT_CLOCK;
        return world.telling() ? told("takes " + units + " of " + Accounts.name(user)) : true;
    }

    private boolean takeToken() {
        Cell cell = cell(token);
        if (cell.free < units) {
            if (world.has(Bug.USER_KEPT)) {
                cell(user).owed -= units;
                await();
            } else {
                step = Step.GIVE_USER_BACK;
            }
            return world.telling() ? told("finds too little: " + cell.free + " free of " + Accounts.name(token)) : true;
        }
        take(cell);
        step = Step.LOOK_AT_CLOCK;
        return world.telling() ? told("takes " + units + " of " + Accounts.name(token)) : true;
    }

    private void take(Cell cell) {
        cell.free -= units;
        cell.owed += units;
        cell.lastUse = node.clock();
    }

    private boolean giveUserBack() {
        Cell cell = cell(user);
        cell.free += units;
        cell.owed -= units;
        await();
        return told("gives the user's part back");
    }

    private boolean lookAtClock() {
        if (!world.has(Bug.CLOCK_BEFORE_TAKING) && !session().maySpend()) {
            step = Step.UNDO_USER;
            return told("looks at the clocks: too late");
        }
        confirm();
        return world.telling() ? told("looks at the clocks, and holds " + units) : true;
    }

    private void confirm() {
        step = Step.HELD;
        holding = true;
        hold(user, units);
        world.checkBacked(session(), user);
        if (leased) {
            hold(token, units);
            world.checkBacked(session(), token);
        }
    }

    private void hold(int account, int change) {
        cell(account).reserved += change;
        world.reserved[account] += change;
    }

    private boolean undo(int account, Step next) {
        Cell cell = cell(account);
        cell.free += units;
        cell.owed -= units;
        if (next == Step.WAITING) {
            await();
        } else {
            step = next;
        }
        return world.telling() ? told("gives " + units + " of " + Accounts.name(account) + " back") : true;
    }

    // ---- waiting ----

    private void await() {
        if (session().state == Session.State.FENCED && !world.has(Bug.ZOMBIE_RESERVES)) {
            refuse("its session is fenced: 503");
        } else {
            step = Step.WAITING;
        }
    }

    private boolean losePatience() {
        if (probing || node.clock() - waitingSince < World.RECALL_WAIT || !world.dice.oneIn(3)) {
            return false;
        }
        refuse("has waited long enough: 503");
        return true;
    }

    private void refuse(String why) {
        told(why);
        refused = true;
        step = Step.IDLE;
        session().calls--;
    }

    /** Writes into an exchange what is short. */
    void ask(Request request, Session in) {
        boolean leaving = in.state == Session.State.LEAVING;
        Cell ofUser = in.cells[user];
        request.call = this;
        request.callNumber = callNumber;
        request.user = user;
        request.userShort = Math.max(0, units - ofUser.free);
        request.userAsked = userAsked;
        request.userTight = leaving || userAsked > 0 || node.clock() < ofUser.tightUntil;
        request.token = limit();
        request.tokenShort = 0;
        request.tokenAsked = tokenAsked;
        if (leased) {
            Cell ofToken = in.cells[token];
            request.tokenShort = Math.max(0, units - ofToken.free);
            request.tokenTight = leaving || tokenAsked > 0 || node.clock() < ofToken.tightUntil;
        }
        request.verdict = Verdict.WAIT;
    }

    /** What an exchange decided. */
    void decided(Verdict verdict, int account) {
        if (world.telling()) {
            told("hears: " + verdict);
        }
        switch (verdict) {
            case GRANTED -> step = first();
            case FORBIDDEN -> refuse("is refused: 403");
            case RECALL -> {
                recalling = account;
                step = Step.RECALLING;
            }
            case WAIT -> nextTry = node.clock() + LEAST_PAUSE;
            case UNLIMITED -> {
                node.look(account);
                refuse("finds its token changed: 503");
            }
        }
    }

    /** The exchange ended without a decision. */
    void tryAgain() {
        nextTry = node.clock() + LEAST_PAUSE;
    }

    void sessionIsGone() {
        refuse("its session is gone: 503");
    }

    /** One autocommit statement that flags the leases of all others, and the message that makes it fast. */
    private boolean recall() {
        Session mine = session();
        if (mine.state == Session.State.FENCED) {
            refuse("its session is gone: 503");
            return true;
        }
        if (!node.isConnected() || !world.db.up) {
            return !probing && losePatience();
        }
        if (!world.has(Bug.RECALL_BY_MESSAGE) && !world.flagLeases(recalling, mine.writer)) {
            return false;
        }
        if (recalling == user) {
            userAsked++;
        } else {
            tokenAsked++;
        }
        world.bridge.publish(recalling, node);
        nextTry = node.clock() + LEAST_PAUSE;
        step = Step.WAITING;
        return world.telling() ? told("recalls " + Accounts.name(recalling)) : true;
    }

    // ---- ending ----

    private boolean mayEnd() {
        if (world.callsMayBegin && !world.dice.oneIn(world.scenario.patienceOfCalls)) {
            return false;
        }
        if (world.dice.oneIn(4)) {
            release();
        } else {
            settle(world.dice.below(units + 1) + (world.scenario.overage && world.dice.oneIn(3) ? 2 : 0));
        }
        return true;
    }

    void release() {
        told("is released");
        settling = false;
        step = Step.ADD_USER;
        unhold();
    }

    void settle(int units) {
        used = units;
        if (world.telling()) {
            told("is settled with " + used);
        }
        settling = true;
        if (world.has(Bug.OVERAGE_AFTER_APPEND)) {
            step = Step.APPEND;
        } else if (world.has(Bug.MEMORY_BEFORE_JOURNAL)) {
            step = Step.ADD_USER;
        } else {
            step = used > this.units ? Step.SUBTRACT_USER : Step.APPEND;
        }
    }

    private void unhold() {
        holding = false;
        hold(user, -units);
        if (leased) {
            hold(token, -units);
        }
    }

    private Step afterSubtracting() {
        return appended ? Step.ADD_USER : Step.APPEND;
    }

    private Step afterAdding() {
        return Step.END;
    }

    private boolean subtract(int account, Step next) {
        int overage = Math.max(0, used - units);
        Cell cell = cell(account);
        cell.free -= overage;
        cell.owed += overage;
        if (appended) {
            cell.toBeSubtracted -= overage;
        }
        step = next;
        return world.telling() ? told("subtracts " + overage + " of " + Accounts.name(account)) : true;
    }

    private boolean append() {
        Session mine = session();
        if (!(world.has(Bug.LATE_CHARGES_DROPPED_AT_SETTLING) && mine.state == Session.State.FENCED)) {
            boolean direct = token >= 0 && !leased;
            mine.journal.append(user, token, direct, used);
            Disk disk = node.disk;
            if (disk != null && disk.has(mine.number)) {
                disk.keep(mine.number, mine.journal.length);
            }
            journalled(user, leasedOverage());
            if (token >= 0) {
                journalled(token, direct ? used : leasedOverage());
            }
            appended = true;
        }
        cell(user).owed -= used;
        if (leased) {
            cell(token).owed -= used;
        }
        if (holding) {
            unhold();
        }
        if (world.has(Bug.MEMORY_BEFORE_JOURNAL)) {
            step = Step.END_AGAIN;
        } else if (world.has(Bug.OVERAGE_AFTER_APPEND) && used > units) {
            cell(user).toBeSubtracted += used - units;
            if (leased) {
                cell(token).toBeSubtracted += used - units;
            }
            step = Step.SUBTRACT_USER;
        } else {
            step = used < units ? Step.ADD_USER : Step.END;
        }
        return world.telling() ? told("appends record " + (mine.journal.length - 1) + ": " + used + " units") : true;
    }

    private int leasedOverage() {
        return Math.max(0, used - units);
    }

    private void journalled(int account, int overage) {
        world.journalled[account] += used;
        world.overage[account] += overage;
    }

    private boolean add(int account, Step next) {
        int left = settling ? Math.max(0, units - used) : units;
        Cell cell = cell(account);
        cell.free += left;
        cell.owed -= left;
        step = next;
        return world.telling() ? told("adds " + left + " of " + Accounts.name(account)) : true;
    }

    private boolean end() {
        if (settling && !responseEnded && !appended) {
            throw new Violation("I5", "the response of " + name() + " ends before its settlement is in the journal");
        }
        responseEnded = true;
        told("ends its response");
        step = Step.END_AGAIN;
        return true;
    }

    /** Somebody else ends the reservation too: the stream broke at its end, say. Only the first one counts. */
    private boolean endAgain() {
        if (world.has(Bug.ENDED_TWICE) && units > 0 && world.dice.oneIn(3)) {
            cell(user).free += units;
            if (leased) {
                cell(token).free += units;
            }
        }
        step = Step.IDLE;
        session().calls--;
        return told("is over");
    }

    /** The process is gone. */
    void vanish() {
        if (holding) {
            unhold();
        }
        step = Step.IDLE;
        session = null;
    }

    private boolean told(String event) {
        if (world.telling()) {
            world.tell(name() + " " + event);
        }
        return true;
    }
}

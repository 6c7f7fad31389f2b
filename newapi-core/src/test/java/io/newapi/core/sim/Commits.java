package io.newapi.core.sim;

/** What the transactions do to the database at the moment of their commit, and what they found there. */
final class Commits {

    private final World world;
    private final Database db;

    Commits(World world) {
        this.world = world;
        this.db = world.db;
    }

    /** Carries a transaction out; whether it wrote anything. */
    boolean carryOut(Transaction it) {
        boolean wrote = true;
        switch (it.kind) {
            case REGISTER -> db.insertWriter(it.writer);
            case EXCHANGE -> exchange(it);
            case RESYNC -> wrote = resync(it);
            case CLOSE_BEGIN -> wrote = beginClose(it);
            case CLOSE_RETURN -> wrote = giveBack(it);
            case LOG -> writeLog(it);
        }
        world.checkBooks(it.writer);
        return wrote;
    }

    /** What is left of an exchange when the server forgot its first half. */
    void carryOutHalf(Transaction it) {
        int account = Integer.numberOfTrailingZeros(it.accounts | 1 << (Accounts.COUNT - 1));
        int balance = db.balance(account);
        exchange(it);
        db.addToBalance(account, balance - db.balance(account));
        world.checkBooks(it.writer);
    }

    private void exchange(Transaction it) {
        int writer = it.writer;
        it.state = db.state(writer);
        it.stateBefore = it.state;
        if (it.state == Database.MISSING) {
            view(it);
            return;
        }
        book(it);
        if (it.state == Database.OPEN) {
            takeReturns(it);
            clearAnsweredRecalls(it);
        } else if (world.has(Bug.RETURN_WITHOUT_LEASE)) {
            takeReturns(it);
        }
        if (it.state == Database.OPEN || world.has(Bug.GRANT_WHILE_CLOSING)) {
            for (int i = 0; i < it.requestCount; i++) {
                decide(it, it.requests[i]);
            }
        }
        for (int account = 0; account < Accounts.COUNT; account++) {
            if (db.isRecalled(writer, account) && !Accounts.contains(it.offered, account)) {
                it.recalled |= Accounts.bit(account);
            }
            if (Accounts.contains(it.accounts, account) && db.balance(account) < 0) {
                it.negative |= Accounts.bit(account);
            }
        }
        boolean counted = it.exchangeNo < 0 || world.has(Bug.EXCHANGES_COUNTED_BY_DATABASE);
        db.setExchangeNo(writer, counted ? db.exchangeNo(writer) + 1 : it.exchangeNo);
        view(it);
    }

    /** The records that are not yet applied, from the lease as far as it reaches, then from the balance. */
    private void book(Transaction it) {
        Journal journal = it.journal;
        if (journal == null) {
            return;
        }
        int row = world.positionRow(it.writer);
        int from = world.has(Bug.CLIENTS_POSITION) ? it.from : db.position(row);
        int end = it.end;
        for (int account = 0; account < Accounts.COUNT; account++) {
            int leased = journal.leased(account, from, end);
            int direct = journal.direct(account, from, end);
            if (Accounts.isToken(account) && world.has(Bug.DIRECT_BY_PRESENT_STATE)) {
                int all = leased + direct;
                leased = db.isUnlimited(account) ? 0 : all;
                direct = all - leased;
            }
            if (leased + direct == 0) {
                continue;
            }
            int held = db.held(it.writer, account);
            int taken = Math.min(held, leased);
            db.setHeld(it.writer, account, held - taken);
            int fromBalance = world.has(Bug.DEFICIT_DROPPED) ? direct : leased - taken + direct;
            db.addToBalance(account, -fromBalance);
            db.charged(it.writer, account, leased + direct);
        }
        if (end > db.position(row) && !world.has(Bug.POSITION_APART)) {
            db.setPosition(row, end);
        }
    }

    private void takeReturns(Transaction it) {
        for (int account = 0; account < Accounts.COUNT; account++) {
            if (Accounts.contains(it.offered, account)) {
                int held = db.held(it.writer, account);
                int returned = Math.min(it.offers[account], held);
                db.setHeld(it.writer, account, held - returned);
                db.addToBalance(account, world.has(Bug.RETURN_WITHOUT_LEASE) ? it.offers[account] : returned);
            }
        }
    }

    private void clearAnsweredRecalls(Transaction it) {
        for (int account = 0; account < Accounts.COUNT; account++) {
            if (Accounts.contains(it.offered, account)) {
                db.setRecalled(it.writer, account, false);
            }
        }
    }

    private void decide(Transaction it, Request request) {
        if (request.tokenShort > 0 && db.isUnlimited(request.token)) {
            request.verdict = Verdict.UNLIMITED;
            return;
        }
        if (!covers(request.user, request.userShort)) {
            refuse(it.writer, request, request.user, request.userShort, request.userAsked);
            return;
        }
        if (request.token >= 0 && !covers(request.token, request.tokenShort)) {
            refuse(it.writer, request, request.token, request.tokenShort, request.tokenAsked);
            return;
        }
        grant(it.writer, request.user, request.userShort, request.userTight, true);
        if (request.token >= 0) {
            grant(it.writer, request.token, request.tokenShort, request.tokenTight, !world.has(Bug.TOKEN_HALF_LOST));
        }
        request.verdict = Verdict.GRANTED;
    }

    private boolean covers(int account, int missing) {
        return (missing == 0 && !world.has(Bug.ZERO_SHORTFALL_TESTED))
                || world.has(Bug.GRANT_UNTESTED)
                || db.balance(account) >= missing;
    }

    private void grant(int writer, int account, int missing, boolean tight, boolean kept) {
        if (missing == 0) {
            return;
        }
        int granted = missing;
        if (!tight) {
            int fair = db.balance(account) / (2 * Math.max(1, db.openWriters(world.sessionCount)));
            granted = Math.max(missing, Math.min(4 * missing, fair));
        }
        db.addToBalance(account, -granted);
        if (kept) {
            db.setHeld(writer, account, db.held(writer, account) + granted);
        }
    }

    private void refuse(int writer, Request request, int account, int missing, int asked) {
        request.account = account;
        int elsewhere = db.heldOfAll(account, writer, world.sessionCount);
        if (db.balance(account) + elsewhere < missing || world.has(Bug.NO_RECALL)) {
            request.verdict = Verdict.FORBIDDEN;
        } else if (asked == 0) {
            request.verdict = Verdict.RECALL;
        } else if (db.recallsOfAll(account, writer, world.sessionCount) > 0) {
            request.verdict = Verdict.WAIT;
        } else {
            request.verdict = asked < World.RECALL_ROUNDS ? Verdict.RECALL : Verdict.FORBIDDEN;
        }
    }

    private boolean resync(Transaction it) {
        it.state = db.state(it.writer);
        it.stateBefore = it.state;
        if (it.state != Database.MISSING && !world.has(Bug.SILENT_RESYNC)) {
            db.countResync(it.writer);
            view(it);
            return true;
        }
        view(it);
        return false;
    }

    private boolean beginClose(Transaction it) {
        int writer = it.writer;
        if (!db.exists(writer) && world.has(Bug.MISSING_WRITER_CREATED) && it.journal != null) {
            db.insertWriter(writer);
        }
        it.stateBefore = db.state(writer);
        boolean asObserved = it.expectedExchangeNo < 0 || it.expectedExchangeNo == db.exchangeNo(writer);
        if (it.stateBefore == Database.OPEN && asObserved) {
            db.setState(writer, Database.CLOSING);
        }
        boolean counted = it.stateBefore != Database.MISSING && !world.has(Bug.SILENT_CLOSE);
        if (counted) {
            // a row is changed in any case: only then does the answer prove what was read
            db.countResync(writer);
        }
        it.state = db.state(writer);
        view(it);
        return counted || it.state != it.stateBefore || it.state == Database.MISSING;
    }

    private boolean giveBack(Transaction it) {
        int writer = it.writer;
        it.state = db.state(writer);
        it.stateBefore = it.state;
        if (it.accounts == 0 && it.state == Database.CLOSING) {
            db.setState(writer, Database.CLOSED);
            it.state = Database.CLOSED;
        }
        for (int account = 0; account < Accounts.COUNT; account++) {
            if (Accounts.contains(it.accounts, account)) {
                int held = db.held(writer, account);
                db.exposed(account, Math.min(held, world.outOfReach(writer, account)));
                db.addToBalance(account, held);
                if (!world.has(Bug.CLOSE_IN_TWO)) {
                    db.setHeld(writer, account, 0);
                }
                db.givenBack(writer, account);
            }
        }
        boolean counted = !world.has(Bug.SILENT_CLOSE);
        if (counted) {
            db.countResync(writer);
        }
        view(it);
        return counted || it.accounts != 0 || it.state != it.stateBefore;
    }

    private void writeLog(Transaction it) {
        int writer = it.writer;
        boolean inMemory = world.has(Bug.LOG_POSITION_IN_MEMORY);
        boolean inMain = world.has(Bug.LOG_POSITION_IN_MAIN_DATABASE);
        int from = inMemory || inMain ? it.from : world.logs.position(writer);
        world.logs.write(writer, from, it.end);
        if (it.end > world.logs.position(writer)) {
            world.logs.setPosition(writer, it.end);
        }
        it.position = world.logs.position(writer);
    }

    private void view(Transaction it) {
        it.position = db.position(world.positionRow(it.writer));
        for (int account = 0; account < Accounts.COUNT; account++) {
            it.held[account] = db.held(it.writer, account);
        }
    }

    /** In words, what a transaction found and did. */
    String outcome(Transaction it) {
        if (it.kind == Transaction.Kind.LOG) {
            return "log rows up to record " + it.position;
        }
        StringBuilder words = new StringBuilder();
        words.append("state ")
                .append(it.state)
                .append(", applied up to ")
                .append(it.position)
                .append(", balances");
        for (int account = 0; account < Accounts.COUNT; account++) {
            words.append(' ').append(db.balance(account)).append('+').append(it.held[account]);
        }
        for (int i = 0; i < it.requestCount; i++) {
            words.append(", ").append(it.requests[i].verdict);
        }
        if (it.recalled != 0) {
            words.append(", recalled ").append(Accounts.names(it.recalled));
        }
        return words.toString();
    }
}

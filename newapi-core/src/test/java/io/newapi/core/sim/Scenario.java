package io.newapi.core.sim;

/** What may happen in a run, and how big things are; thrown anew for every seed. */
final class Scenario {

    int nodes;
    int users;
    int stepsOfChaos;
    int ticksAtOnce;

    /** One step in so many is an accident. */
    int accidentEvery;

    /** A call that holds quota ends at one step in so many. */
    int patienceOfCalls;

    boolean crashes;
    boolean diskLosses;
    boolean copies;
    boolean databaseCrashes;
    boolean databaseOutages;
    boolean logOutages;
    boolean partitions;
    boolean pauses;
    boolean suspends;
    boolean wallJumps;
    boolean lostAnswers;
    boolean foreignWriter;
    boolean foreignOverdraft;
    boolean admin;
    boolean flips;
    boolean leaving;
    boolean overage;
    boolean hints;
    boolean strict;
    boolean idleReturns;
    boolean tokens;
    boolean losesClocks;
    Bias bias = Bias.NONE;

    void roll(Dice dice, Bias towards) {
        bias = towards;
        losesClocks = towards == Bias.LOST_CLOCKS;
        nodes = dice.between(2, 3);
        users = dice.between(1, 2);
        stepsOfChaos = dice.between(300, 1_200);
        ticksAtOnce = dice.between(1, 3);
        accidentEvery = dice.between(8, 30);
        patienceOfCalls = dice.between(2, 12);
        crashes = dice.oneIn(2);
        diskLosses = dice.oneIn(3);
        copies = dice.oneIn(4);
        databaseCrashes = dice.oneIn(4);
        databaseOutages = dice.oneIn(4);
        logOutages = dice.oneIn(4);
        partitions = dice.oneIn(2);
        pauses = dice.oneIn(2);
        suspends = dice.oneIn(4);
        wallJumps = !suspends && dice.oneIn(4);
        lostAnswers = !dice.oneIn(3);
        foreignWriter = dice.oneIn(3);
        foreignOverdraft = dice.oneIn(2);
        admin = dice.oneIn(3);
        flips = dice.oneIn(4);
        leaving = dice.oneIn(3);
        overage = dice.oneIn(3);
        hints = dice.oneIn(2);
        strict = dice.oneIn(10);
        idleReturns = dice.oneIn(2);
        tokens = !dice.oneIn(4);
        bend(dice);
    }

    private void bend(Dice dice) {
        switch (bias) {
            case NONE -> {}
            case PAUSES -> {
                pauses = true;
                strict = false;
                stepsOfChaos = dice.between(500, 1_500);
                ticksAtOnce = 3;
                patienceOfCalls = dice.between(6, 40);
                quiet();
            }
            case LOST_CLOCKS -> {
                pauses = true;
                suspends = true;
                wallJumps = false;
                strict = false;
                stepsOfChaos = dice.between(500, 1_500);
                ticksAtOnce = 3;
                patienceOfCalls = dice.between(6, 40);
                quiet();
            }
            case OVERAGE -> {
                overage = true;
                quiet();
                patienceOfCalls = 2;
            }
            case DATABASE_CRASHES -> {
                databaseCrashes = true;
                lostAnswers = true;
                accidentEvery = 6;
            }
            case DATABASE_CRASHES_AND_PAUSES -> {
                pauses = true;
                databaseCrashes = true;
                strict = false;
                stepsOfChaos = dice.between(500, 1_500);
                ticksAtOnce = 3;
            }
            case LOST_ANSWERS -> {
                lostAnswers = true;
                accidentEvery = 6;
            }
            case RESTARTS -> crashes = true;
            case COPIES, COPY_OF_A_CUT_OFF_NODE -> {
                copies = true;
                crashes = true;
                strict = false;
                stepsOfChaos = dice.between(500, 1_500);
                ticksAtOnce = 3;
            }
            case FLIPS -> {
                flips = true;
                tokens = true;
            }
        }
    }

    /** Whatever loosens the bounds within which a balance may fall below zero is left out. */
    private void quiet() {
        foreignWriter = false;
        admin = false;
        diskLosses = false;
        flips = false;
    }
}

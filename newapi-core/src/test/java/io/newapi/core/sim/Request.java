package io.newapi.core.sim;

import org.jspecify.annotations.Nullable;

/** What one waiting call is short of, as an exchange carries it, and the verdict. */
final class Request {

    @Nullable
    Call call;

    /** Which of the calls that use the same object. */
    int callNumber;

    int user;
    int token;
    int userShort;
    int tokenShort;
    boolean userTight;
    boolean tokenTight;
    int userAsked;
    int tokenAsked;

    Verdict verdict = Verdict.WAIT;
    int account;

    void copy(Request other) {
        call = other.call;
        callNumber = other.callNumber;
        user = other.user;
        token = other.token;
        userShort = other.userShort;
        tokenShort = other.tokenShort;
        userTight = other.userTight;
        tokenTight = other.tokenTight;
        userAsked = other.userAsked;
        tokenAsked = other.tokenAsked;
        verdict = other.verdict;
        account = other.account;
    }

    /** Whether the call still waits that it was made for. */
    boolean isAwaited() {
        Call waiting = call;
        return waiting != null && waiting.isWaitingAs(callNumber);
    }

    Call call() {
        Call waiting = call;
        if (waiting == null) {
            throw new IllegalStateException("nobody made this request");
        }
        return waiting;
    }
}

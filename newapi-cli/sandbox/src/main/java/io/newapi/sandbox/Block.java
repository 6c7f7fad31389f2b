package io.newapi.sandbox;

/**
 * One part of a reply.
 *
 * @param kind what it is
 * @param pieces its text, or a call's arguments as JSON
 * @param id the call's id, empty for other kinds
 * @param name the called tool, empty for other kinds
 */
record Block(Kind kind, Pieces pieces, String id, String name) {

    enum Kind {
        THINKING,
        TEXT,
        CALL
    }

    static Block thinking(Pieces pieces) {
        return new Block(Kind.THINKING, pieces, "", "");
    }

    static Block text(Pieces pieces) {
        return new Block(Kind.TEXT, pieces, "", "");
    }

    static Block call(String id, String name, Pieces arguments) {
        return new Block(Kind.CALL, arguments, id, name);
    }

    boolean is(Kind other) {
        return kind == other;
    }

    String whole() {
        return pieces.whole();
    }
}

package io.newapi.server.relay.wire;

/** What to write where, so that the upstream reports usage; everything else in the body stays as it is. */
record UsageSwitch(int start, int end, String text) {
    static UsageSwitch newField(int afterBrace) {
        return new UsageSwitch(afterBrace, afterBrace, "\"stream_options\":{\"include_usage\":true},");
    }

    static UsageSwitch inPlaceOfNull(int start, int end) {
        return new UsageSwitch(start, end, "{\"include_usage\":true}");
    }

    static UsageSwitch intoObject(int afterBrace, boolean empty) {
        return new UsageSwitch(afterBrace, afterBrace, "\"include_usage\":true" + (empty ? "" : ","));
    }

    static UsageSwitch inPlaceOfFlag(int start, int end) {
        return new UsageSwitch(start, end, "true");
    }

    /** The text, if nothing follows it. */
    String alone() {
        return text.endsWith(",") ? text.substring(0, text.length() - 1) : text;
    }
}

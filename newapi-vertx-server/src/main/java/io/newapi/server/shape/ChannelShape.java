package io.newapi.server.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * All that a channel changes in the calls that go through it. A text that says something impossible changes nothing: the fault says
 * so, and calls must not go through the channel as if the text were not there.
 *
 * @param source the texts that it was read from
 * @param fault the first of them that cannot be used
 */
public record ChannelShape(
        Source source, ParamOverride params, HeaderOverride headers, ChannelSetting setting, Optional<Fault> fault) {

    private static final ChannelShape NONE = read(new Source("", "", ""));

    /**
     * The columns of a channel, as they are stored. Its {@code toString} shows none of them: they may hold credentials.
     *
     * @param paramOverride for the body
     * @param headerOverride for the headers
     * @param setting for the rest
     */
    public record Source(String paramOverride, String headerOverride, String setting) {

        /** Whether it says nothing at all. */
        public boolean isBlank() {
            return paramOverride.isBlank() && headerOverride.isBlank() && setting.isBlank();
        }

        @Override
        public String toString() {
            return "Source";
        }
    }

    /**
     * What cannot be used.
     *
     * @param column where it stands
     * @param reason why, without repeating values
     */
    public record Fault(String column, String reason) {}

    /** Changes nothing. */
    public static ChannelShape none() {
        return NONE;
    }

    /** Reads the texts of a channel. */
    public static ChannelShape read(Source source) {
        List<Fault> faults = new ArrayList<>();
        return new ChannelShape(
                source,
                read("param_override", source.paramOverride(), ParamOverride::parse, ParamOverride.none(), faults),
                read("header_override", source.headerOverride(), HeaderOverride::parse, HeaderOverride.none(), faults),
                read("setting", source.setting(), ChannelSetting::parse, ChannelSetting.none(), faults),
                faults.stream().findFirst());
    }

    private static <T> T read(String column, String text, Function<String, T> parse, T otherwise, List<Fault> faults) {
        try {
            return parse.apply(text);
        } catch (InvalidShapeException e) {
            faults.add(new Fault(column, String.valueOf(e.getMessage())));
            return otherwise;
        }
    }
}

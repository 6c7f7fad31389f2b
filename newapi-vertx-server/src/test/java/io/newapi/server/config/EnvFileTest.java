package io.newapi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvFileTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("HOME", "/root");

    static Object[] lines() {
        return new Object[] {
            line("A=b", "b"),
            line("  A = b  ", "b"),
            line("export A=b", "b"),
            line("A=", ""),
            line("A=b=c", "b=c"),
            line("A=b c", "b c"),
            line("A=b # a comment", "b"),
            line("A=b#c", "b#c"),
            line("A= # only a comment", ""),
            line("A='b # c $HOME \\n'", "b # c $HOME \\n"),
            line("A='b' # a comment", "b"),
            line("A=\"b # c\"", "b # c"),
            line("A=\"two\\nlines\\tand \\\"quotes\\\" and \\\\\"", "two\nlines\tand \"quotes\" and \\"),
            line("A=\"\"", ""),
            line("A=$HOME/db", "/root/db"),
            line("A=${HOME}db", "/rootdb"),
            line("A=\"${HOME}/db\"", "/root/db"),
            line("A=\\$HOME", "$HOME"),
            line("A=\"\\$HOME\"", "$HOME"),
            line("A=pa$word", "pa$word"),
            line("A=cost$", "cost$"),
            line("A=$2a$10$abc", "$2a$10$abc"),
            line("A=C:\\data\\n", "C:\\data\\n"),
            line("A=it's", "it's"),
            line("B=1\nA=$B$B", "11"),
            line("A=1\nA=2", "2"),
            line("# a comment\n\n   # another\nA=b\r\n", "b"),
            line("\uFEFFA=b", "b")
        };
    }

    private static Arguments line(String text, String value) {
        return Arguments.of(text, value);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aLineGivesItsValue(String text, String value) {
        EnvFile file = EnvFileParser.parse(text, ENVIRONMENT);

        assertThat(file.values()).containsEntry("A", value);
        assertThat(file.problems()).isEmpty();
        assertThat(file.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "hunter2", "1A=hunter2", "A B=hunter2", "=hunter2", "A: hunter2"})
    void aLineOfAnotherFormIsAProblem(String line) {
        assertThat(EnvFileParser.parse("X=1\n" + line, ENVIRONMENT).problems())
                .containsExactly(".env line 2 is not of the form NAME=value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A='hunter2", "A=\"hunter2", "A='hunter2' and more", "A=\"hunter2\\\""})
    void anOpenQuoteIsAProblem(String line) {
        assertThat(EnvFileParser.parse(line, ENVIRONMENT).problems())
                .containsExactly(
                        ".env line 1: the quotes around the value of A are not closed, or something stands behind"
                                + " them");
    }

    @Test
    void aDollarSignThatRefersToNothingIsWarnedOfWithoutQuotingIt() {
        EnvFile file = EnvFileParser.parse("SESSION_SECRET=abc$HUNTER2", ENVIRONMENT);

        assertThat(file.values()).containsEntry("SESSION_SECRET", "abc");
        assertThat(file.warnings())
                .containsExactly(
                        ".env line 1: the value of SESSION_SECRET refers to a variable that is not set; write it"
                                + " in single quotes if a dollar sign is meant");
    }

    @Test
    void aDirectoryWithoutTheFileHasNoValues(@TempDir Path dir) {
        EnvFile file = EnvFile.in(dir, ENVIRONMENT);

        assertThat(file.values()).isEmpty();
        assertThat(file.problems()).isEmpty();
    }

    @Test
    void aFileInAnotherEncodingIsAProblem(@TempDir Path dir) throws Exception {
        Files.write(dir.resolve(".env"), new byte[] {'A', '=', (byte) 0xE9});

        assertThat(EnvFile.in(dir, ENVIRONMENT).problems())
                .containsExactly(dir.resolve(".env") + " is not written in UTF-8");
    }

    @Test
    void aFileThatIsNoTextOfReasonableLengthIsAProblem(@TempDir Path dir) throws Exception {
        Files.write(dir.resolve(".env"), new byte[(1 << 20) + 1]);

        assertThat(EnvFile.in(dir, ENVIRONMENT).problems())
                .containsExactly(dir.resolve(".env") + " is longer than 1048576 bytes");
    }
}

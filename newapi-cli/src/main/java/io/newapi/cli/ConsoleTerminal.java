package io.newapi.cli;

import io.newapi.cli.command.Terminal;
import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;

/** The terminal that this process was started from, if there is one. */
final class ConsoleTerminal implements Terminal {

    @Override
    public Optional<String> ask(String question) {
        return console().map(console -> console.readLine("%s: ", question));
    }

    @Override
    public Optional<String> askSecret(String question) {
        return console().map(console -> console.readPassword("%s: ", question)).map(String::new);
    }

    /** Since JDK 22 there is a console even without a terminal, which can then be asked whether it is one. */
    @SuppressWarnings("SystemConsoleNull")
    private static Optional<Console> console() {
        Console console = System.console();
        if (console == null) {
            return Optional.empty();
        }
        try {
            boolean terminal = (boolean) Console.class.getMethod("isTerminal").invoke(console);
            return terminal ? Optional.of(console) : Optional.empty();
        } catch (NoSuchMethodException beforeJdk22) {
            return Optional.of(console);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the console cannot be asked whether it is a terminal", e);
        }
    }
}

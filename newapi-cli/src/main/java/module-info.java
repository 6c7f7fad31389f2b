/** Scripted administration over the admin HTTP API, and offline price tools. */
@org.jspecify.annotations.NullMarked
module io.newapi.cli {
    requires com.fasterxml.jackson.databind;
    requires info.picocli;
    requires io.newapi.core;
    requires java.net.http;
    requires static org.jspecify;

    opens io.newapi.cli.command to
            info.picocli;
}

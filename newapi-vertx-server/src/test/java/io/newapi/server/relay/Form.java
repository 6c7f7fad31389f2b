package io.newapi.server.relay;

/** A form with files, as programs send it. */
final class Form {

    static final String BOUNDARY = "----form7MA4YWxkTrZu0gW";

    private final StringBuilder text = new StringBuilder();

    private Form() {}

    static Form empty() {
        return new Form();
    }

    static Form of(String name, String value) {
        return new Form().field(name, value);
    }

    Form field(String name, String value) {
        return part("form-data; name=\"" + name + "\"", value);
    }

    Form file(String name, String fileName, String content) {
        return part(
                "form-data; name=\"" + name + "\"; filename=\"" + fileName
                        + "\"\r\nContent-Type: application/octet-stream",
                content);
    }

    /** A part with any headers. */
    Form part(String disposition, String content) {
        text.append("--")
                .append(BOUNDARY)
                .append("\r\nContent-Disposition: ")
                .append(disposition)
                .append("\r\n\r\n")
                .append(content)
                .append("\r\n");
        return this;
    }

    String text() {
        return text + "--" + BOUNDARY + "--\r\n";
    }

    static RawClient.Reply post(RelayHarness relay, String path, String form) {
        try (RawClient client = relay.connect()) {
            return client.send(path, "multipart/form-data; boundary=" + BOUNDARY, form)
                    .reply();
        }
    }
}

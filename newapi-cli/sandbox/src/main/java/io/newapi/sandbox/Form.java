package io.newapi.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A form in the type {@code multipart/form-data}.
 *
 * @param fields the texts; those of a name that ends in {@code []} are a list under the name without it
 * @param files the files in their order
 */
record Form(JsonObject fields, List<File> files) {

    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");
    private static final Pattern NAME = Pattern.compile("[; ]name=\"([^\"]*)\"");
    private static final Pattern FILE_NAME = Pattern.compile("[; ]filename=\"([^\"]*)\"");

    /**
     * One file.
     *
     * @param field the name of its field
     */
    record File(String field, String name, int bytes) {}

    /** @throws Refused if {@code body} is no such form */
    static Form read(Buffer body, @Nullable String contentType) {
        Matcher boundary = BOUNDARY.matcher(contentType == null ? "" : contentType);
        if (contentType == null || !contentType.startsWith("multipart/form-data") || !boundary.find()) {
            throw Refused.because("Invalid content type: expected multipart/form-data with a boundary.");
        }
        // One character for each byte, so that files survive.
        String text = "\r\n" + body.toString(StandardCharsets.ISO_8859_1);
        JsonObject fields = new JsonObject();
        List<File> files = new ArrayList<>();
        String delimiter = "\r\n--" + boundary.group(1);
        int at = text.indexOf(delimiter);
        while (at >= 0) {
            int begin = at + delimiter.length();
            int end = text.indexOf(delimiter, begin);
            if (end < 0) {
                break;
            }
            readPart(text.substring(begin, end), fields, files);
            at = end;
        }
        return new Form(fields, files);
    }

    private static void readPart(String part, JsonObject fields, List<File> files) {
        int headEnd = part.indexOf("\r\n\r\n");
        Matcher name = NAME.matcher(headEnd < 0 ? "" : part.substring(0, headEnd));
        if (!name.find()) {
            throw Refused.because("Could not parse multipart form: a part has no name.");
        }
        String content = part.substring(headEnd + "\r\n\r\n".length());
        Matcher fileName = FILE_NAME.matcher(part.substring(0, headEnd));
        if (fileName.find()) {
            files.add(new File(name.group(1).replace("[]", ""), fileName.group(1), content.length()));
            return;
        }
        String value = new String(content.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        if (name.group(1).endsWith("[]")) {
            String list = name.group(1).replace("[]", "");
            fields.put(
                    list,
                    fields.getValue(list) instanceof JsonArray values ? values.add(value) : new JsonArray().add(value));
        } else {
            fields.put(name.group(1), value);
        }
    }

    /**
     * The first file of a field.
     *
     * @throws Refused without one
     */
    File file(String field) {
        return files.stream()
                .filter(file -> file.field().equals(field))
                .findFirst()
                .orElseThrow(() -> OpenAiFields.missing(field));
    }

    /** Whether a field says yes. */
    boolean isTrue(String field) {
        return Fields.text(fields, field).equalsIgnoreCase("true");
    }
}

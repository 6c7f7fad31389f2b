package io.newapi.server.relay.wire;

import io.newapi.core.estimate.TextEstimator;
import io.newapi.core.pricing.ImageOrder;
import io.newapi.server.relay.wire.ClientRequest.Scan;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the bytes of a form with files (RFC 7578): sound to be written down, images to be changed. Files are passed over
 * where they lie, and never held as a whole; of the other fields, those are read that decide about route and price, and they must
 * not stand there twice.
 */
final class FormScanner {

    private static final String TYPE = "multipart/form-data";

    private static final Pattern DISPOSITION =
            Pattern.compile("\\r\\ncontent-disposition:[ \\t]*form-data[ \\t]*([^\\r\\n]*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern ENCODED =
            Pattern.compile("\\r\\ncontent-transfer-encoding:[ \\t]*(?!7bit|8bit|binary)", Pattern.CASE_INSENSITIVE);
    /** Possessive: the longest header takes no deeper stack than the shortest. */
    private static final Pattern PARAMETER = Pattern.compile(
            "\\G;[ \\t]*([^=;\\s\"]++)=(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|([^\\s;\"]*+))[ \\t]*");

    /** Lines that go on, and lines that end otherwise, are not read alike by all. */
    private static final Pattern ODD_LINES = Pattern.compile("\\r\\n[ \\t]|(?<!\\r)\\n|\\r(?!\\n)");

    private static final int MAX_BOUNDARY_CHARS = 70;

    private static final List<String> DECIDING = List.of("model", "n", "size", "quality", "stream");
    private static final String DEFAULT_TRANSCRIBER = "whisper-1";
    private static final String GPT_IMAGE = "gpt-image-1";

    private static final int MAX_HEADER_BYTES = 8 * 1024;
    private static final int MAX_PARTS = 1000;
    private static final int MAX_FIELD_BYTES = 1024;

    /** Its text is held for a moment; no provider takes so much. */
    private static final int MAX_PROMPT_BYTES = 1024 * 1024;

    private static final byte[] LINE = {'\r', '\n'};
    private static final byte[] HEADERS_END = {'\r', '\n', '\r', '\n'};

    private final WireFormat format;
    private final Content body;
    private final ContentWindow bytes;
    private final String contentType;
    private final Map<String, String> fields = new HashMap<>();
    private final List<Guarded> guarded = new ArrayList<>();
    private final JsonObject shown = new JsonObject();
    private @Nullable ModelPlace modelPlace;
    private String prompt = "";
    private long files;

    /** @param contentType the header of the request; names what stands between the parts */
    FormScanner(WireFormat format, Content body, String contentType) {
        this.format = format;
        this.body = body;
        this.bytes = new ContentWindow(body);
        this.contentType = contentType;
    }

    Scan scan() {
        if (!contentType.regionMatches(true, 0, TYPE, 0, TYPE.length())) {
            return RequestScanner.refuse("", "the body must be " + TYPE);
        }
        try {
            String boundary =
                    parameters(contentType.substring(TYPE.length()).strip()).getOrDefault("boundary", "");
            return boundary.isEmpty() || boundary.length() > MAX_BOUNDARY_CHARS
                    ? RequestScanner.refuse("", "the header Content-Type names no boundary")
                    : parts("--" + boundary);
        } catch (RequestScanner.FieldFault e) {
            return RequestScanner.refuse(e.param(), e.reason());
        }
    }

    /**
     * What a header says behind its value. Read strictly: what programs could understand in two ways could name another field to the
     * provider than to us.
     */
    private static Map<String, String> parameters(String text) {
        Map<String, String> found = new HashMap<>();
        Matcher parameter = PARAMETER.matcher(text);
        int end = 0;
        while (parameter.find()) {
            end = parameter.end();
            String name = parameter.group(1).toLowerCase(Locale.ROOT);
            String quoted = parameter.group(2);
            if (found.put(name, quoted == null ? parameter.group(3) : quoted) != null) {
                throw new RequestScanner.FieldFault("", "a header of the form says " + name + " twice");
            }
        }
        if (end != text.length()) {
            throw new RequestScanner.FieldFault("", "a header of the form cannot be read");
        }
        return found;
    }

    private Scan parts(String delimiter) {
        byte[] mark = delimiter.getBytes(StandardCharsets.ISO_8859_1);
        byte[] markBehind = ("\r\n" + delimiter).getBytes(StandardCharsets.ISO_8859_1);
        // text in front of the parts is allowed, but nobody sends it; a part could hide in it
        int at = bytes.startsWith(markBehind, 0) ? LINE.length : 0;
        if (!bytes.startsWith(mark, at)) {
            return RequestScanner.refuse("", "the body does not begin with the boundary that its Content-Type names");
        }
        int first = at;
        for (int parts = 0; parts <= MAX_PARTS; parts++) {
            int behind = at + mark.length;
            if (bytes.startsWith(new byte[] {'-', '-'}, behind)) {
                return understood(first, delimiter);
            }
            if (!bytes.startsWith(LINE, behind)) {
                return RequestScanner.refuse("", "a line of the form begins like its boundary");
            }
            int headersEnd = bytes.indexOf(HEADERS_END, behind, Math.min(bytes.length(), behind + MAX_HEADER_BYTES));
            int content = headersEnd + HEADERS_END.length;
            int end = headersEnd < 0 ? -1 : bytes.indexOf(markBehind, content, bytes.length());
            if (end < 0) {
                return RequestScanner.refuse("", "a part of the form does not end");
            }
            String headers = bytes.text(behind, headersEnd, StandardCharsets.UTF_8);
            part(headers, at, content, end);
            at = end + LINE.length;
        }
        return RequestScanner.refuse("", "the form has more than " + MAX_PARTS + " parts");
    }

    private void part(String headers, int start, int content, int end) {
        if (ODD_LINES.matcher(headers).find()) {
            throw new RequestScanner.FieldFault("", "a header of the form cannot be read");
        }
        Matcher disposition = DISPOSITION.matcher(headers);
        if (!disposition.find()) {
            throw new RequestScanner.FieldFault("", "a part of the form has no name");
        }
        Map<String, String> parameters = parameters(disposition.group(1));
        String name = parameters.get("name");
        if (name == null || name.indexOf('\\') >= 0 || parameters.containsKey("name*") || disposition.find()) {
            throw new RequestScanner.FieldFault("", "a part of the form has no plain name");
        }
        if (parameters.containsKey("filename") || parameters.containsKey("filename*")) {
            file(name);
        } else if (ENCODED.matcher(headers).find()) {
            throw new RequestScanner.FieldFault(name, "the field " + name + " must not be encoded");
        } else {
            field(name, start, content, end);
        }
    }

    private void file(String name) {
        if (DECIDING.stream().anyMatch(name::equalsIgnoreCase)) {
            throw new RequestScanner.FieldFault(name, "the field " + name + " must not be a file");
        }
        files++;
    }

    private void field(String name, int start, int content, int end) {
        for (String known : DECIDING) {
            if (name.equalsIgnoreCase(known)) {
                deciding(name, known, content, end);
            }
        }
        if (name.equals("prompt")) {
            if (end - content > MAX_PROMPT_BYTES) {
                throw new RequestScanner.FieldFault(name, "the field prompt is too long");
            }
            prompt = bytes.text(content, end, StandardCharsets.UTF_8);
        }
        if (end - content <= MAX_FIELD_BYTES) {
            shown.put(name, typed(bytes.text(content, end, StandardCharsets.UTF_8)));
        }
        GuardedField.of(name).ifPresent(field -> guarded.add(new Guarded(field, start, end + LINE.length, start, -1)));
    }

    private void deciding(String name, String known, int content, int end) {
        if (!name.equals(known)) {
            throw new RequestScanner.FieldFault(known, "the field " + known + " must be written in small letters");
        }
        if (end - content > MAX_FIELD_BYTES) {
            throw new RequestScanner.FieldFault(known, "the field " + known + " is too long");
        }
        String text = bytes.text(content, end, StandardCharsets.UTF_8);
        if (fields.put(known, text) != null) {
            throw new RequestScanner.FieldFault(known, "the field " + known + " stands in the form twice");
        }
        if (known.equals("stream") && !text.equals("true") && !text.equals("false")) {
            throw new RequestScanner.FieldFault(known, "the field stream must be true or false");
        }
        if (known.equals("model")) {
            modelPlace = new ModelPlace(content, end, false, false, "", "", "");
        }
    }

    /** What a price expression is told: a form has texts only, but it asks for numbers. */
    private static Object typed(String text) {
        if (text.matches("-?[0-9]{1,18}")) {
            return Long.parseLong(text);
        }
        return text.equals("true") || text.equals("false") ? Boolean.valueOf(text) : text;
    }

    private Scan understood(int first, String delimiter) {
        boolean ofImages = format == WireFormat.IMAGE_EDITS;
        String model = fields.getOrDefault("model", ofImages ? "" : DEFAULT_TRANSCRIBER);
        if (model.isBlank()) {
            return RequestScanner.refuse("model", "the field model is missing");
        }
        if (model.length() > RequestScanner.MAX_MODEL_CHARS) {
            return RequestScanner.refuse(
                    "model", "the field model has more than " + RequestScanner.MAX_MODEL_CHARS + " characters");
        }
        if (files == 0) {
            String wanted = ofImages ? "image" : "file";
            return RequestScanner.refuse(wanted, "the field " + wanted + " is missing");
        }
        ModelPlace place = modelPlace;
        if (place == null) {
            String before = delimiter + "\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n";
            place = new ModelPlace(first, first, true, false, "", before, "\r\n");
        }
        long perFile = ofImages ? RequestScanner.IMAGE_TOKENS : RequestScanner.AUDIO_TOKENS;
        Found found = new Found(format, body, model)
                .modelAt(List.of(place)).form(contentType, shown.encode()).stream(
                                fields.getOrDefault("stream", "").equals("true"))
                        .guarded(guarded)
                        .prompt(TextEstimator.forModel(model).estimate(prompt) + perFile * files);
        return ofImages ? withOrder(found, model) : found.understood();
    }

    private Scan withOrder(Found found, String model) {
        String count = fields.getOrDefault("n", "");
        if (!count.matches("[0-9]{0,3}") || (!count.isEmpty() && Long.parseLong(count) > ImageOrder.MAX_COUNT)) {
            return RequestScanner.refuse("n", "the field n must be a whole number from 1 to " + ImageOrder.MAX_COUNT);
        }
        String quality = fields.getOrDefault("quality", "");
        try {
            return found.images(ImageOrder.of(
                            model,
                            count.isEmpty() ? 0 : Long.parseLong(count),
                            fields.getOrDefault("size", ""),
                            quality.isEmpty() && model.equals(GPT_IMAGE) ? "standard" : quality))
                    .understood();
        } catch (IllegalArgumentException e) {
            return RequestScanner.refuse("size", String.valueOf(e.getMessage()));
        }
    }
}

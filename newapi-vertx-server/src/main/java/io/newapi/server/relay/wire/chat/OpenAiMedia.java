package io.newapi.server.relay.wire.chat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Pictures, documents and sounds as OpenAI's formats have them: an address, which may be a data URL (RFC 2397), or base64. */
final class OpenAiMedia {

    private static final String BASE64 = ";base64,";

    private OpenAiMedia() {}

    /** What the field points at, which must be there. */
    static Media read(Fields in, String name) {
        String url = in.text(name);
        if (!url.startsWith("data:")) {
            return new Media.Remote(url, "");
        }
        int mark = url.indexOf(BASE64);
        if (mark < 0) {
            throw in.bad(name, "must be an address, or data in base64");
        }
        String type = url.substring("data:".length(), mark);
        int parameters = type.indexOf(';');
        return new Media.Inline(
                parameters < 0 ? type : type.substring(0, parameters), url.substring(mark + BASE64.length()));
    }

    /** A file's content: a data URL, or base64 alone, whose type its name tells. */
    static Media file(Fields in, String name, String title) {
        String data = in.text(name);
        if (data.startsWith("data:")) {
            return read(in, name);
        }
        return new Media.Inline(
                title.toLowerCase(Locale.ROOT).endsWith(".txt") ? "text/plain" : "application/pdf", data);
    }

    /** The address or data URL of it; null for what is stored with a provider. */
    static @Nullable String url(Media media) {
        if (media instanceof Media.Inline here) {
            return "data:" + here.mediaType() + BASE64 + here.base64();
        }
        return media instanceof Media.Remote remote ? remote.url() : null;
    }

    /** The name of a file that has none. */
    static String filename(Part.Document document) {
        if (!document.title().isEmpty()) {
            return document.title();
        }
        boolean pdf = !(document.media() instanceof Media.Inline here)
                || here.mediaType().equals("application/pdf");
        return pdf ? "document.pdf" : "document";
    }

    /** The words of a document that is nothing but words; null for others. */
    static @Nullable String words(Part.Document document) {
        if (!(document.media() instanceof Media.Inline here)
                || !here.mediaType().startsWith("text/")) {
            return null;
        }
        try {
            return new String(Base64.getDecoder().decode(here.base64()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The sound of {@code {"data", "format"}}. */
    static Part.Audio audio(Fields in) {
        String format = in.text("format");
        String type = switch (format) {
            case "mp3" -> "audio/mpeg";
            default -> "audio/" + format;
        };
        return new Part.Audio(new Media.Inline(type, in.text("data")));
    }

    /** The word for a type of sound. */
    static String audioFormat(String mediaType) {
        return switch (mediaType) {
            case "audio/mpeg", "audio/mp3" -> "mp3";
            case "audio/x-wav", "audio/wave", "audio/vnd.wave" -> "wav";
            default -> mediaType.startsWith("audio/") ? mediaType.substring("audio/".length()) : mediaType;
        };
    }
}

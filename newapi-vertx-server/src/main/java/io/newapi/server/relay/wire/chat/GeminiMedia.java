package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;

/** {@code inlineData} and {@code fileData} (Gemini API reference, {@code Blob} and {@code FileData}). */
final class GeminiMedia {

    private static final Map<String, String> BY_ENDING = Map.ofEntries(
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("webp", "image/webp"),
            Map.entry("gif", "image/gif"),
            Map.entry("heic", "image/heic"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("txt", "text/plain"),
            Map.entry("mp3", "audio/mp3"),
            Map.entry("wav", "audio/wav"),
            Map.entry("flac", "audio/flac"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("mov", "video/mov"),
            Map.entry("webm", "video/webm"));

    private GeminiMedia() {}

    static Part inline(GeminiFields blob) {
        String type = blob.text("mimeType");
        return part(type, new Media.Inline(type, blob.text("data")), blob.text("displayName", ""));
    }

    /** Files of Google's own stores are only its; a YouTube address without a type is a film. */
    static Part file(GeminiFields file) {
        String uri = file.text("fileUri");
        String type = file.text("mimeType", isYouTube(uri) ? "video/webm" : "");
        Media media = isStored(uri) ? new Media.Stored(uri) : new Media.Remote(uri, type);
        return part(type, media, file.text("displayName", ""));
    }

    private static Part part(String type, Media media, String title) {
        if (type.startsWith("image/")) {
            return new Part.Image(media, "", Part.CacheMark.NONE);
        }
        if (type.startsWith("audio/")) {
            return new Part.Audio(media);
        }
        if (type.startsWith("video/")) {
            return new Part.Video(media);
        }
        return new Part.Document(media, title, Part.CacheMark.NONE);
    }

    /**
     * The part that says it.
     *
     * @param kind of its type if nothing else tells it, as {@code image/jpeg}
     */
    static JsonObject write(Media media, String kind) {
        if (media instanceof Media.Inline inline) {
            return new JsonObject()
                    .put(
                            "inlineData",
                            new JsonObject().put("mimeType", inline.mediaType()).put("data", inline.base64()));
        }
        if (media instanceof Media.Remote remote) {
            String type = remote.mediaType().isEmpty() ? typeOf(remote.url(), kind) : remote.mediaType();
            return new JsonObject()
                    .put("fileData", new JsonObject().put("mimeType", type).put("fileUri", remote.url()));
        }
        if (media instanceof Media.Stored stored && isStored(stored.id())) {
            return new JsonObject().put("fileData", new JsonObject().put("fileUri", stored.id()));
        }
        throw new Unsayable("files that are stored with another provider");
    }

    private static String typeOf(String url, String otherwise) {
        int end = url.indexOf('?') < 0 ? url.length() : url.indexOf('?');
        String path = url.substring(0, end);
        String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return BY_ENDING.getOrDefault(ending, isYouTube(url) ? "video/webm" : otherwise);
    }

    private static boolean isStored(String uri) {
        return uri.startsWith("https://generativelanguage.googleapis.com/")
                || uri.startsWith("gs://")
                || uri.startsWith("files/");
    }

    private static boolean isYouTube(String uri) {
        return uri.startsWith("https://www.youtube.com/")
                || uri.startsWith("https://youtube.com/")
                || uri.startsWith("https://youtu.be/");
    }
}

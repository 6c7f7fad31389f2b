package io.newapi.server.relay;

import io.vertx.core.http.HttpMethod;
import java.util.List;

/**
 * The paths of New API's features that this version does not have: tasks that make pictures, music and films, files and what is done with
 * them, and what belongs to live connections beside these themselves. Programs are told so, rather than that there is no such path.
 */
final class UnbuiltPaths {

    /** These and what is below them. */
    private static final List<String> TREES = List.of(
            "/mj",
            "/suno",
            "/kling",
            "/jimeng",
            "/v1/video",
            "/v1/videos",
            "/v1/files",
            "/v1/fine-tunes",
            "/v1/images/variations",
            "/v1/edits",
            "/v1/realtime");

    private UnbuiltPaths() {}

    /** Whether it is a path of programs that none of the others begins like. */
    static boolean areBelow(String path) {
        return isIn("/mj", path)
                || isIn("/suno", path)
                || isIn("/kling", path)
                || isIn("/jimeng", path)
                || isMode(path);
    }

    /** @param path without a slash at its end */
    static boolean include(HttpMethod method, String path) {
        return TREES.stream().anyMatch(tree -> isIn(tree, path))
                || isMode(path)
                || (method.equals(HttpMethod.DELETE) && path.startsWith("/v1/models/"));
    }

    private static boolean isIn(String tree, String path) {
        return path.startsWith(tree) && (path.length() == tree.length() || path.charAt(tree.length()) == '/');
    }

    /** Midjourney's modes: {@code /mj-fast/mj/submit/imagine}. */
    private static boolean isMode(String path) {
        return path.startsWith("/mj-") && path.contains("/mj/");
    }
}

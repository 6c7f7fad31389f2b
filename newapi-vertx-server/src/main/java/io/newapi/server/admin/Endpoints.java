package io.newapi.server.admin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The endpoints that another node may have called here, by method and path. Filled at the start, then read by all threads. */
final class Endpoints {

    private static final String PARAMETER = ":";

    /** Who may call it, and what it does. */
    record Endpoint(Access access, AdminHandler handler) {}

    /**
     * One that was found.
     *
     * @param parameters what stands in the path in place of names
     */
    record Found(Endpoint endpoint, Map<String, String> parameters) {}

    private record Pattern(String method, List<String> parts, Endpoint endpoint) {

        private Optional<Map<String, String>> parameters(String wantedMethod, List<String> path) {
            if (!method.equals(wantedMethod) || parts.size() != path.size()) {
                return Optional.empty();
            }
            Map<String, String> parameters = new HashMap<>();
            for (int i = 0; i < parts.size(); i++) {
                String part = parts.get(i);
                if (part.startsWith(PARAMETER)) {
                    parameters.put(part.substring(1), path.get(i));
                } else if (!part.equals(path.get(i))) {
                    return Optional.empty();
                }
            }
            return Optional.of(parameters);
        }
    }

    private final List<Pattern> patterns = new ArrayList<>();

    void add(String method, String path, Access access, AdminHandler handler) {
        patterns.add(new Pattern(method, parts(path), new Endpoint(access, handler)));
    }

    /** The first that was added and fits, as in the router; a slash at the end of the path does not matter. */
    Optional<Found> find(String method, String path) {
        List<String> parts = parts(path);
        for (Pattern pattern : patterns) {
            Optional<Map<String, String>> parameters = pattern.parameters(method, parts);
            if (parameters.isPresent()) {
                return Optional.of(new Found(pattern.endpoint(), parameters.get()));
            }
        }
        return Optional.empty();
    }

    private static List<String> parts(String path) {
        String whole = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return List.of(whole.split("/", -1));
    }
}

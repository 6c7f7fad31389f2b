package io.newapi.server.shape;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** What an operation does; each constant reads the fields of the operation that it needs. */
enum Mode {
    SET {
        @Override
        Action read(Spec spec) {
            return BodyActions.set(spec.path("path"), spec.value("value"), spec.flag("keep_origin"));
        }
    },
    DELETE {
        @Override
        Action read(Spec spec) {
            JsonPath path = spec.path("path");
            return draft -> path.remove(draft.body());
        }
    },
    MOVE {
        @Override
        Action read(Spec spec) {
            return BodyActions.move(spec.path("from"), spec.path("to"));
        }
    },
    COPY {
        @Override
        Action read(Spec spec) {
            return BodyActions.copy(spec.path("from"), spec.path("to"));
        }
    },
    PREPEND {
        @Override
        Action read(Spec spec) {
            return BodyActions.add(spec.path("path"), spec.value("value"), true, spec.flag("keep_origin"));
        }
    },
    APPEND {
        @Override
        Action read(Spec spec) {
            return BodyActions.add(spec.path("path"), spec.value("value"), false, spec.flag("keep_origin"));
        }
    },
    TRIM_PREFIX {
        @Override
        Action read(Spec spec) {
            String prefix = part(spec);
            return TextAction.at(spec, text -> text.startsWith(prefix) ? text.substring(prefix.length()) : text);
        }
    },
    TRIM_SUFFIX {
        @Override
        Action read(Spec spec) {
            String suffix = part(spec);
            return TextAction.at(
                    spec, text -> text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text);
        }
    },
    ENSURE_PREFIX {
        @Override
        Action read(Spec spec) {
            String prefix = part(spec);
            return TextAction.at(spec, text -> text.startsWith(prefix) ? text : prefix + text);
        }
    },
    ENSURE_SUFFIX {
        @Override
        Action read(Spec spec) {
            String suffix = part(spec);
            return TextAction.at(spec, text -> text.endsWith(suffix) ? text : text + suffix);
        }
    },
    TRIM_SPACE {
        @Override
        Action read(Spec spec) {
            return TextAction.at(spec, String::strip);
        }
    },
    TO_LOWER {
        @Override
        Action read(Spec spec) {
            return TextAction.at(spec, text -> text.toLowerCase(Locale.ROOT));
        }
    },
    TO_UPPER {
        @Override
        Action read(Spec spec) {
            return TextAction.at(spec, text -> text.toUpperCase(Locale.ROOT));
        }
    },
    REPLACE {
        @Override
        Action read(Spec spec) {
            String from = spec.filledText("from");
            String to = spec.text("to");
            return TextAction.at(spec, text -> text.replace(from, to));
        }
    },
    REGEX_REPLACE {
        @Override
        Action read(Spec spec) {
            Replacement replacement = Replacement.of(spec.filledText("from"), spec.text("to"));
            return TextAction.at(spec, replacement::in);
        }
    },
    RETURN_ERROR {
        @Override
        Action read(Spec spec) {
            ReturnedError error = ReturnedError.of(spec.value("value"));
            return draft -> {
                throw new ReturnedErrorException(error);
            };
        }
    },
    SET_HEADER {
        @Override
        Action read(Spec spec) {
            return HeaderActions.set(spec.filledText("path"), part(spec), spec.flag("keep_origin"));
        }
    },
    DELETE_HEADER {
        @Override
        Action read(Spec spec) {
            String name = HeaderRules.requireName(spec.filledText("path"));
            return draft -> draft.headers().remove(name);
        }
    },
    COPY_HEADER {
        @Override
        Action read(Spec spec) {
            return HeaderActions.copy(spec.filledText("from"), spec.filledText("to"), spec.flag("keep_origin"));
        }
    },
    MOVE_HEADER {
        @Override
        Action read(Spec spec) {
            return HeaderActions.move(spec.filledText("from"), spec.filledText("to"), spec.flag("keep_origin"));
        }
    },
    PASS_HEADERS {
        @Override
        Action read(Spec spec) {
            return HeaderActions.pass(spec.value("value"), spec.flag("keep_origin"));
        }
    },
    PRUNE_OBJECTS {
        @Override
        Action read(Spec spec) {
            return PruneAction.of(spec);
        }
    },
    SYNC_FIELDS {
        @Override
        Action read(Spec spec) {
            return SyncAction.of(spec);
        }
    };

    /**
     * The action of an operation in this mode.
     *
     * @throws InvalidShapeException if it lacks something
     */
    abstract Action read(Spec spec);

    /** Whether it changes headers, or may. */
    final boolean changesHeaders() {
        return switch (this) {
            case SET_HEADER, DELETE_HEADER, COPY_HEADER, MOVE_HEADER, PASS_HEADERS, SYNC_FIELDS -> true;
            default -> false;
        };
    }

    /** The text of {@code value}, which must not be empty; a number or a flag as it is written. */
    private static String part(Spec spec) {
        JsonNode value = spec.value("value");
        if (!value.isValueNode() || value.isNull() || Trees.text(value).isEmpty()) {
            throw new InvalidShapeException("value must be a text that is not empty");
        }
        return Trees.text(value);
    }
}

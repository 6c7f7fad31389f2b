package io.newapi.server.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/** Named columns and the values they are to have; what is not named stays as it is. */
final class ColumnValues {

    private final Map<Field<?>, @Nullable Object> values = new LinkedHashMap<>();

    <V> void put(Field<V> column, @Nullable V value) {
        values.put(column, value);
    }

    void putAll(ColumnValues others) {
        values.putAll(others.values);
    }

    boolean has(Field<?> column) {
        return values.containsKey(column);
    }

    <V> Optional<V> get(Field<V> column) {
        return Optional.ofNullable(values.get(column)).map(column.getType()::cast);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    Map<Field<?>, @Nullable Object> asMap() {
        return Collections.unmodifiableMap(values);
    }

    /** Names only: values may be secrets. */
    @Override
    public String toString() {
        return values.keySet().stream().map(Field::getName).toList().toString();
    }
}

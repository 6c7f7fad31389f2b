package io.newapi.server.config;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All declarations. */
final class Catalog {

    static final List<Section> SECTIONS = List.of(
            HttpConfig.SECTION,
            NodeConfig.SECTION,
            OperationConfig.SECTION,
            SecretsConfig.SECTION,
            StoreConfig.SECTION,
            ClusterConfig.SECTION,
            LedgerConfig.SECTION,
            RelayConfig.SECTION,
            SpoolConfig.SECTION,
            LimitConfig.SECTION,
            DutiesConfig.SECTION,
            LogConfig.SECTION,
            LaterVariables.STORAGE,
            LaterVariables.GATEWAY,
            LaterVariables.PEOPLE,
            LaterVariables.NEVER);

    private static final Map<String, Variable<?>> BY_NAME =
            all().collect(Collectors.toUnmodifiableMap(Variable::name, Function.identity()));

    private Catalog() {}

    /** Every variable, in the order of the sections. */
    static Stream<Variable<?>> all() {
        return SECTIONS.stream().flatMap(section -> section.variables().stream());
    }

    static boolean knows(String name) {
        return BY_NAME.containsKey(name);
    }
}

package io.newapi.server.config;

import io.newapi.server.config.LoadResult.Invalid;
import io.newapi.server.config.LoadResult.Loaded;
import io.newapi.server.config.LoadResult.Printed;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Everything that is decided when a node starts and never again. Immutable. Options that administrators change while it
 * runs are elsewhere.
 */
public record ServerConfig(
        HttpConfig http,
        NodeConfig node,
        OperationConfig operation,
        SecretsConfig secrets,
        StoreConfig store,
        ClusterConfig cluster,
        LedgerConfig ledger,
        RelayConfig relay,
        SpoolConfig spool,
        LimitConfig limits,
        DutiesConfig duties,
        LogConfig log) {

    /**
     * Reads environment and flags. A name that the environment does not have, not even empty, is looked up in the file
     * {@code .env} of the working directory; an empty value counts as unset.
     *
     * @param environment the process environment
     * @param workingDirectory where {@code .env} is, and what relative paths are relative to
     * @param args the arguments of the command line
     */
    public static LoadResult load(Map<String, String> environment, Path workingDirectory, List<String> args) {
        return load(environment, workingDirectory, args, new SecureRandom());
    }

    static LoadResult load(
            Map<String, String> environment, Path workingDirectory, List<String> args, RandomGenerator random) {
        Flags flags;
        try {
            flags = Flags.parse(args);
        } catch (Flags.BadFlagException e) {
            return new Invalid(2, List.of(String.valueOf(e.getMessage())), List.of(), "\n" + Flags.USAGE);
        }
        return switch (flags.action()) {
            case HELP -> new Printed(Flags.USAGE);
            case HELP_ENV -> new Printed(EnvironmentHelp.text());
            case VERSION -> new Printed(version(environment, workingDirectory) + "\n");
            case SERVE, CHECK_CONFIG -> read(environment, workingDirectory, flags, random);
        };
    }

    private static LoadResult read(
            Map<String, String> environment, Path workingDirectory, Flags flags, RandomGenerator random) {
        EnvFile file = EnvFile.in(workingDirectory, environment);
        Settings settings = new Settings(merge(environment, file, flags));
        file.problems().forEach(settings::problem);
        file.warnings().forEach(settings::warn);

        Directories directories = new Directories(workingDirectory);
        SecretsConfig secrets = SecretsConfig.read(settings, random);
        NodeConfig node = NodeConfig.read(settings);
        LedgerConfig ledger = LedgerConfig.read(settings, directories);
        ServerConfig config = new ServerConfig(
                HttpConfig.read(settings),
                node,
                OperationConfig.read(settings, node.shutdownTimeout()),
                secrets,
                StoreConfig.read(settings, directories),
                ClusterConfig.read(settings, secrets.sessionSecret()),
                ledger,
                RelayConfig.read(settings),
                SpoolConfig.read(settings, directories, ledger.dataDir()),
                LimitConfig.read(settings),
                DutiesConfig.read(settings),
                LogConfig.read(settings, directories, flags.logDir()));

        checkNames(environment, file, settings);
        if (!settings.problems().isEmpty()) {
            return new Invalid(1, settings.problems(), settings.warnings(), "");
        }
        return flags.action() == Flags.Action.CHECK_CONFIG
                ? new Printed(EffectiveConfig.text(settings, config.log()))
                : new Loaded(config, settings.warnings());
    }

    private static Map<String, Settings.Setting> merge(Map<String, String> environment, EnvFile file, Flags flags) {
        Map<String, Settings.Setting> merged = new LinkedHashMap<>();
        file.values().forEach((name, text) -> merged.put(name, new Settings.Setting(text, EnvFile.NAME)));
        environment.forEach((name, text) -> merged.put(name, new Settings.Setting(text, "environment")));
        String port = HttpConfig.PORT.name();
        if (flags.port() != null
                && (!merged.containsKey(port) || merged.get(port).text().isEmpty())) {
            merged.put(port, new Settings.Setting(flags.port(), "--port"));
        }
        return merged;
    }

    private static void checkNames(Map<String, String> environment, EnvFile file, Settings settings) {
        TreeSet<String> names = new TreeSet<>(environment.keySet());
        names.addAll(file.values().keySet());
        names.forEach(name -> NameCheck.check(name, file.values().containsKey(name), settings));

        String idle = Catalog.all()
                .filter(variable -> variable.effect().disappoints() && settings.isSet(variable))
                .map(Variable::name)
                .collect(Collectors.joining(", "));
        if (!idle.isEmpty()) {
            settings.warn("set, but without effect in this version: " + idle);
        }
    }

    private static String version(Map<String, String> environment, Path workingDirectory) {
        String name = NodeConfig.VERSION.name();
        EnvFile file = EnvFile.in(workingDirectory, environment);
        String override = environment.getOrDefault(name, file.values().getOrDefault(name, ""));
        return override.isEmpty() ? ProductVersion.current() : override;
    }
}

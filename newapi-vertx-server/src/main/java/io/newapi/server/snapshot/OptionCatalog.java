package io.newapi.server.snapshot;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Every option there is. A key that is not in it is refused when somebody wants to store it, and left in peace when it is
 * found in the database: it may belong to another version. Immutable.
 */
public final class OptionCatalog {

    private static final OptionCatalog STANDARD = new OptionCatalog(StandardOptions.list());

    /** Two names for one setting, of which the original reads whichever row comes last: one of them is the name here. */
    private static final Map<String, String> ALIASES = Map.of(
            "group_ratio_setting.group_ratio", "GroupRatio",
            "group_ratio_setting.group_group_ratio", "GroupGroupRatio");

    /** What must be filled in before a switch may be turned on. */
    private static final Map<String, String> REQUIREMENTS = Map.of(
            "GitHubOAuthEnabled", "GitHubClientId",
            "LinuxDOOAuthEnabled", "LinuxDOClientId",
            "TelegramOAuthEnabled", "TelegramBotToken",
            "WeChatAuthEnabled", "WeChatServerAddress",
            "TurnstileCheckEnabled", "TurnstileSiteKey",
            "EmailDomainRestrictionEnabled", "EmailDomainWhitelist",
            "discord.enabled", "discord.client_id",
            "oidc.enabled", "oidc.client_id");

    private static final List<String> SECRET_ENDINGS = List.of("token", "secret", "key", "password");

    private final Map<String, OptionKey> keys;

    private OptionCatalog(List<OptionKey> keys) {
        Map<String, OptionKey> byName = new LinkedHashMap<>();
        for (OptionKey key : keys) {
            if (byName.put(key.name(), key) != null) {
                throw new IllegalArgumentException("the option is listed twice: " + key.name());
            }
        }
        this.keys = Collections.unmodifiableMap(byName);
    }

    /** The options of this gateway. */
    public static OptionCatalog standard() {
        return STANDARD;
    }

    /** Every option, in the order in which people meet them. */
    public Collection<OptionKey> keys() {
        return keys.values();
    }

    /** The option of this name, or of the name that this one is another name for. */
    public Optional<OptionKey> find(String name) {
        return Optional.ofNullable(keys.get(nameOf(name)));
    }

    /** The name under which the setting is stored. */
    public String nameOf(String name) {
        return ALIASES.getOrDefault(name, name);
    }

    /**
     * Checks what somebody wants to store.
     *
     * @return the text to store under {@link #nameOf}
     * @throws InvalidOptionException if there is no such option, or it cannot have this value now
     */
    public String normalised(String name, String value, Options current) {
        OptionKey key = find(name).orElseThrow(() -> new InvalidOptionException(name, "there is no such option"));
        String text = key.normalised(value);
        String required = REQUIREMENTS.get(key.name());
        if (required != null && text.equals("true") && current.text(required).isBlank()) {
            throw new InvalidOptionException(key.name(), "needs a value for " + required + " first");
        }
        return text;
    }

    /** What else is stored with a value: an older switch sets what has taken its place, or it would do nothing there. */
    public static Map<String, String> implied(String name, String text) {
        return name.equals("DisplayInCurrencyEnabled")
                ? Map.of("general_setting.quota_display_type", text.equals("true") ? "USD" : "TOKENS")
                : Map.of();
    }

    /** Whether the value of an option may be shown; of an option that is not known, one whose name sounds secret may not. */
    public boolean mayShow(String name) {
        OptionKey key = keys.get(nameOf(name));
        if (key != null) {
            return !key.secret();
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return SECRET_ENDINGS.stream().noneMatch(lower::endsWith);
    }

    /** Every option that may be shown with its text in effect, and rows of other versions that may be shown; sorted. */
    public Map<String, String> shown(Options options) {
        Map<String, String> shown = new TreeMap<>();
        for (OptionKey key : keys.values()) {
            if (!key.secret()) {
                shown.put(key.name(), options.text(key.name()));
            }
        }
        options.unknown().forEach((name, text) -> {
            if (mayShow(name)) {
                shown.put(name, text);
            }
        });
        return shown;
    }
}

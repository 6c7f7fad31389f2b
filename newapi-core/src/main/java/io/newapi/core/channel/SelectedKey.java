package io.newapi.core.channel;

/**
 * The credential chosen for one attempt. Its {@code toString} does not show it.
 *
 * @param index the number under which the channel stores the key; 0 for a single one
 * @param key secret
 */
public record SelectedKey(int index, String key) {
    @Override
    public String toString() {
        return "key " + index;
    }
}

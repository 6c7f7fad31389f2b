package io.newapi.server.store;

/**
 * A column of amounts that an older program made, and that holds smaller numbers than this version may have to write.
 *
 * @param table whose it is
 * @param column its name
 * @param type what it is now
 * @param repair the statement that repairs it
 */
public record NarrowColumn(String table, String column, String type, String repair) {

    @Override
    public String toString() {
        return table + "." + column + " is " + type;
    }
}

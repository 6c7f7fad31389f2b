package io.newapi.server.store;

import java.util.function.Function;

/** Which database of a server to use, and how to reach it. Its text names the database without a password. */
public sealed interface ServerLocation permits MySqlLocation, PostgresLocation {

    /** How many connections to keep. */
    Pooling pooling();

    /** One of the two, for the kind of server that it is. */
    <T> T match(Function<MySqlLocation, T> mysql, Function<PostgresLocation, T> postgres);
}

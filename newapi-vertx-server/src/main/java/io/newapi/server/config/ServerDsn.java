package io.newapi.server.config;

import java.util.function.Function;

/** A database of a server, as {@code SQL_DSN} names it. */
public sealed interface ServerDsn permits MySqlDsn, PostgresDsn {

    /** One of the two, for the kind of server that it is. */
    <T> T match(Function<MySqlDsn, T> mysql, Function<PostgresDsn, T> postgres);

    /** Whether both name one database, whoever logs in and however. */
    boolean isSameDatabase(ServerDsn other);
}

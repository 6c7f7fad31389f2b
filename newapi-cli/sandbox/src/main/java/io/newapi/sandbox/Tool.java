package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;

/**
 * A tool of the caller.
 *
 * @param schema the schema of its parameters, empty without one
 */
record Tool(String name, JsonObject schema) {}

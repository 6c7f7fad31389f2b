/** A Spring Boot application that meters its own LLM calls per customer. */
@org.jspecify.annotations.NullMarked
package io.newapi.examples.spring;

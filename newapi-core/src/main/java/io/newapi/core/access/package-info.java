/** Access: who may call what. The rules judge what they are given and look nothing up. */
@org.jspecify.annotations.NullMarked
package io.newapi.core.access;

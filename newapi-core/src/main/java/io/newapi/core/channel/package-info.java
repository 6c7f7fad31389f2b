/** Channels: which upstream account serves a call. Start at {@code ChannelSelector}. */
@org.jspecify.annotations.NullMarked
package io.newapi.core.channel;

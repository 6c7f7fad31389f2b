/**
 * What is said between a client and a chat model, in no format's own words: what is asked ({@link
 * io.newapi.server.relay.wire.chat.Conversation}), what is answered ({@link io.newapi.server.relay.wire.chat.Reply}), and an answer
 * that comes in pieces ({@link io.newapi.server.relay.wire.chat.Piece}). One {@link io.newapi.server.relay.wire.chat.Codec} for each
 * format reads and writes them, so that each of them can be said in each other.
 */
@org.jspecify.annotations.NullMarked
package io.newapi.server.relay.wire.chat;

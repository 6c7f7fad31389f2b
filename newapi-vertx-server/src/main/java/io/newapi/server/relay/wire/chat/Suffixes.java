package io.newapi.server.relay.wire.chat;

/** Whose models' names may end with a word that asks for something, as New API's clients know them. */
public enum Suffixes {
    /** Names are names. */
    NONE,
    /** OpenAI's models that reason: {@code -high}, {@code -minimal} and the like. */
    OPENAI,
    /** Anthropic's: {@code -thinking}, and the words for effort where the model knows them. */
    CLAUDE,
    /** Google's: {@code -thinking}, {@code -thinking-2048}, {@code -nothinking}, {@code -high} and the like. */
    GEMINI,
    /** xAI's: {@code -search}; {@code -high} and the like of {@code grok-3-mini}. */
    XAI,
    /** OpenRouter's: {@code -thinking} of any. */
    OPENROUTER,
    /** DeepSeek's models at VolcEngine: {@code -thinking}. */
    VOLCENGINE,
    /** Baidu's: {@code -search}. */
    BAIDU
}

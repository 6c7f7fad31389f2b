package io.newapi.examples.spring;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.newapi.core.pricing.Usage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** An LLM behind an OpenAI-compatible API. Thread-safe. */
@Component
class Provider {

    private final RestClient http;

    Provider(
            RestClient.Builder http,
            @Value("${meter.upstream.url}") String url,
            @Value("${meter.upstream.key}") String key) {
        this.http = http.baseUrl(url)
                .defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + key)
                .build();
    }

    /** What the model said, and what it used. */
    record Reply(String text, Usage usage) {}

    record Message(String content) {}

    record Choice(Message message) {}

    record Tokens(
            @JsonProperty("prompt_tokens") long prompt,
            @JsonProperty("completion_tokens") long completion) {}

    record Completion(
            @Nullable List<Choice> choices, @Nullable Tokens usage) {}

    /** @throws RestClientException if there is no usable answer; then nothing is to be charged */
    Reply ask(String model, String question, long maxTokens) {
        Completion completion = http.post()
                .uri("/v1/chat/completions")
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of(
                        "model",
                        model,
                        "max_tokens",
                        maxTokens,
                        "messages",
                        List.of(Map.of("role", "user", "content", question))))
                .retrieve()
                .body(Completion.class);
        List<Choice> choices = completion == null ? null : completion.choices();
        Tokens used = completion == null ? null : completion.usage();
        if (choices == null || choices.isEmpty() || used == null) {
            throw new RestClientException("the provider's answer lacks its text or its usage");
        }
        return new Reply(choices.get(0).message().content(), Usage.of(used.prompt(), used.completion()));
    }
}

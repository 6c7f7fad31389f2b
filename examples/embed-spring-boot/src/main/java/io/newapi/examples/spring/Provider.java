package io.newapi.examples.spring;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.newapi.core.pricing.Usage;
import java.util.List;
import java.util.Map;
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

    private record Message(String content) {}

    private record Choice(Message message) {}

    private record Tokens(
            @JsonProperty("prompt_tokens") long prompt,
            @JsonProperty("completion_tokens") long completion) {}

    private record Completion(List<Choice> choices, Tokens usage) {}

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
        if (completion == null || completion.choices() == null || completion.choices().isEmpty() || completion.usage() == null) {
            throw new RestClientException("the provider's answer lacks its text or its usage");
        }
        Tokens used = completion.usage();
        return new Reply(completion.choices().get(0).message().content(), Usage.of(used.prompt(), used.completion()));
    }
}

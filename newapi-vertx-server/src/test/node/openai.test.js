// The node as the official OpenAI client of npm sees it. Addresses, keys and models come from the environment:
//   NEWAPI_TEST_URL    address of the node, without /v1
//   NEWAPI_TEST_KEY    a key with quota
//   NEWAPI_TEST_POOR   a key whose quota covers no call
//   NEWAPI_TEST_MODEL, NEWAPI_TEST_UNPRICED   a model with a price, and one without
//   NEWAPI_TEST_REFUSED, NEWAPI_TEST_SLOW     models whose upstream refuses with 429, and takes seconds for a stream
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";

const baseURL = `${process.env.NEWAPI_TEST_URL}/v1`;
const client = new OpenAI({ baseURL, apiKey: process.env.NEWAPI_TEST_KEY, maxRetries: 0 });
const model = process.env.NEWAPI_TEST_MODEL;
const unpriced = process.env.NEWAPI_TEST_UNPRICED;
const refused = process.env.NEWAPI_TEST_REFUSED;
const slow = process.env.NEWAPI_TEST_SLOW;
const hello = [{ role: "user", content: "hello there" }];

test("a plain answer arrives with its usage", async () => {
    const answer = await client.chat.completions.create({ model, messages: hello });

    assert.equal(answer.choices[0].message.content, "Echo: hello there");
    assert.equal(answer.usage.prompt_tokens, 2);
    assert.equal(answer.usage.completion_tokens, 3);
});

test("a streamed answer arrives piece by piece, without a usage chunk that was not asked for", async () => {
    const stream = await client.chat.completions.create({ model, messages: hello, stream: true });
    let text = "";
    let usage = null;
    for await (const chunk of stream) {
        text += chunk.choices[0]?.delta?.content ?? "";
        usage = chunk.usage ?? usage;
    }

    assert.equal(text, "Echo: hello there");
    assert.equal(usage, null);
});

test("a streamed answer ends with its usage when that was asked for", async () => {
    const stream = await client.chat.completions.create({
        model,
        messages: hello,
        stream: true,
        stream_options: { include_usage: true },
    });
    let usage = null;
    for await (const chunk of stream) {
        usage = chunk.usage ?? usage;
    }

    assert.equal(usage.prompt_tokens, 2);
    assert.equal(usage.completion_tokens, 3);
});

const tools = [
    {
        type: "function",
        function: {
            name: "weather",
            description: "tells the weather",
            parameters: { type: "object", properties: { city: { type: "string" } } },
        },
    },
];
const toolRequest = {
    model,
    messages: hello,
    tools,
    tool_choice: { type: "function", function: { name: "weather" } },
};

test("a tool call passes through", async () => {
    const answer = await client.chat.completions.create(toolRequest);

    const call = answer.choices[0].message.tool_calls[0];
    assert.equal(call.function.name, "weather");
    JSON.parse(call.function.arguments);
    assert.equal(answer.choices[0].finish_reason, "tool_calls");
});

test("a streamed tool call passes through", async () => {
    const stream = client.chat.completions.stream(toolRequest);
    const answer = await stream.finalChatCompletion();

    const call = answer.choices[0].message.tool_calls[0];
    assert.equal(call.function.name, "weather");
    JSON.parse(call.function.arguments);
});

test("models are listed", async () => {
    const names = [];
    for await (const model of client.models.list()) {
        names.push(model.id);
    }

    assert.ok(names.includes(model));
    assert.ok(!names.includes(unpriced));
});

test("a wrong key is an authentication error", async () => {
    const stranger = new OpenAI({ baseURL, apiKey: "sk-nobody", maxRetries: 0 });

    await assert.rejects(stranger.chat.completions.create({ model, messages: hello }), (error) => {
        assert.ok(error instanceof OpenAI.AuthenticationError);
        assert.match(error.message, /request id/);
        return true;
    });
});

test("a key without quota is refused by name", async () => {
    const poor = new OpenAI({ baseURL, apiKey: process.env.NEWAPI_TEST_POOR, maxRetries: 0 });

    await assert.rejects(poor.chat.completions.create({ model, messages: hello }), (error) => {
        assert.ok(error instanceof OpenAI.PermissionDeniedError);
        assert.equal(error.code, "pre_consume_token_quota_failed");
        return true;
    });
});

test("an unknown model is unavailable", async () => {
    await assert.rejects(client.chat.completions.create({ model: "nobody-serves-this", messages: hello }), (error) => {
        assert.equal(error.status, 503);
        assert.equal(error.code, "model_not_found");
        return true;
    });
});

test("a model without a price is a bad request", async () => {
    await assert.rejects(client.chat.completions.create({ model: unpriced, messages: hello }), (error) => {
        assert.ok(error instanceof OpenAI.BadRequestError);
        assert.equal(error.code, "model_price_error");
        return true;
    });
});

test("a request without messages is a bad request that names the field", async () => {
    await assert.rejects(client.chat.completions.create({ model, messages: [] }), (error) => {
        assert.ok(error instanceof OpenAI.BadRequestError);
        assert.equal(error.param, "messages");
        return true;
    });
});

test("an upstream's refusal keeps its status", async () => {
    await assert.rejects(client.chat.completions.create({ model: refused, messages: hello }), (error) => {
        assert.ok(error instanceof OpenAI.RateLimitError);
        return true;
    });
});

test("a stream can be left", async () => {
    const stream = await client.chat.completions.create({
        model: slow,
        messages: hello,
        stream: true,
    });
    let chunks = 0;
    for await (const chunk of stream) {
        if (chunk.choices.length > 0 && ++chunks === 5) {
            break;
        }
    }

    assert.equal(chunks, 5);
});

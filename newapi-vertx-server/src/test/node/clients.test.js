// The node as official clients of other formats see it, whatever its upstream speaks. Addresses, keys and models come from the environment:
//   NEWAPI_TEST_URL    address of the node, without /v1
//   NEWAPI_TEST_KEY    a key with quota
//   NEWAPI_TEST_POOR   a key whose quota covers no call
//   NEWAPI_TEST_MODEL  a model with a price
//   NEWAPI_TEST_REFUSED, NEWAPI_TEST_SLOW   models whose upstream refuses with 429, and takes seconds for a stream
import assert from "node:assert/strict";
import { test } from "node:test";
import { GoogleGenAI } from "@google/genai";
import Anthropic0 from "anthropic-0";
import Anthropic1 from "anthropic-1";
import OpenAI from "openai";

const url = process.env.NEWAPI_TEST_URL;
const key = process.env.NEWAPI_TEST_KEY;
const poorKey = process.env.NEWAPI_TEST_POOR;
const model = process.env.NEWAPI_TEST_MODEL;
const refused = process.env.NEWAPI_TEST_REFUSED;
const slow = process.env.NEWAPI_TEST_SLOW;
const schema = { type: "object", properties: { city: { type: "string" } } };

// ---- Anthropic, both generations of its client

for (const [generation, Anthropic] of Object.entries({ "0.x": Anthropic0, "1.x": Anthropic1 })) {
    const client = new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0 });
    const question = { model, max_tokens: 100, messages: [{ role: "user", content: "hello there" }] };
    const tools = [{ name: "weather", description: "tells the weather", input_schema: schema }];

    test(`anthropic ${generation}: a plain answer arrives with its usage`, async () => {
        const answer = await client.messages.create(question);

        assert.equal(answer.content[0].text, "Echo: hello there");
        assert.equal(answer.stop_reason, "end_turn");
        assert.equal(answer.usage.input_tokens, 2);
        assert.equal(answer.usage.output_tokens, 3);
    });

    test(`anthropic ${generation}: a streamed answer arrives piece by piece`, async () => {
        const stream = client.messages.stream(question);
        let text = "";
        stream.on("text", (piece) => (text += piece));
        const answer = await stream.finalMessage();

        assert.equal(text, "Echo: hello there");
        assert.equal(answer.stop_reason, "end_turn");
        assert.equal(answer.usage.output_tokens, 3);
    });

    test(`anthropic ${generation}: three turns with a tool`, async () => {
        const first = await client.messages.create({ ...question, tools, tool_choice: { type: "tool", name: "weather" } });
        const call = first.content.find((block) => block.type === "tool_use");
        assert.equal(call.name, "weather");
        assert.equal(first.stop_reason, "tool_use");

        const second = await client.messages.create({
            ...question,
            tools,
            messages: [
                ...question.messages,
                { role: "assistant", content: first.content },
                { role: "user", content: [{ type: "tool_result", tool_use_id: call.id, content: "sunny" }] },
            ],
        });
        assert.equal(second.type, "message");
    });

    test(`anthropic ${generation}: a streamed tool call has its input`, async () => {
        const stream = client.messages.stream({ ...question, tools, tool_choice: { type: "tool", name: "weather" } });
        const answer = await stream.finalMessage();

        const call = answer.content.find((block) => block.type === "tool_use");
        assert.equal(call.name, "weather");
        assert.equal(typeof call.input, "object");
    });

    test(`anthropic ${generation}: text units are counted`, async () => {
        const counted = await client.messages.countTokens({ model, messages: question.messages });

        assert.ok(counted.input_tokens > 0);
    });

    test(`anthropic ${generation}: refusals are the client's own errors`, async () => {
        const stranger = new Anthropic({ baseURL: url, apiKey: "sk-nobody", maxRetries: 0 });
        await assert.rejects(stranger.messages.create(question), (error) => error instanceof Anthropic.AuthenticationError);
        const poor = new Anthropic({ baseURL: url, apiKey: poorKey, maxRetries: 0 });
        await assert.rejects(poor.messages.create(question), (error) => error instanceof Anthropic.PermissionDeniedError);
        await assert.rejects(
            client.messages.create({ ...question, messages: [] }),
            (error) => error instanceof Anthropic.BadRequestError,
        );
    });

    test(`anthropic ${generation}: an upstream's refusal keeps its status`, async () => {
        await assert.rejects(
            client.messages.create({ ...question, model: refused }),
            (error) => error instanceof Anthropic.RateLimitError,
        );
    });

    test(`anthropic ${generation}: a stream can be left`, async () => {
        const stream = client.messages.stream({ ...question, model: slow });
        stream.on("text", () => stream.abort());

        await assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
    });

    test(`anthropic ${generation}: models are listed`, async () => {
        const names = [];
        for await (const listed of client.models.list()) {
            names.push(listed.id);
        }

        assert.ok(names.includes(model));
    });
}

// ---- Google

const google = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url } });
const weather = { functionDeclarations: [{ name: "weather", description: "tells the weather", parametersJsonSchema: schema }] };
const mustCall = { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["weather"] } };

test("google: a plain answer arrives with its usage", async () => {
    const answer = await google.models.generateContent({ model, contents: "hello there" });

    assert.equal(answer.text, "Echo: hello there");
    assert.equal(answer.candidates[0].finishReason, "STOP");
    assert.equal(answer.usageMetadata.promptTokenCount, 2);
    assert.equal(answer.usageMetadata.candidatesTokenCount, 3);
});

test("google: a streamed answer arrives piece by piece", async () => {
    const stream = await google.models.generateContentStream({ model, contents: "hello there" });
    let text = "";
    let last = null;
    for await (const chunk of stream) {
        text += chunk.text ?? "";
        last = chunk;
    }

    assert.equal(text, "Echo: hello there");
    assert.equal(last.candidates[0].finishReason, "STOP");
    assert.equal(last.usageMetadata.candidatesTokenCount, 3);
});

test("google: three turns with a tool", async () => {
    const user = { role: "user", parts: [{ text: "hello there" }] };
    const first = await google.models.generateContent({
        model,
        contents: [user],
        config: { tools: [weather], toolConfig: mustCall },
    });
    const call = first.functionCalls[0];
    assert.equal(call.name, "weather");

    const second = await google.models.generateContent({
        model,
        contents: [
            user,
            first.candidates[0].content,
            { role: "user", parts: [{ functionResponse: { id: call.id, name: "weather", response: { sky: "sunny" } } }] },
        ],
        config: { tools: [weather] },
    });
    assert.ok(second.candidates.length > 0);
});

test("google: a streamed tool call has its arguments", async () => {
    const stream = await google.models.generateContentStream({
        model,
        contents: "hello there",
        config: { tools: [weather], toolConfig: mustCall },
    });
    const calls = [];
    for await (const chunk of stream) {
        calls.push(...(chunk.functionCalls ?? []));
    }

    assert.equal(calls.length, 1);
    assert.equal(calls[0].name, "weather");
    assert.equal(typeof calls[0].args, "object");
});

test("google: an upstream's refusal keeps its status", async () => {
    await assert.rejects(
        google.models.generateContent({ model: refused, contents: "hello" }),
        (error) => error.status === 429,
    );
});

test("google: a stream can be left", async () => {
    const leaving = new AbortController();
    const stream = await google.models.generateContentStream({
        model: slow,
        contents: "hello",
        config: { abortSignal: leaving.signal },
    });
    await assert.rejects(async () => {
        for await (const chunk of stream) {
            assert.ok(chunk.candidates);
            leaving.abort();
        }
    });
});

test("google: refusals are the client's own errors", async () => {
    const stranger = new GoogleGenAI({ apiKey: "sk-nobody", httpOptions: { baseUrl: url } });

    await assert.rejects(stranger.models.generateContent({ model, contents: "hello" }), (error) => error.status === 401);
});

// ---- OpenAI's responses

const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });

test("responses: a plain answer arrives with its usage", async () => {
    const answer = await openai.responses.create({ model, input: "hello there" });

    assert.equal(answer.output_text, "Echo: hello there");
    assert.equal(answer.status, "completed");
    assert.equal(answer.usage.input_tokens, 2);
    assert.equal(answer.usage.output_tokens, 3);
});

test("responses: a streamed answer arrives piece by piece", async () => {
    const stream = openai.responses.stream({ model, input: "hello there" });
    let text = "";
    stream.on("response.output_text.delta", (event) => (text += event.delta));
    const answer = await stream.finalResponse();

    assert.equal(text, "Echo: hello there");
    assert.equal(answer.output_text, "Echo: hello there");
});

test("responses: three turns with a tool", async () => {
    const tools = [{ type: "function", name: "weather", parameters: schema, strict: false }];
    const input = [{ role: "user", content: "hello there" }];
    const first = await openai.responses.create({ model, input, tools, tool_choice: { type: "function", name: "weather" } });
    const call = first.output.find((item) => item.type === "function_call");
    assert.equal(call.name, "weather");

    const second = await openai.responses.create({
        model,
        tools,
        input: [...input, ...first.output, { type: "function_call_output", call_id: call.call_id, output: "sunny" }],
    });
    assert.equal(second.status, "completed");
});

test("responses: refusals are the client's own errors", async () => {
    const stranger = new OpenAI({ baseURL: `${url}/v1`, apiKey: "sk-nobody", maxRetries: 0 });

    await assert.rejects(stranger.responses.create({ model, input: "hello" }), OpenAI.AuthenticationError);
    await assert.rejects(openai.responses.create({ model: refused, input: "hello" }), OpenAI.RateLimitError);
});

test("responses: what goes on with one that nobody knows is refused by name", async () => {
    await assert.rejects(openai.responses.create({ model, input: "and?", previous_response_id: "resp_1" }), (error) => {
        assert.ok(error instanceof OpenAI.BadRequestError);
        assert.match(error.code, /^(not_expressible|previous_response_not_found)$/);
        return true;
    });
});

test("responses: a stream can be left", async () => {
    const stream = await openai.responses.create({ model: slow, input: "hello there", stream: true });
    for await (const event of stream) {
        if (event.type === "response.output_text.delta") {
            break;
        }
    }
});

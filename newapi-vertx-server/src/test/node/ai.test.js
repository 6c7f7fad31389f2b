// The node as the client `ai` of npm sees it, in each of the four formats that it can speak. Addresses, keys and models come from
// the environment:
//   NEWAPI_TEST_URL    address of the node, without /v1
//   NEWAPI_TEST_KEY    a key with quota
//   NEWAPI_TEST_MODEL  a model with a price
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";

const url = process.env.NEWAPI_TEST_URL;
const model = process.env.NEWAPI_TEST_MODEL;

function formats(apiKey) {
    const openai = createOpenAI({ baseURL: `${url}/v1`, apiKey });
    return {
        chat: openai.chat(model),
        responses: openai.responses(model),
        messages: createAnthropic({ baseURL: `${url}/v1`, apiKey })(model),
        gemini: createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey })(model),
    };
}

const strangers = formats("sk-nobody");

for (const [format, client] of Object.entries(formats(process.env.NEWAPI_TEST_KEY))) {
    const question = {
        model: client,
        maxOutputTokens: 100,
        maxRetries: 0,
        // what it would only refer to, other providers do not have
        providerOptions: { openai: { store: false } },
    };
    const hello = { ...question, prompt: "hello there" };

    test(`ai, ${format}: a plain answer arrives with its usage`, async () => {
        const answer = await generateText(hello);

        assert.equal(answer.text, "Echo: hello there");
        assert.equal(answer.finishReason, "stop");
        assert.equal(answer.usage.inputTokens, 2);
        assert.equal(answer.usage.outputTokens, 3);
    });

    test(`ai, ${format}: a streamed answer arrives piece by piece`, async () => {
        const answer = streamText(hello);
        const pieces = [];
        for await (const piece of answer.textStream) {
            pieces.push(piece);
        }

        assert.equal(pieces.join(""), "Echo: hello there");
        assert.ok(pieces.length > 1);
        assert.equal(await answer.finishReason, "stop");
        assert.equal((await answer.usage).outputTokens, 3);
    });

    for (const [way, run] of Object.entries({ whole: generateText, streamed: streamText })) {
        test(`ai, ${format}: a conversation of three turns with a tool, ${way}`, async () => {
            const asked = [];
            const weather = tool({
                description: "tells the weather",
                inputSchema: jsonSchema({ type: "object", properties: { city: { type: "string" } }, required: ["city"] }),
                execute: async (input) => {
                    asked.push(input);
                    return "sunny";
                },
            });
            const answer = run({
                ...hello,
                tools: { weather },
                prepareStep: ({ stepNumber }) =>
                    stepNumber === 0 ? { toolChoice: { type: "tool", toolName: "weather" } } : {},
                stopWhen: stepCountIs(3),
            });
            const finished = way === "whole" ? await answer : answer;
            const steps = await finished.steps;

            assert.equal(asked.length, 1);
            assert.equal(typeof asked[0].city, "string");
            assert.equal(steps.length, 2);
            assert.equal(steps[0].finishReason, "tool-calls");
            assert.equal(steps[1].finishReason, "stop");
            assert.match(await finished.text, /^Echo: /);

            const third = await generateText({
                ...question,
                tools: { weather },
                messages: [
                    { role: "user", content: "hello there" },
                    ...(await finished.response).messages,
                    { role: "user", content: "and tomorrow" },
                ],
            });
            assert.equal(third.text, "Echo: and tomorrow");
        });
    }

    test(`ai, ${format}: a refusal is an error that says why`, async () => {
        await assert.rejects(generateText({ ...hello, model: strangers[format] }), (error) => {
            assert.ok(APICallError.isInstance(error));
            assert.equal(error.statusCode, 401);
            assert.match(error.message, /request id/);
            return true;
        });
    });

    test(`ai, ${format}: a stream can be left`, async () => {
        const leaving = new AbortController();
        const answer = streamText({ ...question, prompt: "hello there and everywhere", abortSignal: leaving.signal });
        let parts = 0;
        for await (const part of answer.fullStream) {
            if (part.type === "text-delta" && ++parts === 1) {
                leaving.abort();
            }
            if (part.type === "abort") {
                parts = -1;
                break;
            }
        }

        assert.equal(parts, -1);
    });
}

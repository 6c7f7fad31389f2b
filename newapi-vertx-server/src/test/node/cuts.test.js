// What official clients make of streams whose upstream breaks off anywhere: an error, or the whole answer. The upstream answers the
// first call of each client as a whole, and cuts those that follow. From the environment:
//   NEWAPI_TEST_URL     address of the node, without /v1
//   NEWAPI_TEST_KEY     a key with quota
//   NEWAPI_TEST_MODEL   a model with a price
//   NEWAPI_TEST_CALLS   how many calls each client makes
//   NEWAPI_TEST_FORMAT  chat, responses, messages or gemini
import assert from "node:assert/strict";
import { test } from "node:test";
import { GoogleGenAI } from "@google/genai";
import Anthropic0 from "anthropic-0";
import Anthropic1 from "anthropic-1";
import OpenAI from "openai";

const url = process.env.NEWAPI_TEST_URL;
const apiKey = process.env.NEWAPI_TEST_KEY;
const model = process.env.NEWAPI_TEST_MODEL;
const calls = Number(process.env.NEWAPI_TEST_CALLS);
const messages = [{ role: "user", content: "hello" }];

function anthropic(Anthropic) {
    const client = new Anthropic({ baseURL: url, apiKey, maxRetries: 0 });
    return () => client.messages.create({ model, max_tokens: 100, messages, stream: true });
}

const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
const google = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } });
const clients = {
    chat: { openai: () => openai.chat.completions.create({ model, messages, stream: true }) },
    responses: { openai: () => openai.responses.create({ model, input: "hello", stream: true }) },
    messages: { "anthropic 0.x": anthropic(Anthropic0), "anthropic 1.x": anthropic(Anthropic1) },
    gemini: { google: () => google.models.generateContentStream({ model, contents: "hello" }) },
};

/** All that came of a stream; its end, in order or with an error, is waited for as any program would. */
async function read(open) {
    const events = [];
    for await (const event of await open()) {
        const { sdkHttpResponse, ...said } = event;
        events.push(said);
    }
    return JSON.stringify(events);
}

for (const [name, open] of Object.entries(clients[process.env.NEWAPI_TEST_FORMAT])) {
    test(`${name}: whatever was cut, the answer is whole or an error`, async () => {
        const whole = await read(open);
        let failed = 0;
        for (let call = 1; call < calls; call++) {
            try {
                assert.equal(await read(open), whole, `call ${call}`);
            } catch (error) {
                if (error instanceof assert.AssertionError) {
                    throw error;
                }
                failed++;
            }
        }

        assert.ok(failed > 0);
        console.log(`cut short: ${failed} of ${calls - 1}`);
    });
}

import assert from "node:assert/strict";
import { chooseSeed, penalised, samplerConfig } from "../../../daemon/engine/loop/sampling.ts";
import { fitMessages, fitTokens } from "../../../daemon/engine/prompt/fit.ts";
import { encodeFrame } from "../../../daemon/engine/steering/activation-stream.ts";
import type { ChatTurn } from "../../../daemon/protocol/engine-api.ts";
import type { Message } from "../../../daemon/protocol/message.ts";

describe("engine: sampling settings", () => {
  const extras = { logitBias: {}, grammar: null, topLogprobs: 0 };

  it("takes llama.cpp's defaults for what is not said", () => {
    const config = samplerConfig({ topK: 3 }, 9, extras);
    assert.deepEqual(
      [config.temperature, config.topK, config.topP, config.minP, config.repeatPenalty, config.seed],
      [0.8, 3, 0.95, 0.05, 1, 9],
    );
    assert.ok(!("maxTokens" in config));
  });

  it("forbids and forces at the ends of the bias range", () => {
    const { logitBias } = samplerConfig({}, 1, { ...extras, logitBias: { "3": -100, "4": 100, "5": 1.5 } });
    assert.deepEqual(
      logitBias.map(({ token, bias }) => [token, bias]),
      [
        [3, Number.NEGATIVE_INFINITY],
        [4, 1e6],
        [5, 1.5],
      ],
    );
  });

  it("keeps a given seed and draws one otherwise", () => {
    assert.equal(chooseSeed({ seed: 7 }), 7);
    const drawn = chooseSeed({});
    assert.ok(Number.isInteger(drawn) && drawn >= 0 && drawn <= 0xffffffff);
  });

  it("shows penalties the end of the prompt, and only where one is on", () => {
    const prompt = Int32Array.from({ length: 200 }, (_, i) => i);
    assert.equal(penalised(prompt, samplerConfig({}, 1, extras)).length, 0);
    assert.deepEqual([...penalised(prompt, samplerConfig({ repeatPenalty: 1.1, penaltyLastN: 2 }, 1, extras))], [198, 199]);
  });
});

describe("engine: fitting a prompt", () => {
  const turn = (role: Message["role"], content: string): Message => ({ role, content });
  const messages = [
    turn("system", "sss"),
    turn("user", "one"),
    turn("assistant", "two"),
    turn("user", "three"),
    turn("assistant", "four"),
    turn("user", "five"),
  ];
  const render = (list: readonly ChatTurn[]): { tokens: Int32Array } => ({
    tokens: Int32Array.from(list.map((message) => message.content).join("|"), (c) => c.charCodeAt(0)),
  });
  const within = (limit: number, overflow: "refuse" | "shift") => fitMessages(messages, render, { limit, shortened: limit }, overflow);
  const text = (tokens: Int32Array): string => String.fromCharCode(...tokens);

  it("leaves a conversation that fits alone", () => {
    assert.deepEqual(within(100, "refuse").overflow, null);
  });

  it("refuses with the numbers, or drops the oldest turns but never the system turn", () => {
    assert.throws(() => within(20, "refuse"), /has 27 tokens, the context has room for 20/);
    const fitted = within(20, "shift");
    assert.equal(text(fitted.prompt.tokens), "sss|three|four|five");
    assert.deepEqual(fitted.overflow, { droppedTurns: 2, droppedTokens: 8 });
    assert.equal(text(within(10, "shift").prompt.tokens), "sss|five");
    assert.throws(() => within(5, "shift"), /context has room/);
  });

  it("keeps the end of raw tokens and the token that begins a text", () => {
    const tokens = Int32Array.of(1, 2, 3, 4, 5);
    assert.deepEqual([...fitTokens(tokens, 3, "shift", 1).tokens], [1, 4, 5]);
    assert.deepEqual([...fitTokens(tokens, 3, "shift", 9).tokens], [3, 4, 5]);
    assert.deepEqual(fitTokens(tokens, 3, "shift", 1).overflow, { droppedTurns: 0, droppedTokens: 2 });
    assert.throws(() => fitTokens(tokens, 3, "refuse", 1), /has 5 tokens/);
  });
});

describe("engine: live frames", () => {
  it("scales each layer by its own maximum and names the strongest neurons", () => {
    const frame = encodeFrame([4, 7], [Float32Array.of(1, -2, 0), Float32Array.of(0, 0, 10)], "u8");
    assert.deepEqual([...frame.body], [128, 255, 0, 0, 0, 255]);
    assert.deepEqual(frame.scales, [2, 10]);
    assert.deepEqual(frame.strongest.slice(0, 2), [
      { layer: 7, index: 2, value: 10 },
      { layer: 4, index: 1, value: -2 },
    ]);
  });

  it("names at most twelve and sends the values as they are on request", () => {
    const row = Float32Array.from({ length: 50 }, (_, i) => Math.sin(i * 3));
    const frame = encodeFrame([0], [row], "f32");
    assert.deepEqual(new Float32Array(frame.body.buffer), row);
    const sorted = [...row].sort((a, b) => Math.abs(b) - Math.abs(a)).slice(0, 12);
    assert.deepEqual(
      frame.strongest.map(({ value }) => value),
      sorted,
    );
  });

  it("survives a layer of zeros", () => {
    assert.deepEqual([...encodeFrame([0], [new Float32Array(3)], "u8").body], [0, 0, 0]);
  });
});

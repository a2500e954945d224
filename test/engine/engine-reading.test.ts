import assert from "node:assert/strict";
import { PLAIN_RENDER } from "../../daemon/protocol/engine-api.ts";
import type { TillerError } from "../../daemon/protocol/errors.ts";
import { EngineUnderTest, relativeError } from "../support/engine.ts";
import { storiesOrTwin } from "../support/models/twin.ts";

const TEXT = "Once upon a time there was a little girl named Lily. She liked to play outside.";

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** Mean of the given rows of [rows × width]. */
function meanOf(data: Float32Array, width: number, rows: readonly number[]): number[] {
  return Array.from({ length: width }, (_, i) => rows.reduce((sum, row) => sum + data[row * width + i]!, 0) / rows.length);
}

describe("engine: reading activations", () => {
  let engine: EngineUnderTest;

  before(async () => {
    const path = storiesOrTwin();
    engine = await EngineUnderTest.load(path);
  });
  after(async () => {
    await engine?.stop();
  });

  it("taps logits and sites of every token", async () => {
    const tap = await engine.request("tap", {
      client: "test",
      prompt: TEXT,
      tokens: null,
      sites: ["mlp.mid", "resid", "final"],
      layers: [0, 4],
      logits: true,
      plan: null,
    });
    const n = tap.tokens.length;
    assert.equal(tap.tokens[0], 1);
    assert.equal(tap.texts.join("").trim(), TEXT);
    assert.equal(tap.logits?.length, n * 512);
    assert.deepEqual(
      tap.sites.map(({ site, layer, width }) => [site, layer, width]),
      [
        ["mlp.mid", 0, 172],
        ["mlp.mid", 4, 172],
        ["resid", 0, 64],
        ["resid", 4, 64],
        ["final", 0, 64],
      ],
    );
    for (const site of tap.sites) {
      assert.equal(site.data.length, n * site.width);
      for (let t = 0; t < n; t++) assert.ok(site.data.subarray(t * site.width, (t + 1) * site.width).some((value) => value !== 0));
    }
    const answer = await engine.generate({ tokens: tap.tokens.slice(0, 5), forced: tap.tokens.slice(5), logits: true });
    answer.tokens.forEach((token, i) => {
      assert.ok(relativeError(token.logits!, tap.logits!.subarray((4 + i) * 512, (5 + i) * 512)) < 1e-4);
    });
  });

  it("taps beside running answers without disturbing them", async () => {
    const ask = () => engine.generate({ prompt: TEXT, sampling: { temperature: 0, maxTokens: 60 } });
    const alone = await ask();
    const [beside, ...taps] = await Promise.all([
      ask(),
      ...Array.from({ length: 6 }, () =>
        engine.request("tap", { client: "test", prompt: TEXT, tokens: null, sites: ["mlp.mid"], layers: null, logits: false, plan: null }),
      ),
    ]);
    assert.equal(beside.text, alone.text);
    // in other batches the sums are ordered otherwise
    for (const tap of taps) assert.ok(relativeError(tap.sites[3]!.data, taps[0]!.sites[3]!.data) < 1e-5);
  });

  it("refuses a tap that does not fit, with numbers, and sites that are not there", async () => {
    await assert.rejects(
      engine.request("tap", { client: "test", prompt: "x ".repeat(600), tokens: null, sites: [], layers: null, logits: true, plan: null }),
      (error: TillerError) => error.code === "context-full" && /512/.test(error.message),
    );
    await assert.rejects(
      engine.request("tap", { client: "test", prompt: TEXT, tokens: null, sites: ["resid"], layers: [7], logits: false, plan: null }),
      (error: TillerError) => error.code === "out-of-range" && /7/.test(error.message),
    );
  });

  it("collects a text's own tokens, their last one, or all there are, as single taps give them", async () => {
    const texts = Array.from({ length: 23 }, (_, i) => TEXT.slice(0, 10 + i * 3));
    const layers = [1, 3];
    for (const readAt of ["last", "mean", "prompt-end", "all"] as const) {
      const read = await engine.request("collect", { id: `c:${readAt}`, texts, render: "raw", site: "resid", layers, readAt });
      const { width, data } = read;
      assert.equal(width, 64);
      assert.equal(data.length, texts.length * layers.length * width);
      assert.ok(read.computed < read.tokens / 3, `${read.computed} of ${read.tokens} tokens: what texts begin with alike is read once`);
      for (const index of [0, 7, 22]) {
        const tap = await tapAll(texts[index]!, layers);
        tap.sites.forEach((site, layer) => {
          const n = tap.tokens.length;
          const from = readAt === "all" ? 0 : readAt === "mean" ? 1 : n - 1;
          const start = (index * layers.length + layer) * width;
          assert.ok(relativeError(data.subarray(start, start + width), meanOf(site.data, width, range(from, n))) < 1e-4);
        });
        assert.equal(read.texts[index]!.own, tap.tokens.length - 1);
      }
    }
    const progress = engine.events.flatMap((event) => (event.name === "collectProgress" ? [event.params.fraction] : []));
    assert.equal(progress.at(-1), 1);
  });

  const tapAll = (prompt: string, layers: number[], of = engine) =>
    of.request("tap", { client: "test", prompt, tokens: null, sites: ["resid"], layers, logits: false, plan: null });

  it("of a conversation reads the answer, and neither the template nor what was asked", async () => {
    const turns = (answer: string) => [
      { role: "user" as const, content: "Tell me of Lily." },
      { role: "assistant" as const, content: answer },
    ];
    const answers = ["She liked to play outside.", "She was sad and went to bed.", "She"];
    for (const readAt of ["mean", "last", "prompt-end"] as const) {
      const read = await engine.request("collect", {
        id: `chat:${readAt}`,
        texts: answers.map(turns),
        render: "chat",
        site: "resid",
        layers: [2],
        readAt,
      });
      for (const [index, answer] of answers.entries()) {
        const { text } = await engine.request("render", { messages: turns(answer), options: PLAIN_RENDER });
        const tap = await tapAll(text, [2]);
        const head = text.slice(0, text.lastIndexOf(answer));
        const before = (await engine.request("tokenize", { content: head, addSpecial: true, parseSpecial: true })).tokens;
        const from = before.findIndex((token, i) => token !== tap.tokens[i]);
        const begins = from < 0 ? before.length : from;
        const n = tap.tokens.length;
        const positions = readAt === "mean" ? range(begins, n) : [readAt === "last" ? n - 1 : begins - 1];
        const expected = meanOf(tap.sites[0]!.data, read.width, positions);
        assert.ok(relativeError(read.data.subarray(index * read.width, (index + 1) * read.width), expected) < 1e-4, `${readAt} ${answer}`);
        assert.equal(read.texts[index]!.own, n - begins);
      }
    }
  });

  it("refuses a text that has nothing but a first position", async () => {
    const texts = [[5], [5, 6]];
    const asked = { texts, render: "raw", site: "resid", layers: [0] } as const;
    await assert.rejects(
      engine.request("collect", { ...asked, layers: [0], texts: [...texts], id: "c:short", readAt: "mean" }),
      (error: TillerError) => error.code === "bad-artifact" && /text 1 has no token of its own/.test(error.message),
    );
  });

  it("stops collecting when it is cancelled", async () => {
    const texts = Array.from({ length: 3000 }, () => TEXT);
    const collecting = engine.request("collect", { id: "c:stop", texts, render: "raw", site: "resid", layers: [0], readAt: "mean" });
    await engine.event("collectProgress", (params) => params.id === "c:stop");
    assert.deepEqual(await engine.request("cancel", { id: "c:stop" }), { cancelled: true });
    await assert.rejects(collecting, (error: TillerError) => error.code === "cancelled");
  });

  it("sends live frames of an answer, no more than asked for", async () => {
    const id = "watch:1";
    const { layers, widths, bytesPerSecond } = await engine.request("watch", {
      id,
      site: "mlp.mid",
      layers: null,
      fps: 60,
      encoding: "u8",
    });
    assert.deepEqual(
      [layers, widths],
      [
        [0, 1, 2, 3, 4],
        [172, 172, 172, 172, 172],
      ],
    );
    assert.ok(bytesPerSecond > 60 * 5 * 172);
    const started = performance.now();
    const answer = await engine.generate({
      id,
      prompt: TEXT,
      sampling: { temperature: 1, seed: 1, maxTokens: 400 },
      logitBias: { "1": -100, "2": -100 },
    });
    const seconds = (performance.now() - started) / 1000;
    const frames = engine.events.flatMap((event) => (event.name === "live" ? [event.params] : []));
    assert.ok(frames.length >= 2 && frames.length <= Math.ceil(seconds * 60) + 1, `${frames.length} frames in ${seconds} s`);
    for (const frame of frames) {
      assert.equal(frame.body.length, 5 * 172);
      assert.equal(frame.strongest.length, 12);
      assert.ok(frame.token >= 0 && frame.token < answer.tokens.length);
      assert.equal(Math.max(...frame.body.subarray(0, 172)), 255);
    }
    const { token, strongest } = frames[1]!;
    const tokens = [
      ...(await engine.request("tap", { client: "test", prompt: TEXT, tokens: null, sites: [], layers: null, logits: false, plan: null }))
        .tokens,
    ];
    const read = [...tokens, ...answer.tokens.slice(0, token + 1).map((one) => one.id)];
    const tap = await engine.request("tap", {
      client: "test",
      prompt: null,
      tokens: read,
      sites: ["mlp.mid"],
      layers: [strongest[0]!.layer],
      logits: false,
      plan: null,
    });
    const value = tap.sites[0]!.data[(read.length - 1) * 172 + strongest[0]!.index]!;
    assert.ok(Math.abs(value - strongest[0]!.value) < 1e-3 * Math.abs(value));
    assert.deepEqual(await engine.request("unwatch", { id }), { ended: true });
    assert.deepEqual(await engine.request("unwatch", { id }), { ended: false });
  });
});

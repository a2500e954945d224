import assert from "node:assert/strict";
import type { TillerError } from "../../daemon/protocol/errors.ts";
import { EngineUnderTest, relativeError } from "../support/engine.ts";
import { storiesOrTwin } from "../support/models/twin.ts";

const TEXT = "Once upon a time there was a little girl named Lily. She liked to play outside.";

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

  it("collects the last token or the mean of many texts, as single taps give them", async () => {
    const texts = Array.from({ length: 23 }, (_, i) => TEXT.slice(0, 10 + i * 3));
    const layers = [1, 3];
    for (const readAt of ["last", "mean"] as const) {
      const { width, data } = await engine.request("collect", { id: `c:${readAt}`, texts, render: "raw", site: "resid", layers, readAt });
      assert.equal(width, 64);
      assert.equal(data.length, texts.length * layers.length * width);
      for (const index of [0, 7, 22]) {
        const tap = await engine.request("tap", {
          client: "test",
          prompt: texts[index]!,
          tokens: null,
          sites: ["resid"],
          layers,
          logits: false,
          plan: null,
        });
        tap.sites.forEach((site, layer) => {
          const n = tap.tokens.length;
          const expected = Array.from({ length: width }, (_, i) => {
            if (readAt === "last") return site.data[(n - 1) * width + i]!;
            return Array.from({ length: n }, (_, t) => site.data[t * width + i]!).reduce((sum, value) => sum + value, 0) / n;
          });
          const start = (index * layers.length + layer) * width;
          assert.ok(relativeError(data.subarray(start, start + width), expected) < 1e-4);
        });
      }
    }
    const progress = engine.events.flatMap((event) => (event.name === "collectProgress" ? [event.params.fraction] : []));
    assert.equal(progress.at(-1), 1);
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

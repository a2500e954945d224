/**
 * A preset as a user writes it, through parser, compiler, engine and native core, against the float64 reference with the
 * formulas written out again: every mode, `scope`, `when` and `hold`.
 */
import assert from "node:assert/strict";
import { parsePreset } from "../../daemon/compiler/parse.ts";
import type { CompileModel, LoadedArtifact } from "../../daemon/compiler/types.ts";
import { bodyOf } from "../../daemon/methods/directions/body.ts";
import { compileProbe, compileSteering } from "../../daemon/methods/index.ts";
import type { SteeringPlan } from "../../daemon/protocol/plan.ts";
import { RackSchema } from "../../daemon/protocol/preset.ts";
import { PROVENANCE } from "../support/artifact.ts";
import { EngineUnderTest } from "../support/engine.ts";
import { storiesOrTwin } from "../support/models/twin.ts";
import { maxRelative, type ReferenceEdit, ReferenceModel } from "../support/reference/index.ts";

const D = 64;
const LAYERS = 5;
/** F32 weights and cache, no flash attention. */
const TIGHT = 1e-4;
const PROMPT = [1, 403, 407, 261, 378];
const FORCED = Array.from({ length: 14 }, (_, i) => 262 + ((i * 61) % 230));
const TOKENS = [...PROMPT, ...FORCED];
const FINGERPRINT = `sha256:${"5".repeat(64)}`;

/** A direction with its own vector, length and midpoint at every layer. */
function artifact(id: string, seed: number, gap: number, mid: number, layers: number[]): LoadedArtifact {
  const rows = Array.from({ length: LAYERS }, (_, layer) => {
    const row = Float64Array.from({ length: D }, (_, i) => Math.sin(seed * 7.13 + layer * 3.7 + i * 12.9898));
    const norm = Math.hypot(...row);
    return row.map((value) => (value / norm) * gap);
  });
  return {
    meta: {
      ...{ tiller: 2, id, kind: "direction", title: id, description: "" },
      method: { id: "directions/mean-difference", version: 1, params: {} },
      model: { architecture: "llama", fingerprint: FINGERPRINT, quantisation: "F32", layers: LAYERS, width: D },
      data: { file: "data.safetensors", sha256: "0".repeat(64) },
      provenance: PROVENANCE,
      body: { site: "resid", layers, probeLayer: layers[0]!, pairs: 2, heldOut: 1, quality: [] },
      hash: "0".repeat(64),
      receipts: [],
    },
    tensors: new Map([
      ["vector", { shape: [LAYERS, D], data: Float32Array.from(rows.flatMap((row) => [...row])) }],
      ["mid", { shape: [LAYERS], data: new Float32Array(LAYERS).fill(mid) }],
    ]),
  };
}

const JOY = artifact("direction/joy", 1, 3, 0.4, [2, 3]);
const CALM = artifact("direction/calm", 2, 2, -0.2, [3]);
const ARTIFACTS = new Map([JOY, CALM].map((one) => [one.meta.id, one]));

interface Line {
  readonly v: Float64Array;
  readonly u: Float64Array;
  readonly gap: number;
  readonly mid: number;
}

function line(of: LoadedArtifact, layer: number): Line {
  const v = Float64Array.from(of.tensors.get("vector")!.data.subarray(layer * D, (layer + 1) * D));
  const gap = Math.hypot(...v);
  return { v, u: v.map((value) => value / gap), gap, mid: of.tensors.get("mid")!.data[layer]! };
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const move = (x: Float64Array, along: Float64Array, by: number): void => {
  for (let i = 0; i < D; i++) x[i]! += by * along[i]!;
};

/** strength 1 adds the gap; targets count in class means; rotate adds and restores the length (compare methods/directions). */
const FORMULAS: Readonly<Record<string, (x: Float64Array, s: number, at: Line) => void>> = {
  add: (x, s, { v }) => move(x, v, s),
  scale: (x, s, { u }) => move(x, u, s * dot(x, u)),
  ablate: (x, s, { u }) => move(x, u, -s * dot(x, u)),
  set: (x, s, { u, mid, gap }) => move(x, u, mid + (s * gap) / 2 - dot(x, u)),
  floor: (x, s, { u, mid, gap }) => move(x, u, Math.max(0, mid + (s * gap) / 2 - dot(x, u))),
  ceil: (x, s, { u, mid, gap }) => move(x, u, -Math.max(0, dot(x, u) - mid - (s * gap) / 2)),
  rotate: (x, s, { u, gap }) => {
    const before = Math.hypot(...x);
    move(x, u, s * gap);
    const after = Math.hypot(...x);
    for (let i = 0; i < D; i++) x[i]! *= before / after;
  },
};

/** A control of the preset at each of its layers. */
function edits(of: LoadedArtifact, mode: string, s: number, positions?: (position: number) => boolean): ReferenceEdit[] {
  return bodyOf(of.meta).layers.map((layer) => ({
    ...{ site: "resid" as const, layer, apply: (x: Float64Array) => FORMULAS[mode]!(x, s, line(of, layer)) },
    ...(positions === undefined ? {} : { positions }),
  }));
}

const inAnswer = (position: number): boolean => position >= PROMPT.length;

describe("presets against the float64 reference", () => {
  let engine: EngineUnderTest;
  let reference: ReferenceModel;
  let model: CompileModel;

  before(async () => {
    const path = storiesOrTwin();
    reference = ReferenceModel.load(path);
    engine = await EngineUnderTest.load(path, { flashAttention: "off" });
    const { facts, sites } = engine.model!;
    model = { id: "stories-00000000", fingerprint: FINGERPRINT, quantisation: "F32", facts, sites };
  });
  after(async () => {
    await engine?.stop();
  });

  function planOf(body: string, set: Record<string, number> = {}): SteeringPlan {
    const parsed = parsePreset(`tiller: 1\nname: Test\n${body}`);
    assert.ok("preset" in parsed, JSON.stringify(parsed));
    const { controls, when, hold, scope } = parsed.preset;
    const rack = RackSchema.parse(JSON.parse(JSON.stringify({ controls, when, hold, scope })));
    return compileSteering({ rack, set, model, artifact: (id) => ARTIFACTS.get(id) ?? null });
  }

  async function ours(plan: SteeringPlan | null): Promise<number[][]> {
    const answer = await engine.generate({ tokens: PROMPT, forced: FORCED, logits: true, plan });
    return answer.tokens.map((token) => token.logits!);
  }

  /** Logits before each forced token. */
  const theirs = (list: ReferenceEdit[]): Float64Array[] => reference.forward(TOKENS, { edits: list }).logits.slice(PROMPT.length - 1, -1);

  /** largest max|Δ|/max|reference| over the answer */
  const apart = (a: ArrayLike<number>[], b: ArrayLike<number>[]): number => Math.max(...a.map((row, t) => maxRelative(row, b[t]!)));

  async function agrees(body: string, list: ReferenceEdit[], set: Record<string, number> = {}): Promise<void> {
    const expected = theirs(list);
    const got = await ours(planOf(body, set));
    assert.ok(apart(got, expected) <= TIGHT, `${apart(got, expected)}`);
    assert.ok(apart(theirs([]), expected) > 10 * TIGHT, "the edit changes the output");
  }

  for (const mode of Object.keys(FORMULAS)) {
    it(`${mode}, at the strength of the preset and at one that a slider gives`, async () => {
      const body = `controls:\n  joy: { use: direction/joy, mode: ${mode}, strength: 0.8, range: [-2, 2] }\n`;
      await agrees(body, edits(JOY, mode, 0.8));
      await agrees(body, edits(JOY, mode, -0.7), { joy: -0.7 });
    });
  }

  it("scope: prompt, answer, all", async () => {
    const body = (scope: string): string =>
      `controls:\n  joy: { use: direction/joy, strength: 1.2 }\n  calm: { use: direction/calm, strength: -1 }\nscope: { joy: ${scope}, calm: all }\n`;
    const calm = edits(CALM, "add", -1);
    await agrees(body("answer"), [...edits(JOY, "add", 1.2, inAnswer), ...calm]);
    await agrees(body("prompt"), [...edits(JOY, "add", 1.2, (position) => !inAnswer(position)), ...calm]);
    await agrees(body("all"), [...edits(JOY, "add", 1.2), ...calm]);
  });

  it("hold: the reading lands on its target, after the control's own edit, and the logits follow", async () => {
    const target = 5;
    for (const by of ["floor", "ceil"] as const) {
      const at = by === "floor" ? target : -target;
      const { u } = line(CALM, 3);
      const landed: number[] = [];
      const hold: ReferenceEdit = {
        site: "resid",
        layer: 3,
        apply: (x) => {
          const c = dot(x, u);
          move(x, u, by === "floor" ? Math.max(0, at - c) : -Math.max(0, c - at));
          landed.push(dot(x, u));
        },
      };
      const body = `controls:\n  joy: { use: direction/joy, strength: 0.5 }\nhold: { joy: { probe: probe/calm, at: ${at}, by: ${by} } }\n`;
      await agrees(body, [...edits(JOY, "add", 0.5), hold]);
      assert.ok(landed.every((value) => (by === "floor" ? value >= at - 1e-9 : value <= at + 1e-9)));
      assert.ok(landed.some((value) => Math.abs(value - at) < 1e-9));
    }
  });

  it("hold: what layer 4 receives has the target within 1e-4", async () => {
    const body = "controls:\n  joy: { use: direction/joy, strength: 0.5 }\nhold: { joy: { probe: probe/calm, at: 6, by: floor } }\n";
    const { u } = line(CALM, 3);
    const tap = async (plan: SteeringPlan | null) => {
      const sites = ["resid", "attn.add", "mlp.add"] as const;
      const result = await engine.request("tap", {
        client: "test",
        prompt: null,
        tokens: TOKENS,
        sites: [...sites],
        layers: [4],
        logits: false,
        plan,
      });
      return sites.map((name) => result.sites.find(({ site }) => site === name)!.data);
    };
    // resid[4] = resid[3] after its edits + attn.add[4] + mlp.add[4], so the edited resid[3] can be read back from below
    const [resid, attention, mlp] = await tap(planOf(body));
    for (let t = 0; t < TOKENS.length; t++) {
      const received = Float64Array.from({ length: D }, (_, i) => resid![t * D + i]! - attention![t * D + i]! - mlp![t * D + i]!);
      assert.ok(dot(received, u) >= 6 - 1e-4, `token ${t}: ${dot(received, u)}`);
    }
  });

  it("when: a closed gate is plain, an open one acts from the first answer token on, a moving one per token", async () => {
    const probe = compileProbe("probe/joy", JOY);
    const readings = reference
      .forward(TOKENS, { capture: [{ site: "resid", layer: probe.layer }] })
      .sites.get(`resid@${probe.layer}`)!
      .map((x) => dot(x, line(JOY, probe.layer).u));
    const body = (condition: string): string =>
      `controls:\n  calm: { use: direction/calm, strength: 2, range: [-2, 2] }\nwhen: { probe/joy: '${condition}' }\n`;
    assert.ok(apart(await ours(planOf(body("> 100000"))), theirs([])) <= TIGHT, "closed");
    await agrees(body("> -100000"), edits(CALM, "add", 2, inAnswer));
    // Layer 2 is read, layer 3 edited: readings do not depend on the gate, so the reference knows them beforehand.
    const threshold = [...readings.slice(PROMPT.length - 1)].sort((a, b) => a - b)[7]!;
    const open = (position: number): boolean => inAnswer(position) && readings[position - 1]! > threshold + 1e-3;
    assert.ok(TOKENS.some((_, p) => open(p)) && TOKENS.some((_, p) => inAnswer(p) && !open(p)));
    await agrees(body(`> ${(threshold + 1e-3).toFixed(6)}`), edits(CALM, "add", 2, open));
  });
});

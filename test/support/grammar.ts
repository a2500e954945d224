/** What a grammar lets through, asked of llama.cpp's own sampler on a model with random weights. */
import type { NativeContext, SamplerConfig } from "../../daemon/engine/model/native.ts";
import { GREEDY, type OpenModel } from "./native.ts";

/** Ids of the made-up vocabulary: the 256 bytes follow the unknown token and the ends. */
const FIRST_BYTE = 3;
const BOS = 1;
const EOS = 2;
const FORCE = 1e6;
/** First bytes of what is no UTF-8 or may be none (overlong forms, halves of pairs): llama.cpp's grammars decode them without a check. */
const NO_UTF8 = [0xc0, 0xc1, 0xe0, 0xed, 0xf0, ...Array.from({ length: 12 }, (_, i) => 0xf4 + i)];

export class GrammarProbe {
  readonly #context: NativeContext;
  readonly #model: OpenModel["model"];

  constructor({ model, context }: OpenModel) {
    this.#model = model;
    this.#context = context({ nCtx: 1024, nSeqMax: 1, threads: 1 });
  }

  /** Whether the text, byte by byte, is one that the grammar lets through and lets end. */
  async accepts(grammar: string, text: string): Promise<boolean> {
    const sampler = this.#sampler(grammar, { logitBias: [{ token: EOS, bias: FORCE }] });
    try {
      this.#context.acceptTokens(
        sampler,
        Int32Array.from(Buffer.from(text, "utf8"), (byte) => FIRST_BYTE + byte),
      );
      return (await this.#next(sampler, BOS, 0)) === EOS;
    } catch (error) {
      if (/grammar/i.test(String(error))) return false;
      throw error;
    } finally {
      this.#context.freeSampler(sampler);
    }
  }

  /** What the model writes under the grammar, by chance; null: it had not ended after `tokens`. */
  async write(grammar: string, seed: number, tokens = 300): Promise<string | null> {
    const sampler = this.#sampler(grammar, {
      seed,
      temperature: 3,
      logitBias: [{ token: EOS, bias: 20 }, ...NO_UTF8.map((byte) => ({ token: FIRST_BYTE + byte, bias: Number.NEGATIVE_INFINITY }))],
    });
    const written: number[] = [];
    try {
      let last = BOS;
      for (let position = 0; position < tokens; position++) {
        last = await this.#next(sampler, last, position);
        if (last === EOS) return Buffer.concat(written.map((id) => Buffer.from(this.#model.tokenBytes(id, false)))).toString("utf8");
        if (last < 0) throw new Error(`nothing may follow ${written.length} tokens`);
        written.push(last);
      }
      return null;
    } finally {
      this.#context.freeSampler(sampler);
    }
  }

  #sampler(gbnf: string, changes: Partial<SamplerConfig>): number {
    return this.#context.createSampler({ ...GREEDY, ...changes, grammar: { gbnf, root: "root" } });
  }

  async #next(sampler: number, token: number, position: number): Promise<number> {
    if (position === 0) this.#context.seqRemove(0, -1, -1);
    const { sampled } = await this.#context.decode({
      tokens: Int32Array.of(token),
      positions: Int32Array.of(position),
      sequences: Int32Array.of(0),
      outputs: Uint8Array.of(1),
      samplers: Int32Array.of(sampler),
      capture: null,
      classes: null,
    });
    return sampled[0]!;
  }
}

/** Gathers the frames of one capture by site and layer. */
import { ClientError } from "../../client/error.ts";
import { type Frame, frameRow } from "../../client/frame.ts";
import type { SiteName } from "../../protocol/sites.ts";

export interface CapturedPart {
  /** null: the logits */
  readonly site: SiteName | null;
  readonly layer: number;
  readonly width: number;
  /** one row per token */
  readonly rows: (Float32Array | Uint8Array)[];
}

export class Capture {
  readonly #parts = new Map<string, CapturedPart>();
  #frames = 0;

  add(frame: Frame): void {
    const { site, layers, widths, firstToken, rows } = frame.header;
    this.#frames++;
    for (const [place, layer] of layers.entries()) {
      const part = this.#part(site, layer, widths[place]!);
      for (let row = 0; row < rows; row++) part.rows[firstToken + row] = frameRow(frame, row, layer)!;
    }
  }

  /** @throws ClientError when something did not arrive */
  check(frames: number, tokens: number): void {
    const whole = this.parts().every(({ rows }) => rows.length === tokens && !rows.includes(undefined as never));
    if (frames !== this.#frames || !whole)
      throw new ClientError("disconnected", `the capture is incomplete: ${this.#frames} of ${frames} frames arrived`);
  }

  /** Logits first, then sites in the order in which they came. */
  parts(): CapturedPart[] {
    const parts = [...this.#parts.values()];
    return [...parts.filter(({ site }) => site === null), ...parts.filter(({ site }) => site !== null)];
  }

  #part(site: SiteName | null, layer: number, width: number): CapturedPart {
    const key = `${site ?? ""}@${layer}`;
    const part = this.#parts.get(key) ?? { site, layer, width, rows: [] };
    this.#parts.set(key, part);
    return part;
  }
}

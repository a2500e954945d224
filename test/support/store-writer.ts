/** A process that writes to a store until it is killed; each version says by its own length and number whether it is whole. */
import { writeAtomic } from "../../daemon/store/atomic.ts";
import { PresetStore } from "../../daemon/store/presets.ts";
import { foundDirection } from "./artifact.ts";
import { artifactStore } from "./store.ts";

const [, , what, target, shipped] = process.argv as [string, string, string, string, string];

export function version(n: number): string {
  return `tiller: 1\nname: v${n}\n# ${String(n % 10).repeat(200_000 + (n % 7) * 1000)}\n`;
}

function write(): void {
  const presets = what === "preset" ? new PresetStore({ presets: target, shipped }) : null;
  const artifacts = what === "artifact" ? artifactStore({ artifacts: target, shipped }) : null;
  process.send?.("started");
  for (let n = 0; ; n++) {
    presets?.save("growing", version(n));
    artifacts?.save(foundDirection({ id: "direction/growing", layers: 8, width: 512 + (n % 3), title: `v${n}`, value: n }));
    if (what === "file") writeAtomic(target, version(n));
  }
}

if (process.argv[1]?.endsWith("store-writer.js")) write();

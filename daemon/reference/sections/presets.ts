/** The preset language. */
import { SCOPES } from "../../protocol/preset.ts";
import { SITE_INFO, SITES } from "../../protocol/sites.ts";
import { markdownTable, section } from "../markdown.ts";

const WIDTHS = { model: "d (model width)", heads: "heads × head width", mlp: "f (MLP width)" } as const;

export function presets(): string {
  return section(
    2,
    "Presets",
    `A preset is a file \`NAME.steer.yaml\` with the fields of [Preset](#preset); it is data, nothing in it runs. The JSON Schema for
editors is \`docs/schema/preset.schema.json\`. \`tiller check FILE\` names problems by line and column.`,
    `\`\`\`yaml
tiller: 2
name: Cheerful in Spanish
model: { architecture: llama } # refused on others
controls:
  joy: { use: direction/joy, strength: 1, range: [-2, 2], title: Joy }
  es: { use: direction/spanish, strength: 1, with: { mode: set, layers: 1-3 } }
scope: { es: answer } # ${SCOPES.join(", ")}
when: { direction/joy: "< 0.5" } # acts at a token only if this held at the one before
hold: { joy: { probe: direction/joy, at: 0, by: floor } }
sampling: { temperature: 0.7 }
system: Answer briefly.
\`\`\``,
    "What a control may say under `with` is said by its method, see [Steering methods](#steering-methods).",
    "Sites (`tiller inspect MODEL` says which a model has, and why others are refused):",
    markdownTable(
      ["site", "width", "layers", "what"],
      SITES.map((site) => [`\`${site}\``, WIDTHS[SITE_INFO[site].width], SITE_INFO[site].perLayer ? "each" : "one", SITE_INFO[site].title]),
    ),
  );
}

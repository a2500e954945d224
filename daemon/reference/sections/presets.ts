/** The preset language. */
import { SCOPES } from "../../protocol/preset.ts";
import { SITE_INFO, SITES } from "../../protocol/sites.ts";
import { markdownTable, section } from "../markdown.ts";

const WIDTHS = { model: "d (model width)", heads: "heads × head width", mlp: "f (MLP width)" } as const;

const MODES: readonly (readonly [string, string])[] = [
  ["`add`", "x + s·v: 1 moves the mean of one class of examples onto the other's"],
  ["`scale`", "the part of x along v times 1 + s: -1 removes it"],
  ["`ablate`", "the part of x along v times 1 - s: 1 removes it"],
  ["`set`", "the part of x along v becomes the target s, in class means (±1)"],
  ["`floor`, `ceil`", "… is raised to it, or lowered to it"],
  ["`rotate`", "as `add`, then x is given its old length again"],
];

export function presets(): string {
  return section(
    2,
    "Presets",
    `A preset is a file \`NAME.steer.yaml\` with the fields of [Preset](#preset); it is data, nothing in it runs. The JSON Schema for
editors is \`docs/schema/preset.schema.json\`. \`tiller presets check FILE\` names problems by line and column.`,
    `\`\`\`yaml
tiller: 1
name: Cheerful in Spanish
model: { architecture: llama } # refused on others
controls:
  joy: { use: direction/joy, strength: 1, range: [-2, 2], title: Joy }
  es: { use: direction/spanish, strength: 1, mode: set, layers: 1-3 }
scope: { es: answer } # ${SCOPES.join(", ")}
when: { direction/joy: "< 0.5" } # acts at a token only if this held at the one before
hold: { joy: { probe: direction/joy, at: 0, by: floor } }
sampling: { temperature: 0.7 }
system: Answer briefly.
\`\`\``,
    "What a control of the kind `direction/…` does to the vector x of a site, with v its direction and s its strength:",
    markdownTable(["mode", "effect"], MODES),
    "Sites (`tiller inspect MODEL` says which a model has, and why others are refused):",
    markdownTable(
      ["site", "width", "layers", "what"],
      SITES.map((site) => [`\`${site}\``, WIDTHS[SITE_INFO[site].width], SITE_INFO[site].perLayer ? "each" : "one", SITE_INFO[site].title]),
    ),
  );
}

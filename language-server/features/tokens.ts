/** What words mean, for colours that a grammar cannot know: controls and where they are used, artifacts, settings, gates. */
import { type SemanticTokens, SemanticTokensBuilder, type SemanticTokensLegend } from "vscode-languageserver";
import { type Entry, entriesOf, type Span } from "../../daemon/compiler/locate.ts";
import { usesOf } from "../rules/artifacts.ts";
import { choiceAt } from "../schema.ts";
import type { View } from "../view.ts";

const TYPES = ["variable", "class", "parameter", "enumMember", "operator", "number"] as const;
type Type = (typeof TYPES)[number];
const MODIFIERS = ["declaration"] as const;

export const LEGEND: SemanticTokensLegend = { tokenTypes: [...TYPES], tokenModifiers: [...MODIFIERS] };

interface Token {
  readonly span: Span;
  readonly type: Type;
  readonly declared?: boolean;
}

export function tokens(view: View): SemanticTokens {
  const { text } = view;
  const builder = new SemanticTokensBuilder();
  const all = [...names(view), ...artifacts(view), ...gates(view), ...settings(view)].filter(
    ({ span }) => !text.text.slice(...span).includes("\n"),
  );
  for (const { span, type, declared = false } of all.sort((a, b) => a.span[0] - b.span[0])) {
    const { line, character } = text.document.positionAt(span[0]);
    builder.push(line, character, span[1] - span[0], TYPES.indexOf(type), declared ? 1 : 0);
  }
  return builder.build();
}

function names({ text }: View): Token[] {
  return ["controls", "scope", "hold"].flatMap((part) =>
    text
      .entries([part])
      .flatMap(({ key }): Token[] => (key === null ? [] : [{ span: key, type: "variable", declared: part === "controls" }])),
  );
}

function artifacts(view: View): Token[] {
  return usesOf(view).flatMap(({ path, part }): Token[] => {
    const span = view.text.spot(path)?.[part] ?? null;
    return span === null ? [] : [{ span, type: "class" }];
  });
}

/** `"> 0.6"`: the comparison and the number */
function gates({ text }: View): Token[] {
  return text.entries(["when"]).flatMap(({ value }): Token[] => {
    if (value === null) return [];
    const match = /([<>]=?)(\s*)(-?[\d.]+)/.exec(text.text.slice(...value));
    if (match === null) return [];
    const start = value[0] + match.index;
    const number = start + match[1]!.length + match[2]!.length;
    return [
      { span: [start, start + match[1]!.length], type: "operator" },
      { span: [number, number + match[3]!.length], type: "number" },
    ];
  });
}

function settings(view: View): Token[] {
  const within = (path: readonly string[], entries: readonly Entry[]): Token[] =>
    entries.flatMap(({ name, key, value }): Token[] => {
      const words = choiceAt(view, [...path, name])?.values ?? [];
      const chosen = value !== null && words.includes(view.text.text.slice(...value));
      const own: Token[] = key === null || path.at(-1) !== "with" ? [] : [{ span: key, type: "parameter" }];
      return [...own, ...(chosen ? [{ span: value, type: "enumMember" as const }] : [])];
    });
  const controls = view.text.entries(["controls"]).flatMap(({ name, node }) => {
    const below = entriesOf(node).find((entry) => entry.name === "with");
    return below === undefined ? [] : within(["controls", name, "with"], entriesOf(below.node));
  });
  const holds = view.text.entries(["hold"]).flatMap(({ name, node }) => within(["hold", name], entriesOf(node)));
  return [...controls, ...holds, ...within(["scope"], view.text.entries(["scope"])).filter(({ type }) => type === "enumMember")];
}

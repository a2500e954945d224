/** A preset's text as the features see it: its tree, what could be read of it, and places as editors name them. */
import type { Position, Range } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { type Edit, removeAt, setAt } from "../daemon/compiler/edit.ts";
import { type Entry, entriesOf, nearestSpot, type Path, type Span, type Spot, spotAt } from "../daemon/compiler/locate.ts";
import { migrateControls } from "../daemon/compiler/migrate.ts";
import { type ParsedPreset, parsePreset } from "../daemon/compiler/parse.ts";
import { readYaml } from "../daemon/compiler/yaml.ts";
import { type Control, ControlSchema, type Preset } from "../daemon/protocol/preset.ts";

export class SteerText {
  readonly document: TextDocument;
  readonly text: string;
  readonly parsed: ParsedPreset;
  /** the tree, also of a text with mistakes */
  readonly root: unknown;
  readonly #value: Readonly<Record<string, unknown>>;

  constructor(document: TextDocument) {
    this.document = document;
    this.text = document.getText();
    this.parsed = parsePreset(this.text);
    const yaml = readYaml(this.text);
    this.root = yaml.document.contents;
    this.#value = recordOf(yaml.problems.length > 0 && yaml.document.errors.length === 0 ? null : plain(yaml.document));
  }

  get preset(): Preset | null {
    return "preset" in this.parsed ? this.parsed.preset : null;
  }

  /** What stands under a key of the top level, unchecked. */
  value(key: string): unknown {
    return this.#value[key];
  }

  /** The controls that can be read, also of a preset with mistakes elsewhere. */
  controls(): Map<string, Control> {
    const all = this.preset?.controls ?? recordOf(migrateControls(this.value("controls")));
    const readable = Object.entries(all).flatMap(([name, control]) => {
      // a key whose value is still to be written says nothing yet
      const written = Object.entries(recordOf(control)).filter(([, value]) => value !== null);
      const parsed = ControlSchema.safeParse(Object.fromEntries(written));
      return parsed.success ? [[name, parsed.data] as const] : [];
    });
    return new Map(readable);
  }

  spot(path: Path): Spot | null {
    return spotAt(this.root, path);
  }

  nearest(path: Path): Spot {
    return nearestSpot(this.root, path);
  }

  entries(path: Path): Entry[] {
    return entriesOf(this.spot(path)?.node);
  }

  set(path: Path, value: unknown): Edit | null {
    return setAt(this.text, this.root, path, value);
  }

  remove(path: Path): Edit | null {
    return removeAt(this.text, this.root, path);
  }

  range([start, end]: Span): Range {
    return { start: this.document.positionAt(start), end: this.document.positionAt(end) };
  }

  offset(position: Position): number {
    return this.document.offsetAt(position);
  }
}

const texts = new WeakMap<TextDocument, { readonly version: number; readonly text: SteerText }>();

/** Read once for each version of the document. */
export function textOf(document: TextDocument): SteerText {
  const known = texts.get(document);
  if (known?.version === document.version) return known.text;
  const text = new SteerText(document);
  texts.set(document, { version: document.version, text });
  return text;
}

export function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function plain(document: { toJS(options: { maxAliasCount: number }): unknown }): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return null;
  }
}

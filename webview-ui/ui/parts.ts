/** The bundles beside the page's own, each loaded when it is first needed; the page's start waits for none of them. */
import { useEffect, useState } from "preact/hooks";
import type * as Code from "../rendered/code/main.ts";
import type * as Markdown from "../rendered/markdown/main.ts";
import type * as Formulas from "../rendered/math/main.ts";
import type * as Charts from "../reports/charts/main.ts";

export interface Parts {
  readonly charts: typeof Charts;
  readonly code: typeof Code;
  readonly markdown: typeof Markdown;
  readonly math: typeof Formulas;
}

const loading = new Map<keyof Parts, Promise<unknown>>();
const loaded = new Map<keyof Parts, unknown>();

/** @throws where it cannot be loaded, such as when the page is older than the daemon's files; the next call tries again */
export function loadPart<Name extends keyof Parts>(name: Name): Promise<Parts[Name]> {
  let part = loading.get(name);
  if (part === undefined) {
    // Beside the page's own script; not a literal import, so that neither bundle takes the other in.
    const address: string = `./${name}.js`;
    part = import(address).then(
      (module: unknown) => {
        loaded.set(name, module);
        return module;
      },
      (error: unknown) => {
        loading.delete(name);
        throw error;
      },
    );
    loading.set(name, part);
  }
  return part as Promise<Parts[Name]>;
}

/** Null until it is there. `failed`: it could not be loaded; `again` tries once more. */
export function usePart<Name extends keyof Parts>(
  name: Name,
  wanted = true,
): { readonly part: Parts[Name] | null; readonly failed: boolean; readonly again: () => void } {
  const [tries, setTries] = useState(0);
  const [failed, setFailed] = useState(false);
  const [, render] = useState(0);
  const part = (loaded.get(name) as Parts[Name] | undefined) ?? null;
  useEffect(() => {
    if (!wanted || part !== null) return;
    let ended = false;
    setFailed(false);
    loadPart(name).then(
      () => !ended && render((count) => count + 1),
      () => !ended && setFailed(true),
    );
    return () => {
      ended = true;
    };
  }, [name, wanted, tries]);
  return { part, failed, again: () => setTries(tries + 1) };
}

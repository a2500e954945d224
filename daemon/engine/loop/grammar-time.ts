/** Time that grammars take. All tokens of a step are chosen together, so whoever has a slow grammar holds up everyone's answers. */
import { TillerError } from "../../protocol/errors.ts";
import type { Task } from "./task.ts";

/** Beside a large vocabulary a sound grammar takes some 20 ms for a token. */
const PER_TOKEN_MICROS = 100_000;
const AT_FIRST_MICROS = 10_000_000;

/** Shares a step's time out by the grammars' sizes: a step tells only how long all of them took. */
export function chargeGrammars(running: readonly { readonly task: Task | null; readonly rows: number }[], micros: number): void {
  const tasks = running.flatMap(({ task, rows }) => (task !== null && rows > 0 && task.grammar !== undefined ? [task] : []));
  const total = tasks.reduce((sum, task) => sum + task.grammar!, 0);
  for (const task of tasks) task.charge?.((micros * task.grammar!) / total);
}

/** Why a request may not go on that has taken so long; null while it may. */
export function grammarOverdue(micros: number, tokens: number): TillerError | null {
  if (micros <= AT_FIRST_MICROS + tokens * PER_TOKEN_MICROS) return null;
  return new TillerError("too-large", `the grammar takes too long: ${Math.round(micros / 1e6)} s for ${tokens} tokens`, {
    field: "grammar",
    suggestion: "Simplify it: repetitions inside repetitions and rules that overlap take long.",
  });
}

/**
 * A conversation as a tree whose shown path is `turns`: what is edited or asked for again leaves its place and stays reachable.
 * An edited question keeps the ends that it had (`tails`), an answer what followed each of its versions (`after`). Pure.
 */
import type { AssistantTurn, Turn, UserTurn } from "./state.ts";

type Turns = readonly Turn[];

/** Every turn of the tree, those of hidden branches too. */
export function everyTurn(turns: Turns): Turn[] {
  return turns.flatMap((turn) => {
    const hidden = turn.role === "user" ? (turn.tails ?? []) : Object.values(turn.after ?? {});
    return [turn, ...hidden.flatMap(everyTurn)];
  });
}

/** The question at `at` in other words: a new end of the conversation; the one that was shown stays behind it. */
export function editedAt(turns: Turns, at: number, id: string, text: string): Turn[] {
  const tails = tailsAt(turns, at);
  return [...turns.slice(0, at), { id, role: "user", text, tails: [...tails, []], shown: tails.length }];
}

/** Another end of the question at `at`. */
export function withTail(turns: Turns, at: number, shown: number): Turn[] {
  const tails = tailsAt(turns, at);
  const [first, ...rest] = tails[shown] ?? [];
  if (first?.role !== "user") return [...turns];
  return [...turns.slice(0, at), { ...bare(first), tails: tails.map((tail, i) => (i === shown ? [] : tail)), shown }, ...rest];
}

/** A further version of the answer at `at`; what followed the shown one stays with that. */
export function answeredAgain(turns: Turns, at: number, stream: string): Turn[] {
  const turn = turns[at] as AssistantTurn;
  return [...turns.slice(0, at), { ...turn, answers: [...turn.answers, stream], shown: turn.answers.length, after: afterAt(turns, at) }];
}

/** Another version of the answer at `at`, with what followed it. */
export function withAnswer(turns: Turns, at: number, shown: number): Turn[] {
  const turn = turns[at] as AssistantTurn;
  const wanted = Math.max(0, Math.min(turn.answers.length - 1, shown));
  if (wanted === turn.shown) return [...turns];
  const { [turn.answers[wanted]!]: rest, ...after } = afterAt(turns, at);
  return [...turns.slice(0, at), { ...turn, shown: wanted, after }, ...(rest ?? [])];
}

/** What two tabs made of one conversation: every branch of both; what I look at stays shown, and goes on where theirs does. */
export function mergedTurns(mine: Turns, theirs: Turns): readonly Turn[] {
  const [turn, other] = [mine[0], theirs[0]];
  if (turn === undefined) return theirs;
  if (other === undefined) return mine;
  if (turn.role === "user") return other.role === "user" ? mergedEnds(mine, theirs, turn) : mine;
  return other.role === "assistant" ? mergedAnswers(mine, theirs, turn, other) : mine;
}

/** Ends are told apart by their questions. */
function mergedEnds(mine: Turns, theirs: Turns, { shown = 0 }: UserTurn): readonly Turn[] {
  const own = tailsAt(mine, 0);
  const others = new Map(tailsAt(theirs, 0).map((tail) => [tail[0]!.id, tail]));
  const ends = own.map((tail) => [tail[0]!, ...mergedTurns(tail.slice(1), others.get(tail[0]!.id)?.slice(1) ?? [])]);
  const known = new Set(own.map((tail) => tail[0]!.id));
  ends.push(...[...others].filter(([id]) => !known.has(id)).map(([, tail]) => [...tail]));
  const [first, ...rest] = ends[shown]! as [UserTurn, ...Turn[]];
  return ends.length === 1 ? [first, ...rest] : [{ ...first, tails: ends.map((end, i) => (i === shown ? [] : end)), shown }, ...rest];
}

function mergedAnswers(mine: Turns, theirs: Turns, turn: AssistantTurn, other: AssistantTurn): readonly Turn[] {
  const answers = [...turn.answers, ...other.answers.filter((stream) => !turn.answers.includes(stream))];
  const [own, others] = [afterAt(mine, 0), afterAt(theirs, 0)];
  const after: Record<string, readonly Turn[]> = {};
  for (const stream of answers) {
    const followed = mergedTurns(own[stream] ?? [], others[stream] ?? []);
    if (followed.length > 0) after[stream] = followed;
  }
  const stream = turn.answers[turn.shown];
  const rest = stream === undefined ? mine.slice(1) : (after[stream] ?? []);
  if (stream !== undefined) delete after[stream];
  return [{ ...turn, answers, ...(turn.after === undefined && Object.keys(after).length === 0 ? {} : { after }) }, ...rest];
}

function bare({ id, role, text }: UserTurn): UserTurn {
  return { id, role, text };
}

/** All ends of the question at `at`, the shown one as it stands among them. */
function tailsAt(turns: Turns, at: number): (readonly Turn[])[] {
  const turn = turns[at] as UserTurn;
  const now = [bare(turn), ...turns.slice(at + 1)];
  return turn.tails === undefined ? [now] : turn.tails.map((tail, i) => (i === turn.shown ? now : tail));
}

function afterAt(turns: Turns, at: number): Record<string, readonly Turn[]> {
  const turn = turns[at] as AssistantTurn;
  const stream = turn.answers[turn.shown];
  const rest = turns.slice(at + 1);
  return stream === undefined || rest.length === 0 ? { ...turn.after } : { ...turn.after, [stream]: rest };
}

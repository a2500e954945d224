/**
 * What survives a reload, with the page's host only: one entry per conversation and per draft (two tabs do not overwrite each
 * other's) and one for the settings. Another tab's changes are taken in as they are stored. Alternatives of tokens are left out; when
 * the host's room is full, the oldest conversations lose their token details first, never their text.
 */
import type { HostStorage } from "../host/host.ts";
import { streamsOf } from "./outside.ts";
import type { AnswerState, Conversation, State } from "./state.ts";
import type { Store } from "./store.ts";

const SETTINGS = "tiller.settings.1";
const CHAT = "tiller.chat.1.";
const DRAFT = "tiller.draft.1.";

type Settings = Pick<State, "theme" | "sampling" | "model" | "slidersOpen" | "probe" | "tintAt" | "answersAs" | "dismissed"> & {
  rack: State["rack"];
  heat: Pick<State["heat"], "open" | "site">;
  current: string | null;
};
interface Saved {
  conversation: Conversation;
  answers: Record<string, AnswerState>;
}

export function restore(storage: HostStorage, base: State): Partial<State> {
  const settings = parse<Partial<Settings>>(storage, SETTINGS);
  const saved = keysOf(storage, CHAT)
    .map((key) => parse<Saved>(storage, key))
    .filter((entry): entry is Saved => typeof entry?.conversation?.id === "string" && Array.isArray(entry.conversation.turns))
    .sort((a, b) => b.conversation.updated.localeCompare(a.conversation.updated));
  const conversations = saved.map(({ conversation }) => conversation);
  const answers = Object.assign({}, ...saved.map((entry) => closed(entry.answers))) as Record<string, AnswerState>;
  const { heat, ...flat } = settings ?? {};
  const current = conversations.some(({ id }) => id === flat.current) ? (flat.current ?? null) : (conversations[0]?.id ?? null);
  const drafts = Object.fromEntries(keysOf(storage, DRAFT).map((key) => [key.slice(DRAFT.length), storage.get(key) ?? ""]));
  return { ...flat, conversations, drafts, answers, current, heat: { ...base.heat, ...heat } };
}

/** Saves half a second after a change, and when the page goes away. @returns a function that stops it and saves at once */
export function keep(storage: HostStorage, store: Store, onLeave: (listener: () => void) => () => void): () => void {
  let written = new Map<string, readonly unknown[]>();
  let settingsWritten = "";
  let draftsWritten = draftsOf(store.get());
  let timer: ReturnType<typeof setTimeout> | null = null;
  const save = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const state = store.get();
    const settings = JSON.stringify(settingsOf(state));
    if (settings !== settingsWritten) put(storage, SETTINGS, settings);
    settingsWritten = settings;
    const drafts = draftsOf(state);
    saveDrafts(storage, drafts, draftsWritten);
    draftsWritten = drafts;
    const next = new Map<string, readonly unknown[]>();
    // The oldest first: where room is short, it is what gives its details away.
    for (const conversation of state.conversations.toReversed()) {
      const answers = answersOf(conversation, state);
      const worth = worthKeeping(conversation, state);
      const parts = [conversation, worth, ...Object.values(answers)];
      next.set(conversation.id, parts);
      const before = written.get(conversation.id);
      if (before !== undefined && before.length === parts.length && before.every((part, i) => part === parts[i])) continue;
      if (worth) putChat(storage, conversation, answers);
      else storage.remove(CHAT + conversation.id);
    }
    for (const id of written.keys()) if (!next.has(id)) storage.remove(CHAT + id);
    written = next;
  };
  // A long conversation takes long to write: a small part of the time at most.
  let cost = 0;
  const timed = () => {
    const begun = performance.now();
    save();
    cost = performance.now() - begun;
  };
  const soon = () => {
    timer ??= setTimeout(timed, Math.max(500, cost * 20));
  };
  for (const conversation of store.get().conversations)
    written.set(conversation.id, [conversation, true, ...Object.values(answersOf(conversation, store.get()))]);
  const end = store.subscribe(soon);
  const alone = storage.onChange((key, text) => {
    if (!key.startsWith(CHAT)) return;
    if (text === null) return store.dispatch({ type: "chat/delete", id: key.slice(CHAT.length) });
    const saved = parse<Saved>(storage, key);
    if (saved === null) return;
    store.dispatch({ type: "outside", conversation: saved.conversation, answers: mapValues(saved.answers, asFarAsItIs) });
  });
  const stay = onLeave(save);
  return () => {
    end();
    alone();
    stay();
    save();
  };
}

function settingsOf(state: State): Settings {
  const { theme, sampling, model, slidersOpen, probe, tintAt, answersAs, dismissed, heat, current } = state;
  const rack = { ...state.rack, acked: {}, problem: null };
  return {
    theme,
    sampling,
    model,
    slidersOpen,
    probe,
    tintAt,
    answersAs,
    dismissed,
    rack,
    heat: { open: heat.open, site: heat.site },
    current,
  };
}

function worthKeeping({ id, turns, named, system }: Conversation, { drafts }: State): boolean {
  return turns.length > 0 || named || system !== "" || drafts[id] !== undefined;
}

/** Those of deleted conversations are not kept; they are still in the state, should the deletion be undone. */
function draftsOf({ drafts, conversations }: State): State["drafts"] {
  const known = new Set(["", ...conversations.map(({ id }) => id)]);
  return Object.fromEntries(Object.entries(drafts).filter(([id]) => known.has(id)));
}

/** Only what changed here: another tab may be writing in another conversation. */
function saveDrafts(storage: HostStorage, drafts: State["drafts"], before: State["drafts"]): void {
  for (const id of Object.keys(before)) if (drafts[id] === undefined) storage.remove(DRAFT + id);
  for (const [id, text] of Object.entries(drafts)) if (text !== before[id]) put(storage, DRAFT + id, text);
}

function answersOf(conversation: Conversation, state: State): Record<string, AnswerState> {
  const streams = streamsOf(conversation);
  return Object.fromEntries(streams.flatMap((stream) => (state.answers[stream] === undefined ? [] : [[stream, state.answers[stream]]])));
}

function slim(answer: AnswerState): AnswerState {
  return { ...answer, tokens: answer.tokens.map(({ top: _, logits: __, ...token }) => token) };
}

/** An answer that was running when the page went away is over now. */
function closed(answers: Record<string, AnswerState>): Record<string, AnswerState> {
  return mapValues(answers ?? {}, (answer) => (answer.phase === "ended" ? answer : { ...answer, phase: "ended", reason: "cancelled" }));
}

/** Of another tab, which may go on with it: how it ends is not known here. */
function asFarAsItIs(answer: AnswerState): AnswerState {
  return answer.phase === "ended" ? answer : { ...answer, phase: "ended", reason: null };
}

/** @returns false: there is no room, and none could be made */
function put(storage: HostStorage, key: string, text: string): boolean {
  try {
    storage.set(key, text);
    return true;
  } catch {
    return makeRoom(storage, key) && put(storage, key, text);
  }
}

/** One that is too large by itself is kept without its tokens: its text is what must not be lost. */
function putChat(storage: HostStorage, conversation: Conversation, answers: Record<string, AnswerState>): void {
  const key = CHAT + conversation.id;
  if (put(storage, key, JSON.stringify({ conversation, answers: mapValues(answers, slim) }))) return;
  put(storage, key, JSON.stringify({ conversation, answers: mapValues(answers, (answer) => ({ ...answer, tokens: [] })) }));
}

/** Takes the token details from the oldest conversation that still has some. */
function makeRoom(storage: HostStorage, except: string): boolean {
  const candidates = keysOf(storage, CHAT)
    .filter((key) => key !== except)
    .map((key) => ({ key, saved: parse<Saved>(storage, key) }))
    .filter(({ saved }) => Object.values(saved?.answers ?? {}).some(({ tokens }) => tokens.length > 0))
    .sort((a, b) => a.saved!.conversation.updated.localeCompare(b.saved!.conversation.updated));
  const oldest = candidates[0];
  if (oldest?.saved == null) return false;
  const answers = mapValues(oldest.saved.answers, (answer) => ({ ...answer, tokens: [] }));
  storage.set(oldest.key, JSON.stringify({ ...oldest.saved, answers }));
  return true;
}

function keysOf(storage: HostStorage, start: string): string[] {
  return storage.keys().filter((key) => key.startsWith(start));
}

function parse<T>(storage: HostStorage, key: string): T | null {
  try {
    return JSON.parse(storage.get(key) ?? "null") as T | null;
  } catch {
    return null;
  }
}

function mapValues<T>(record: Record<string, T>, how: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, how(value)]));
}

/** The one store: state, dispatch, subscribe; and the hook that reads a part of it. */
import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { Host } from "../host/host.ts";
import type { Client } from "../link/client.ts";
import type { Pass } from "../link/token-text.ts";
import type { Action } from "./actions.ts";
import { INITIAL } from "./initial.ts";
import { reduce } from "./reducer.ts";
import type { State } from "./state.ts";

export interface Store {
  get(): State;
  dispatch(action: Action): void;
  subscribe(listener: () => void): () => void;
}

export function createStore(initial: State = INITIAL): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What components and the functions that talk to the daemon share. */
export interface App {
  readonly store: Store;
  readonly host: Host;
  /** throws when nothing is connected */
  readonly client: () => Client;
  readonly signIn: (pass: Pass | null) => void;
  /** tries to connect now instead of at the next attempt */
  readonly reconnect: () => void;
}

export const AppContext = createContext<App>(null as unknown as App);

export function useApp(): App {
  return useContext(AppContext);
}

/** A part of the state; renders again only when that part changes. */
export function useStore<T>(select: (state: State) => T): T {
  const { store } = useApp();
  const latest = useRef(select);
  latest.current = select;
  const [, render] = useState(0);
  const value = select(store.get());
  const shown = useRef(value);
  shown.current = value;
  useEffect(() => {
    const check = () => {
      if (!Object.is(latest.current(store.get()), shown.current)) render((count) => count + 1);
    };
    check();
    return store.subscribe(check);
  }, [store]);
  return value;
}

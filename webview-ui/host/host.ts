/**
 * What the page asks of the place that it runs in: a browser's tab, or an editor's panel. Everything that differs between the
 * two is here, and nothing else of the page touches the globals behind it (biome.json forbids them).
 */
import type { TillerClient } from "../../daemon/client/client.ts";
import type { Preset } from "../../daemon/protocol/preset.ts";
import type { PageOrder, Shown } from "../../daemon/protocol/webview.ts";
import type { Pass } from "../link/token-text.ts";

/** Text that survives a reload, by key. */
export interface HostStorage {
  keys(): string[];
  get(key: string): string | null;
  /** @throws where there is no room for it */
  set(key: string, text: string): void;
  remove(key: string): void;
  /** Tells of what another tab changed; null: it was removed. @returns takes the listener off */
  onChange(listener: (key: string, text: string | null) => void): () => void;
}

/** Who the page is to the daemon, and where that is. */
export interface HostEntry {
  /** A client that connects, with what is kept; null: there is nothing, a person has to give it. */
  connect(): TillerClient | null;
  /** Keeps this for the next `connect`; null: forgets it. */
  keep(pass: Pass | null): void;
  /** Tells of a pass that came from outside, which `connect` uses from then on. */
  onPass(listener: () => void): void;
  /** A person wants the connection back: does what it takes for a daemon to be there, where that can be done. */
  revive(): void;
}

/** What surrounds the page and works with it: an editor's commands and status bar. A browser has none. */
export interface HostFrame {
  onOrder(listener: (order: PageOrder) => void): void;
  /** Answers with the sliders as a preset of that name; null: there are none. */
  onRack(listener: (name: string) => Preset | null): void;
  show(shown: Shown): void;
}

/** What the surroundings say of colours. */
export interface ThemeSigns {
  /** the class with which an editor marks its theme; null: this is not in one */
  readonly editor: string | null;
  readonly dark: boolean;
  readonly contrast: boolean;
  /** the system replaces the page's colours by its own */
  readonly forced: boolean;
}

export interface HostTheme {
  signs(): ThemeSigns;
  onChange(listener: () => void): void;
}

export interface Host {
  /** where conversations are kept, as a sentence may end: "in this browser" */
  readonly keptIn: string;
  readonly storage: HostStorage;
  readonly entry: HostEntry;
  readonly theme: HostTheme;
  /** null: nothing surrounds the page */
  readonly frame: HostFrame | null;
  /** what a person does where the daemon does not run, as a sentence */
  readonly startAdvice: string;
  /**
   * @param text or its promise: a browser grants the clipboard to the moment of the click, so what is still awaited must be handed
   * over then. @returns whether the clipboard has it; false also where the promise was rejected
   */
  copy(text: string | Promise<string>): Promise<boolean>;
  /** Gives a person a file. */
  saveFile(name: string, type: string, content: string | Uint8Array): void;
  /** Opens an https address outside the page. */
  openLink(url: string): void;
  /** Loads the page anew. */
  reload(): void;
  /** The page is going away: the last moment in which something can be stored. @returns takes the listener off */
  onLeave(listener: () => void): () => void;
}

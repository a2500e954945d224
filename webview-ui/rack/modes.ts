/** What the modes and scopes do, in a line each. */
import type { ControlMode, Scope } from "../../daemon/protocol/preset.ts";

export const MODES: Readonly<Record<ControlMode, string>> = {
  add: "adds the direction; 1 is the whole distance between the two classes",
  scale: "makes what is there along the direction larger or smaller",
  ablate: "takes out what is there along the direction; 1 takes all",
  set: "puts the value on the direction to a target; ±1 is a class mean",
  floor: "never lets the value fall below the target",
  ceil: "never lets the value rise above the target",
  rotate: "turns towards the direction and keeps the length",
};

export const SCOPE_TITLES: Readonly<Record<Scope, string>> = { all: "prompt and answer", prompt: "prompt only", answer: "answer only" };

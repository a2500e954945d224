import type { EngineEventName, EngineEvents } from "../protocol/engine-api.ts";

/** Tells the daemon of an event. */
export type Emit = <N extends EngineEventName>(name: N, params: EngineEvents[N]) => void;

/** Every row, in the order of the table of speed bars. */
import type { Row } from "../types.ts";
import { batchMixed } from "./batch-mixed.ts";
import { bestOf } from "./best-of.ts";
import { buildPlain } from "./build-plain.ts";
import { busyIdle, busyRows, busySocket } from "./busy.ts";
import { daemonSocket } from "./daemon-socket.ts";
import { decodeOne } from "./decode-one.ts";
import { decodeRack } from "./decode-rack.ts";
import { heatmapLive } from "./heatmap-live.ts";
import { identifyPrefill } from "./identify-prefill.ts";
import { languageServer } from "./language-server.ts";
import { peerLlamaServer, peerParallel8, peerParallel32 } from "./peer-llama-server.ts";
import { peerPrefill } from "./peer-prefill.ts";
import { profilesMemory } from "./profiles-memory.ts";
import { steerDrag } from "./steer-drag.ts";
import { steerLatency } from "./steer-latency.ts";
import { steerBytes, steerCpu } from "./steer-move.ts";

export const ROWS: readonly Row[] = [
  decodeOne,
  decodeRack,
  buildPlain,
  batchMixed,
  bestOf,
  daemonSocket,
  peerLlamaServer,
  peerParallel8,
  peerParallel32,
  peerPrefill,
  ...busyRows,
  busyIdle,
  busySocket,
  identifyPrefill,
  heatmapLive,
  steerLatency,
  steerBytes,
  steerCpu,
  steerDrag,
  profilesMemory,
  languageServer,
];

/** Every command; package.json says their titles, and when they can be used. */

import { applyPreset } from "./apply-preset.ts";
import type { Command } from "./command.ts";
import { comparePresets } from "./compare-presets.ts";
import { deleteArtifact } from "./delete-artifact.ts";
import { deletePreset } from "./delete-preset.ts";
import { evaluate } from "./evaluate.ts";
import { cancelJob, retryJob } from "./job.ts";
import { loadModel } from "./load-model.ts";
import { menu } from "./menu.ts";
import { newChat } from "./new-chat.ts";
import { openPanel } from "./open-panel.ts";
import { openPreset } from "./open-preset.ts";
import { applyText, compareText } from "./preset-text.ts";
import { refresh } from "./refresh.ts";
import { restartEngine } from "./restart-engine.ts";
import { openReport, runExperiment } from "./run-experiment.ts";
import { savePreset } from "./save-preset.ts";
import { showDaemonLog, showLog } from "./show-log.ts";
import { startDaemon } from "./start-daemon.ts";
import { steerSelection } from "./steer-selection.ts";
import { stopDaemon } from "./stop-daemon.ts";

export const COMMANDS: readonly Command[] = [
  newChat,
  loadModel,
  applyPreset,
  applyText,
  compareText,
  comparePresets,
  savePreset,
  openPreset,
  openPanel,
  deletePreset,
  deleteArtifact,
  steerSelection,
  runExperiment,
  evaluate,
  openReport,
  cancelJob,
  retryJob,
  refresh,
  showLog,
  showDaemonLog,
  restartEngine,
  startDaemon,
  stopDaemon,
  menu,
];

/** Every tool, in the order in which an agent is shown them. */
import type { Tool } from "../tool.ts";
import { answer } from "./answer.ts";
import { readReceipts, readReport } from "./evidence.ts";
import { listExperiments, runExperiment } from "./experiments.ts";
import { listModels, listPresets } from "./lists.ts";

export const TOOLS: readonly Tool[] = [listModels, listPresets, answer, readReceipts, listExperiments, runExperiment, readReport];

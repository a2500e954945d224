/** The native trees beside the chat. */
import { Disposable } from "vscode";
import { artifactItem } from "./artifacts.ts";
import { jobItem } from "./jobs.ts";
import type { Lists } from "./lists.ts";
import { presetItem } from "./presets.ts";
import { showTree } from "./tree.ts";

export function showTrees(lists: Lists): Disposable {
  return Disposable.from(
    showTree("tiller.presets", lists, () => lists.read().presets, presetItem),
    showTree("tiller.artifacts", lists, () => lists.read().artifacts, artifactItem),
    showTree("tiller.jobs", lists, () => lists.read().jobs, jobItem),
  );
}

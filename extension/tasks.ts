/** Tasks of type `tiller`: `tiller check` over the presets of a workspace, whose lines the problem matcher `$tiller` reads. */
import { type Disposable, ProcessExecution, type ProviderResult, Task, TaskGroup, TaskScope, tasks, workspace } from "vscode";
import type { NodeChoice } from "./daemon/node.ts";

const TYPE = "tiller";

export interface TaskOptions {
  /** the command line's entry, a file */
  readonly entry: string;
  readonly node: () => Promise<NodeChoice>;
}

export function provideTasks(options: TaskOptions): Disposable {
  return tasks.registerTaskProvider(TYPE, {
    provideTasks: async () => (workspace.isTrusted ? [await checkTask(options, [])] : []),
    resolveTask: (task): ProviderResult<Task> => {
      const { paths } = task.definition as { paths?: unknown };
      return checkTask(options, Array.isArray(paths) ? paths.map(String) : [], task);
    },
  });
}

async function checkTask({ entry, node }: TaskOptions, paths: readonly string[], asked?: Task): Promise<Task> {
  const { node: command, env } = await node();
  const own = env?.["ELECTRON_RUN_AS_NODE"] === undefined ? {} : { env: { ELECTRON_RUN_AS_NODE: "1" } };
  const execution = new ProcessExecution(command, [entry, "check", ...paths], own);
  const definition = asked?.definition ?? { type: TYPE, paths: [...paths] };
  const task = new Task(definition, asked?.scope ?? TaskScope.Workspace, asked?.name ?? "check presets", "Tiller", execution, ["$tiller"]);
  task.group = TaskGroup.Test;
  return task;
}

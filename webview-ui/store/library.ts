/** Models, presets, artifacts and jobs as the daemon reports them. */
import type { LibraryAction } from "./actions.ts";
import type { State } from "./state.ts";

type Library = Pick<State, "library" | "model" | "dismissed">;

/** Ids of dismissed jobs that are kept: more than the daemon lists of one day, in all likelihood. */
const DISMISSED = 100;

export function reduceLibrary(state: Library, action: LibraryAction): Library {
  const { library } = state;
  switch (action.type) {
    case "library/loaded": {
      const { models, presets, artifacts, jobs, methods, experiments } = action;
      const known = models.some(({ id }) => id === state.model);
      const model = known ? state.model : (action.defaultModel ?? models[0]?.id ?? null);
      return {
        ...state,
        model,
        library: { ...library, models, presets, artifacts, jobs, methods, experiments, ready: true, problem: null },
      };
    }
    case "library/problem":
      return { ...state, library: { ...library, problem: action.problem } };
    case "library/model":
      return { ...state, library: { ...library, models: upsert(library.models, action.model, "end") } };
    case "library/removed": {
      const models = library.models.filter(({ id }) => id !== action.model);
      return { ...state, model: state.model === action.model ? (models[0]?.id ?? null) : state.model, library: { ...library, models } };
    }
    case "library/presets":
      return { ...state, library: { ...library, presets: action.presets } };
    case "library/preset":
      return { ...state, library: { ...library, presets: upsert(library.presets, action.entry, "end") } };
    case "library/job":
      return { ...state, library: { ...library, jobs: upsert(library.jobs, action.job, "start") } };
    case "library/dismiss":
      return { ...state, dismissed: [...state.dismissed.filter((id) => id !== action.job), action.job].slice(-DISMISSED) };
    case "library/progress": {
      const { [action.model]: _, ...others } = library.progress;
      const progress = action.progress === null ? others : { ...others, [action.model]: action.progress };
      return { ...state, library: { ...library, progress } };
    }
    case "model":
      return { ...state, model: action.model };
  }
}

function upsert<T extends { id: string }>(list: readonly T[], item: T, where: "start" | "end"): readonly T[] {
  if (list.some(({ id }) => id === item.id)) return list.map((present) => (present.id === item.id ? item : present));
  return where === "end" ? [...list, item] : [item, ...list];
}

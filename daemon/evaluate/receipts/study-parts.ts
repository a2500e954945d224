/** A study of any size as studies of at most so many answers and texts: an engine's queue is finite. */
import type { EngineStudy, EngineStudyResult } from "../../protocol/engine-api.ts";

export type Study = (request: Omit<EngineStudy, "id">, progress: (fraction: number) => void) => Promise<EngineStudyResult>;

export const PART = 1000;

/** The parts follow from the request alone, so equal requests still give equal results. */
export function inParts(study: Study, size = PART): Study {
  return async (request, progress) => {
    const { answers, texts } = request;
    const parts = Math.max(1, Math.ceil(answers.length / size), Math.ceil(texts.length / size));
    const result: EngineStudyResult = { answers: [], texts: [] };
    for (let part = 0; part < parts; part++) {
      const slice = <T>(list: readonly T[]): T[] => list.slice(part * size, (part + 1) * size);
      const done = await study({ ...request, answers: slice(answers), texts: slice(texts) }, (fraction) =>
        progress((part + fraction) / parts),
      );
      result.answers.push(...done.answers);
      result.texts.push(...done.texts);
    }
    return result;
  };
}

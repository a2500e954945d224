/** How many threads compute fastest on an idle machine, by the kind of step: learned by an engine, kept by the daemon. */
import * as z from "zod";

/** rows of a step: 1; 2 to 7; 8 to 31; more, which are prompts */
export const STEP_CLASSES = ["one", "few", "many", "prompt"] as const;
export type StepClass = (typeof STEP_CLASSES)[number];

export const LearnedThreadsSchema = z.partialRecord(z.enum(STEP_CLASSES), z.number().int().min(1).max(512));
export type LearnedThreads = Readonly<z.infer<typeof LearnedThreadsSchema>>;

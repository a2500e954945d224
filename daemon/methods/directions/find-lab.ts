/** What finding a direction needs of a lab. */
import type { Lab } from "../contract.ts";

export type FindLab = Pick<Lab, "model" | "read" | "progress" | "created" | "materials" | "likelihood" | "study" | "questions">;

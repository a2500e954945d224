/** One tool of the MCP server: what an agent may ask, as a call of the daemon. */
import type * as z from "zod";
import type { TillerClient } from "../client/client.ts";

export interface Calling {
  readonly client: TillerClient;
  /** the agent takes its call back */
  readonly signal: AbortSignal;
  /** 0 to 1 */
  progress(fraction: number, message: string): void;
}

export interface Tool<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  readonly title: string;
  /** for the agent: what it does, and when to use it */
  readonly description: string;
  readonly input: Shape;
  /** it changes nothing that stays */
  readonly readOnly: boolean;
  /** @returns what the agent reads, as JSON @throws ClientError, told to the agent with its suggestion */
  run(input: z.output<z.ZodObject<Shape>>, calling: Calling): Promise<object>;
}

export function tool<Shape extends z.ZodRawShape>(given: Tool<Shape>): Tool {
  return given as unknown as Tool;
}

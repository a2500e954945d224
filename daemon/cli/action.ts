/** The frame around every command: its session, its errors on stderr (and on stdout with --json), its exit code. */
import type { Command } from "commander";
import { Session } from "./connection/session.ts";
import { EXIT } from "./output/exit.ts";
import { describeFailure, failureOf } from "./output/failure.ts";

/** A number that it gives is the exit code. */
export type Work<Options> = (session: Session, args: readonly string[], options: Options) => Promise<unknown>;

export function action<Options>(work: Work<Options>): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    const command = args.at(-1) as Command;
    const options = command.optsWithGlobals() as Options & { json?: boolean };
    const session = new Session(options.json === true);
    try {
      const positional = command.processedArgs
        .flatMap((value: unknown) => (value === undefined ? [] : [value as string | string[]]))
        .flat();
      const code = await work(session, positional, options);
      process.exitCode = typeof code === "number" ? code : EXIT.ok;
    } catch (error) {
      report(error, session.output.json);
    } finally {
      session.close();
    }
  };
}

export function report(error: unknown, json: boolean): void {
  const failure = failureOf(error);
  process.stderr.write(`${describeFailure(failure)}\n`);
  if (json) {
    const { exit: _, ...rest } = failure;
    process.stdout.write(`${JSON.stringify({ error: rest })}\n`);
  }
  process.exitCode = failure.exit;
}

/** Every command has `--json`. `byDefault`: the one that its parent stands for when no other is named. */
export function command(parent: Command, usage: string, summary: string, byDefault: { isDefault?: true } = {}): Command {
  return parent.command(usage, byDefault).description(summary).option("--json", "print the result as JSON");
}

/** The full name, such as `tiller models add`. */
export function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

/** `tiller token …`: access of other apps. */
import type { Command } from "commander";
import { TOKEN_SCOPES, type TokenScope } from "../../protocol/api/table.ts";
import { TillerError } from "../../protocol/errors.ts";
import { action, command } from "../action.ts";
import { collect } from "../arguments/arguments.ts";
import { usage } from "../output/failure.ts";
import { table } from "../output/output.ts";

interface CreateOptions {
  readonly name: string;
  readonly scope: readonly string[];
}

export function addToken(program: Command): void {
  const token = command(program, "token", "access of other apps: create, revoke, list");
  command(token, "list", "tokens, without their secrets (the default)", { isDefault: true }).action(
    action(async (session) => {
      const client = await session.daemon();
      const { tokens } = await client.call("daemon.token.list", {});
      await session.output.result(tokens, (entries) =>
        entries.length === 0
          ? "No tokens."
          : table(
              entries.map(({ id, name, scopes, created, lastUsed }) => [
                id,
                name,
                scopes.join(", "),
                created.slice(0, 10),
                lastUsed?.slice(0, 10) ?? "never",
              ]),
              ["id", "name", "scopes", "made", "last used"],
            ),
      );
    }),
  );
  command(token, "create", "a token for another app; it is shown once")
    .requiredOption("--name <name>", "the app's name")
    .requiredOption("--scope <scope>", `what it may do: ${TOKEN_SCOPES.join(", ")} (again for more, or with commas)`, collect)
    .action(
      action<CreateOptions>(async (session, _args, { name, scope }) => {
        if (name.trim() === "" || name.length > 80) throw usage("--name: must have 1 to 80 characters", "name");
        const scopes = [...new Set(scope.flatMap((text) => text.split(",")).map(checkScope))];
        const client = await session.daemon();
        const created = await client.call("daemon.token.create", { name, scopes });
        await session.output.result(
          created,
          ({ entry }) => `${created.token}\n(id ${entry.id}, ${entry.scopes.join(", ")}; it is not shown again)`,
        );
      }),
    );
  command(token, "revoke <id>", "end a token and close its connections").action(
    action(async (session, [id]) => {
      const client = await session.daemon();
      const { revoked } = await client.call("daemon.token.revoke", { id: id!.slice(0, 64) });
      if (!revoked)
        throw new TillerError("not-found", `there is no token with the id '${id}'`, {
          field: "id",
          suggestion: "See `tiller token list`.",
        });
      await session.output.result({ revoked }, () => `${id} is revoked.`);
    }),
  );
}

function checkScope(text: string): TokenScope {
  const scope = text.trim();
  if ((TOKEN_SCOPES as readonly string[]).includes(scope)) return scope as TokenScope;
  throw usage(`--scope ${scope}: must be ${TOKEN_SCOPES.join(", ")}`, "scope");
}

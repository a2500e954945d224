/** `config.json`: the daemon's limits. */
import { ConfigSchema } from "../../store/config.ts";
import { otherSchema } from "../api-schema.ts";
import { inputTable, section } from "../markdown.ts";

export function settings(): string {
  return section(
    2,
    "Settings",
    `\`config.json\` in \`~/.tiller\` (or \`$TILLER_HOME\`), read when the daemon starts. Every key may be left out; an unknown key or a
value out of range is an error at start. Clients are told the limits that concern them by \`daemon.hello\`.`,
    inputTable(otherSchema(ConfigSchema)),
  );
}

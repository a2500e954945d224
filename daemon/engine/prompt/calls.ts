/**
 * Calls of functions: the grammar that llama.cpp makes of the functions for the template's own syntax, and, for templates that
 * have none, a syntax in plain words that most models know: the functions in the system turn, `<tool_call>` around each call.
 */
import type { ChatTurn, RenderOptions } from "../../protocol/engine-api.ts";
import type { NativeGrammar, NativeModel, NativeRendered } from "../model/native.ts";

/** What may follow is told by llama.cpp's reader and grammar of this template; only its marks are used, never its prompt. */
export const MARKED_TEMPLATE = `{%- if tools %}<|im_start|>system
{% for tool in tools %}{{ tool | tojson }}
{% endfor %}<|im_end|>
{% endif %}{%- for message in messages %}{%- if message.role == 'tool' %}<|im_start|>user
<tool_response>
{{ message.content }}
</tool_response><|im_end|>
{% else %}<|im_start|>{{ message.role }}
{{ message.content or '' }}{%- if message.tool_calls %}{%- for call in message.tool_calls %}<tool_call>
{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
</tool_call>{%- endfor %}{%- endif %}<|im_end|>
{% endif %}{%- endfor %}{%- if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;

const INTRODUCTION = `You may call functions. For each call write its name and arguments as JSON between marks, like this:
<tool_call>
{"name": "FUNCTION", "arguments": {"ARGUMENT": "VALUE"}}
</tool_call>
The functions:`;

/** The same conversation in turns that every template can write. */
export function markedTurns(turns: readonly ChatTurn[], { tools, toolChoice }: RenderOptions): ChatTurn[] {
  const written = turns.map((turn): ChatTurn => {
    if (turn.role === "tool") return { role: "user", content: `<tool_response>\n${turn.content ?? ""}\n</tool_response>` };
    if (turn.toolCalls === undefined) return turn;
    const { toolCalls, ...rest } = turn;
    const calls = toolCalls.map(
      ({ name, arguments: json }) => `<tool_call>\n{"name": ${JSON.stringify(name)}, "arguments": ${json}}\n</tool_call>`,
    );
    return { ...rest, content: [turn.content ?? "", ...calls].filter((text) => text !== "").join("\n") };
  });
  if (tools.length === 0 || toolChoice === "none") return written;
  const listed = `${INTRODUCTION}\n${tools.map((tool) => JSON.stringify(tool.function)).join("\n")}`;
  const [first, ...rest] = written;
  if (first?.role !== "system") return [{ role: "system", content: listed }, ...written];
  return [{ ...first, content: `${first.content ?? ""}\n\n${listed}` }, ...rest];
}

/** null: the answer is free. */
export function callGrammar(rendered: NativeRendered | null, model: NativeModel): NativeGrammar | null {
  if (rendered === null || rendered.grammar === "") return null;
  const { grammar: gbnf, grammarLazy, grammarTriggers, generationPrompt } = rendered;
  if (!grammarLazy) {
    // The grammar describes the answer from the header on, which the prompt has. As tokens it may be written in other pieces.
    const header = `root ::= "${generationPrompt.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\r", "\\r")}" `;
    if (gbnf.includes(header))
      return {
        gbnf: atOnce(
          gbnf.replace(header, () => "root ::= "),
          rendered.thinks,
        ),
        root: "root",
      };
    return { gbnf, root: "root", begun: model.tokenize(generationPrompt, false, true) };
  }
  const tokens = grammarTriggers.filter(({ type }) => type === "token").map(({ token }) => token);
  const patterns = grammarTriggers.flatMap(({ type, value }) => {
    if (type === "token") return [];
    if (type === "word") return [value.replace(/[.^$|()*+?[\]{}\\]/g, "\\$&")];
    return type === "pattern" ? [value] : [`${value.startsWith("^") ? "" : "^"}${value}${value.endsWith("$") ? "" : "$"}`];
  });
  return { gbnf, root: "root", triggers: { patterns, tokens: Int32Array.from(tokens) } };
}

/** Who requires a call wants no text before it, and a small model that may write some goes on and on. It may think, though. */
function atOnce(gbnf: string, thinks: boolean): string {
  return thinks ? gbnf : gbnf.replace(/^(root ::= .*?)until-\d+\? /m, "$1");
}

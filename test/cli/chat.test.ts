import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { parseChatLine } from "../../daemon/cli/chat/commands.ts";
import { describeAnswer } from "../../daemon/cli/output/answer-note.ts";
import { beyondEvidence } from "../../daemon/cli/output/beyond-evidence.ts";
import { AnswerSchema } from "../../daemon/protocol/api/generate.ts";
import { evidenceRange } from "../../daemon/protocol/evidence.ts";
import { Cli, hasTerminal } from "../support/cli.ts";
import { madeReceipt } from "../support/receipt.ts";
import type { Wire } from "../support/rpc.ts";
import { skip } from "../support/shared.ts";
import { makeSteeredHome, type SteeredHome } from "../support/steered-home.ts";
import { artifactStore } from "../support/store.ts";

/** A terminal's own sequences: moves and clearing are fine, colours (SGR) are not used. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
const COLOUR = /\x1b\[[\d;]*m/;

const AN_ANSWER: Parameters<typeof describeAnswer>[0] = {
  stream: "s",
  model: "m",
  text: "",
  reasoning: null,
  tokens: [],
  reason: "end",
  numerics: null,
  steered: { steered: false, summary: "NOT steered: nothing was asked for", controls: [] },
  changes: [],
  overflow: null,
  seed: 1,
  stats: {
    promptTokens: 1,
    reusedTokens: 0,
    answerTokens: 1,
    reasoningTokens: 0,
    queueMs: 0,
    firstTokenMs: 0,
    totalMs: 0,
    tokensPerSecond: 0,
  },
};
const ACTING = { name: "shift", use: "direction/shift", strength: 2, scope: "all", text: "at layer 1", places: [] };

describe("cli: chat", () => {
  let cli: Cli;
  let random: SteeredHome["model"];
  before(async () => {
    const { home, model } = await makeSteeredHome();
    cli = new Cli(home);
    random = model;
  });
  after(() => cli.dispose());

  const lines = (...text: string[]): string => `${text.join("\n")}\n`;
  const answers = (stdout: string): Wire[] =>
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));

  it("answers piped lines one after the other and remembers what was said; --json gives one answer a line", async () => {
    const args = ["chat", "--seed", "1", "--max-tokens", "6", "--json"];
    const { code, stdout, stderr } = await cli.run(args, { input: lines("Hello", "How are you?", "/reset", "Hello") });
    assert.equal(code, 0, stderr);
    const [first, second, third, ...more] = answers(stdout);
    assert.equal(more.length, 0);
    for (const answer of [first, second, third]) AnswerSchema.parse(answer);
    assert.ok(second.stats.promptTokens > first.stats.promptTokens, "the second turn holds the first");
    assert.deepEqual([third.text, third.stats.promptTokens], [first.text, first.stats.promptTokens]);
    const plain = await cli.run(args.slice(0, -1), { input: lines("Hello") });
    assert.equal(plain.stdout, `${first.text}\n`);
    assert.match(plain.stderr, /\[NOT steered: .*\]/);
  });

  it("/set, /preset, /plain and /system act on the answers that follow", async () => {
    const args = ["chat", "--model", random.id, "--temperature", "0", "--max-tokens", "6", "--json"];
    const input = lines(
      "abc",
      "/reset",
      "/set shift=8",
      "abc",
      "/reset",
      "/plain",
      "abc",
      "/reset",
      "/preset shift",
      "abc",
      "/system xyz",
      "/reset",
      "/plain",
      "abc",
    );
    const { code, stdout, stderr } = await cli.run(args, { input });
    assert.equal(code, 0, stderr);
    const [plain, set, again, preset, system] = answers(stdout);
    assert.deepEqual(
      [plain, set, again, preset, system].map((answer) => answer.steered.steered),
      [false, true, false, true, false],
    );
    assert.notEqual(set.text, plain.text);
    assert.equal(again.text, plain.text);
    assert.deepEqual(
      preset.steered.controls.map((control: Wire) => [control.name, control.strength]),
      [["shift", 1]],
    );
    assert.ok(system.stats.promptTokens > plain.stats.promptTokens);
  });

  it("a wrong line is explained, the talk goes on, and the exit code tells of it", async () => {
    const input = lines("/fly", "/set shift=NaN", "/set nothing=1", "/set shift=2000", "/preset none", "Hello");
    const { code, stdout } = await cli.run(["chat", "--model", random.id, "--max-tokens", "2", "--json"], { input });
    const said = answers(stdout);
    assert.deepEqual(
      said.slice(0, 5).map((line) => line.error.code),
      ["invalid-params", "invalid-params", "unknown-control", "invalid-params", "not-found"],
    );
    assert.equal(said[5].tokens.length, 2);
    assert.equal(code, 3);
  });

  it("checks the preset before anything is said, also where nothing is", async () => {
    const { exit, code, field } = await cli.refused(["chat", "--preset", "nope"]);
    assert.deepEqual([exit, code, field], [3, "not-found", "preset"]);
  });

  it("says when a slider is set beyond its evidence", async () => {
    const store = artifactStore(cli.home.paths);
    const { hash } = store.get("direction/shift")!;
    const settings = { mode: "add", layers: [random.layers - 1], site: "resid" };
    const receipt = madeReceipt("direction/shift", hash);
    store.saveReceipt({ ...receipt, control: { ...receipt.control, settings } });
    assert.deepEqual(evidenceRange(receipt), { low: -1, high: 1 });
    const input = lines("/set shift=1", "/set shift=-2", "/preset shift", "/set shift=2");
    const { code, stderr } = await cli.run(["chat", "--model", random.id], { input });
    assert.equal(code, 0);
    assert.equal(stderr.match(/beyond the evidence/g)?.length, 2, stderr);
    assert.ok(stderr.includes("; shift -2: beyond the evidence (-1)]"), stderr);
    assert.ok(stderr.includes("; shift 2: beyond the evidence (1)]"), stderr);
    const other = { ...ACTING, settings: { ...settings, layers: [0, ...settings.layers] } };
    assert.equal(beyondEvidence(other, receipt), null, "measured at other layers");
  });

  it("at a terminal: a slider moves in mid-answer, Ctrl-C stops the answer, then, pressed twice, the chat; no colours, with NO_COLOR or without", async function () {
    if (!hasTerminal()) skip(this, "needs util-linux: apt-get install bsdutils");
    for (const env of [{}, { NO_COLOR: "1" }]) {
      const chat = cli.terminal(["chat", "--model", random.id, "--set", "shift=1", "--temperature", "0", "--max-tokens", "8000"], { env });
      await chat.until(/Ctrl-C twice ends[\s\S]*> /);
      assert.match(chat.out(), /steered: shift 1/);
      chat.type("abc\r");
      await chat.until(/abc\n[\s\S]{20}/);
      chat.type("/set shift=4\r");
      // Far enough that tokens were written under it.
      await chat.until(/\[steered: shift 4[^\]]*\]\n[\s\S]{60}/);
      chat.type("/set other=1\r");
      await chat.until(/tiller: unknown control 'other'/);
      chat.type("\x03");
      await chat.until(/\[steered: shift 4[^\]]*; shift 4 from token \d+; stopped; \d+ tokens/);
      chat.type("\x03");
      await chat.until(/Ctrl-C again, or \/quit, ends the chat\.\n[\s\S]*> /);
      chat.type("/reset\r");
      await chat.until(/\[forgotten: 2 turns\]/);
      chat.type("/plain\r");
      await chat.until(/\[NOT steered: no preset and no slider is set\]/);
      chat.type("\x03");
      await chat.until(/ends the chat\.\n[\s\S]*ends the chat\.\n/);
      chat.type("\x03");
      const { code } = await chat.ended;
      assert.equal(code, 130);
      assert.doesNotMatch(chat.out(), COLOUR);
    }
  });

  it("at a terminal: a slider that the running answer has not acts from the next one on, and it says so", async function () {
    if (!hasTerminal()) skip(this, "needs util-linux: apt-get install bsdutils");
    const chat = cli.terminal(["chat", "--model", random.id, "--temperature", "0", "--max-tokens", "8000"]);
    await chat.until(/ends[\s\S]*> /);
    chat.type("12345\r"); // to this the random model, greedy, answers without an end
    await chat.until(/12345\n[\s\S]{20}/);
    chat.type("/set shift=3\r");
    await chat.until(/\[from the next answer on, for this one has no such slider: steered: shift 3/);
    chat.type("\x03");
    await chat.until(/\[NOT steered[^\]]*stopped/);
    chat.type("/show\r");
    await chat.until(/\/show\n\[steered: shift 3/);
    chat.type("\x04");
    assert.equal((await chat.ended).code, 0);
  });

  it("says so and exits with 5 when the daemon goes away, between answers and in one", async () => {
    const args = ["chat", "--model", random.id, "--temperature", "0", "--max-tokens", "8000"];
    const kill = (): void => void process.kill(cli.daemonPid!, "SIGKILL");
    const idle = cli.start(args, { typed: true });
    idle.process.stdin!.write("/show\n");
    await idle.until(/NOT steered/, "err");
    kill();
    const { code, stderr } = await idle.ended;
    assert.equal(code, 5, stderr);
    assert.match(stderr, /tiller: the connection to the daemon was lost: .+\n +The daemon ended or was ended; send it again/);
    const busy = cli.start(args, { typed: true });
    busy.process.stdin!.write("12345\n");
    await busy.until(/.{20}/s);
    kill();
    const ended = await busy.ended;
    assert.equal(ended.code, 5, ended.stderr);
    assert.equal(ended.stderr.match(/^tiller: the connection/gm)?.length, 1, ended.stderr);
    const json = cli.start([...args, "--json"], { typed: true });
    json.process.stdin!.write("/show\n");
    await json.until(/NOT steered/, "err");
    kill();
    const told = await json.ended;
    assert.equal(JSON.parse(told.stdout).error.code, "disconnected");
    assert.equal(told.code, 5);
  });

  it("counts what did not fit", () => {
    const note = (droppedTurns: number, droppedTokens: number): string =>
      describeAnswer({ ...AN_ANSWER, overflow: { droppedTurns, droppedTokens } });
    assert.match(note(4, 90), /; the 4 oldest turns \(90 tokens\) did not fit the context and were left out;/);
    assert.match(note(1, 9), /; the oldest turn \(9 tokens\) did not fit the context and was left out;/);
    assert.match(note(0, 9), /; the beginning of the text \(9 tokens\) did not fit the context and was left out;/);
  });

  it("says that an answer is empty, and that steering may have done it", () => {
    assert.match(describeAnswer(AN_ANSWER), /; an empty answer: the model ended at once; 1 tokens/);
    const steered = { ...AN_ANSWER, steered: { steered: true, summary: "steered: happy 2", controls: [] } };
    assert.match(describeAnswer(steered), /the model ended at once under this steering; try a smaller strength/);
    for (const other of [{ text: "x" }, { reason: "cancelled" as const }, { toolCalls: [{ id: "1", name: "f", arguments: "{}" }] }])
      assert.doesNotMatch(describeAnswer({ ...AN_ANSWER, ...other }), /empty/);
  });

  it("parses what is typed", () => {
    assert.deepEqual(parseChatLine("/set joy=1 es=-0.5"), { kind: "set", set: { joy: 1, es: -0.5 } });
    assert.deepEqual(parseChatLine("/system  be brief "), { kind: "system", text: "be brief" });
    assert.deepEqual(parseChatLine("a /set joy=1"), { kind: "message", text: "a /set joy=1" });
    assert.deepEqual([parseChatLine("  ").kind, parseChatLine("/exit").kind, parseChatLine("/reset").kind], ["empty", "quit", "reset"]);
    for (const line of ["/set", "/set joy", "/preset", "/nothing"]) assert.throws(() => parseChatLine(line), /./, line);
  });
});
